"""Bench: the nets and the recipe on a visitor's table, and the words of a link that stand for them.

``Bench.from_query(bench.to_query()) == bench``; the words are texts, as in
``nets=plain-20,res-20&steps=200&label2=mine&colour2=c0392b&line2=dot`` (nets are numbered from 1). What other sites
hang on a link (``fbclid=…``) is passed over; a word that is nearly one of ours is a mistake, and named.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import field_validator

from resnet.i18n import N_, _
from resnet.specs import NetSpec, Recipe, Spec, SpecError, nearest_depth, short
from resnet.specs.base import near_miss
from resnet.specs.limits import LIMITS

MAX_LABEL = 24
LINES = {"solid": N_("Solid"), "dash": N_("Dashed"), "dot": N_("Dotted"), "dashdot": N_("Dash and dot")}
_DEPTHS = (20, 56, 32, 44, 110, 14, 8)  # what `add` offers: the demo's depths, then the paper's, then small ones


class Entry(Spec):
    """One net on the bench; an empty label, colour or line leaves the choice to the charts."""

    net: NetSpec
    label: str = ""
    colour: str = ""
    line: str = ""

    @field_validator("label")
    @classmethod
    def _short_and_printable(cls, value: str) -> str:
        value = value.strip()
        if len(value) > MAX_LABEL:
            sentence = _(
                "a net's own name has at most {most} characters; got {count}", most=MAX_LABEL, count=len(value)
            )
            raise ValueError(sentence)
        if not value.isprintable():
            raise ValueError(_("a net's own name must be printable text; got a control character"))
        return value

    @field_validator("colour")
    @classmethod
    def _hex(cls, value: str) -> str:
        if value and not re.fullmatch(r"#[0-9a-f]{6}", value):
            raise ValueError(_("a colour is six hex digits, as in 0b7285; got “{value}”", value=short(value, 12)))
        return value

    @field_validator("line")
    @classmethod
    def _known_line(cls, value: str) -> str:
        if value and value not in LINES:
            known = ", ".join(LINES)
            raise ValueError(_("a line is one of {known}; got “{value}”", known=known, value=short(value, 12)))
        return value

    @property
    def name(self) -> str:
        """The visitor's own name for the net, else the net's."""
        return self.label or self.net.title

    def change_net(self, **changes: Any) -> "Entry":
        """The same place and look with another net; options that no longer fit fall back to their defaults."""
        return self.but(net=self.net.adapt(**changes))


def _demo() -> tuple[Entry, ...]:
    """Twins at two depths; where the host allows fewer nets, the deep twins, or the residual one alone."""
    depths = sorted({LIMITS.depth(20), LIMITS.depth(56)})[-1 if LIMITS.max_nets < 4 else 0 :]
    nets = [NetSpec(block=block, depth=depth) for block in ("plain", "residual") for depth in depths]
    return tuple(Entry(net=net) for net in nets[-LIMITS.max_nets :])


DEMO = _demo()


class Bench(Spec):
    """One to six nets and the one recipe that trains them all; the default is the demo.

    The same net may stand here twice: dragging plain-20 past plain-56 must not stop. Both then share one run, and
    `names` tells them apart.
    """

    entries: tuple[Entry, ...] = DEMO
    recipe: Recipe = Recipe()

    @field_validator("entries", mode="before")
    @classmethod
    def _as_in_json(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("entries")
    @classmethod
    def _room(cls, value: tuple[Entry, ...]) -> tuple[Entry, ...]:
        if not value:
            raise ValueError(_("the bench needs at least one net, as in nets=res-20"))
        if len(value) > LIMITS.max_nets:
            places = {"most": LIMITS.max_nets, "count": len(value)}
            raise ValueError(_("the bench has room for {most} nets; got {count}; remove a net first", **places))
        return value

    @property
    def nets(self) -> tuple[NetSpec, ...]:
        """The different nets, in the order of the bench: what there is to train."""
        return tuple(dict.fromkeys(entry.net for entry in self.entries))

    @property
    def names(self) -> tuple[str, ...]:
        """One name per entry; a name that is taken gets a number, so that no two are equal."""
        names: list[str] = []
        for entry in self.entries:
            numbered = [entry.name, *(f"{entry.name} ({n})" for n in range(2, len(self.entries) + 2))]
            names.append(next(name for name in numbered if name not in names))
        return tuple(names)

    @property
    def summary(self) -> str:
        """The nets in a few words: one or two names, or the first and how many more."""
        first, *others = self.names
        if len(others) > 1:
            return _("{net} and {count} more", net=first, count=len(others))
        return _("{net} and {other}", net=first, other=others[0]) if others else first

    def add(self, entry: Entry | None = None) -> "Bench":
        """One more net at the end; without `entry` the last net at another depth. Raises SpecError when full."""
        return self._with(*self.entries, entry or Entry(net=self._another()))

    def twin(self, index: int) -> "Bench":
        """The twin of a net right behind it. Raises SpecError when it is here already, or no room is left."""
        twin = self.entries[index].net.twin()
        if twin in self.nets:
            raise SpecError(_("{net} is on the bench already", net=twin))
        return self._with(*self.entries[: index + 1], Entry(net=twin), *self.entries[index + 1 :])

    def remove(self, index: int) -> "Bench":
        """The bench without one net. Raises SpecError for the last one."""
        return self._with(*self.entries[:index], *self.entries[index + 1 :])

    def replace(self, index: int, entry: Entry) -> "Bench":
        """The bench with another entry in one place."""
        return self._with(*self.entries[:index], entry, *self.entries[index + 1 :])

    def to_query(self) -> dict[str, str]:
        """The link's words: the nets always, everything else only where it differs from the default.

        An address without ``nets`` therefore says nothing about the bench, and one with it says everything.
        """
        words = {"nets": ",".join(str(entry.net) for entry in self.entries), **self.recipe.to_query()}
        for number, entry in enumerate(self.entries, start=1):
            look = {"label": entry.label, "colour": entry.colour.removeprefix("#"), "line": entry.line}
            words |= {f"{word}{number}": text for word, text in look.items() if text}
        return words

    @classmethod
    def from_query(cls, words: Mapping[str, str], own: Collection[str] = ()) -> "Bench":
        """The bench that a link asks for; words in `own` belong to the page and are passed over, foreign ones too.

        Raises SpecError, one sentence for the visitor, when a word of ours cannot be used or is misspelt: a link is
        never half applied.
        """
        size = sum(len(word) + len(text) + 2 for word, text in words.items())
        if size > LIMITS.max_link:
            raise SpecError(_("a link has at most {most} characters; got {count}", most=LIMITS.max_link, count=size))
        words = {word: text for word, text in readable(words).items() if word not in own}
        _refuse_misspelt(words, own)
        entries = [Entry(net=NetSpec.parse(name)) for name in words["nets"].split(",")] if "nets" in words else [*DEMO]
        for word, text in words.items():
            if match := _LOOK.fullmatch(word):
                _set_look(entries, match[1], int(match[2]), text)
        recipe = Recipe.from_query({word: text for word, text in words.items() if word in Recipe.model_fields})
        return cls(entries=tuple(entries), recipe=recipe)

    def _with(self, *entries: Entry) -> "Bench":
        return Bench(entries=entries, recipe=self.recipe)

    def _another(self) -> NetSpec:
        last = self.entries[-1].net
        others = (last.adapt(depth=nearest_depth(depth, last.branch, last.family)) for depth in _DEPTHS)
        return next((net for net in others if net not in self.nets), last)


_LOOK = re.compile(r"(label|colour|line)([1-9])")


def is_bench_word(word: str) -> bool:
    """Whether a word of an address belongs to the bench."""
    return word == "nets" or word in Recipe.model_fields or _LOOK.fullmatch(word) is not None


def readable(words: Mapping[str, str]) -> dict[str, str]:
    """The words of an address without the ``amp;`` that is left of an ampersand when a mail escaped the link."""
    escaped = {_ESCAPED.sub("", word): text for word, text in words.items() if _ESCAPED.match(word)}
    return escaped | {word: text for word, text in words.items() if not _ESCAPED.match(word)}


_ESCAPED = re.compile(r"(amp;)+")


def _refuse_misspelt(words: Mapping[str, str], own: Collection[str]) -> None:
    looks = [f"{word}{number}" for word in ("label", "colour", "line") for number in range(1, 10)]
    for word in words:
        near = "" if is_bench_word(word) else near_miss(word, ["nets", *Recipe.model_fields, *looks, *own])
        if near:
            raise SpecError(_("a link has no word “{word}”", word=short(word)) + _("; try {near}", near=near))


def _set_look(entries: list[Entry], field: str, number: int, text: str) -> None:
    if number > len(entries):
        places = {"word": f"{field}{number}", "count": len(entries)}
        raise SpecError(_("{word} has no net: the link names {count}", **places))
    value = f"#{text.removeprefix('#').lower()}" if field == "colour" and text else text
    entries[number - 1] = entries[number - 1].but(**{field: value})
