"""The runs of a class: sorted by recipe, and as points, sentences and rows of a file."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from resnet.charts.classroom import Point
from resnet.charts.sweep import written
from resnet.export.class_table import Row, csv_text
from resnet.findings.candidates import STATES, Candidate
from resnet.findings.classroom import Ended, class_sentences
from resnet.findings.selection import STATUS_WORDS
from resnet.i18n import _, language
from resnet.runs.store import Run, class_work
from resnet.specs import Recipe
from resnet.ui.parts import backend

ENDED = ("done", "diverged")
_SAME = ("seed", "seeds", "record_every", "evaluate_every")  # of a recipe: what makes it no other one


@dataclass(frozen=True)
class Entry:
    """A run on the board: who asked for it, under which names, and how it stands once it has ended."""

    run: Run
    visitors: frozenset[str]
    names: tuple[str, ...]
    ended: Ended | None

    def who(self, own: str) -> str:
        """Whose run it is, as far as that is told; `own` stands for the visitor who reads it."""
        return ", ".join([_("you")] * (own in self.visitors) + list(self.names))


Groups = Mapping[str, Sequence[Entry]]


def groups(word: str) -> Groups:
    """The runs of each recipe by a short word for it, the oldest first; the recipe with most runs comes first."""
    engine = backend.engine()
    return _groups(id(engine), word, class_work.runs_version(engine.store, word))


@lru_cache(maxsize=64)  # the same for all who look at the board
def _groups(_engine: int, word: str, _version: object) -> Groups:
    store = backend.engine().store
    found = class_work.runs(store, word)
    runs = store.runs(one.run for one in found)
    entries = [Entry(runs[one.run], one.visitors, one.names, _ended(runs[one.run])) for one in found if one.run in runs]
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(word_of(recipe_of(entry.run)), []).append(entry)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def _ended(run: Run) -> Ended | None:
    if run.status not in ENDED:
        return None
    result = backend.result(run)
    error = 100 * (1 - result.test) if run.status == "done" else math.nan
    candidate = Candidate(run.net.title, {}, STATES[run.status], result)
    return Ended(run.net, run.recipe.seed, candidate, error)


def told(word: str, recipe: str, quantity: str) -> Sequence[str]:
    """What the runs by that recipe say together."""
    engine = backend.engine()
    return _told(id(engine), word, class_work.runs_version(engine.store, word), recipe, quantity, language())


@lru_cache(maxsize=64)
def _told(_engine: int, word: str, _version: object, recipe: str, quantity: str, _language: str) -> Sequence[str]:
    every = groups(word)
    chosen = every.get(recipe, ())
    ended = [entry.ended for entry in chosen if entry.ended]
    working = sum(entry.run.status in backend.AT_WORK for entry in chosen)
    return class_sentences(ended, working, sum(map(len, every.values())) - len(chosen), quantity)


def recipe_of(run: Run) -> Recipe:
    """The recipe without what differs between runs that may stand in one chart."""
    return run.recipe.but(**{name: Recipe.model_fields[name].default for name in _SAME})


def word_of(recipe: Recipe) -> str:
    """The recipe in an address."""
    return hashlib.blake2b(recipe.to_json().encode(), digest_size=4).hexdigest()


def point(entry: Entry, ended: Ended, own: str, quantity: str) -> Point:
    """The run in the chart."""
    value = ended.value(quantity)
    label = _("seed {seed}: {value}", seed=ended.seed, value=written(value, quantity))
    who = entry.who(own)
    return Point(ended.net, value, f"{label} · {who}" if who else label, own in entry.visitors)


def csv_bytes(word: str) -> bytes:
    """All runs of the class as a file, whatever their recipe."""
    return csv_text(_row(entry) for group in groups(word).values() for entry in group).encode()


def _row(entry: Entry) -> Row:
    run, numbers = entry.run, _numbers(entry)
    about = (run.id, str(run.net), run.net.block, run.net.depth, recipe_words_of(run), run.recipe.seed, run.status)
    return Row(*about, *numbers, run.seconds, run.device, ", ".join(entry.names))


def _numbers(entry: Entry) -> tuple[float, float]:
    if entry.ended is None:
        return math.nan, math.nan
    return entry.ended.value("loss"), entry.ended.value("error")


def recipe_words_of(run: Run) -> str:
    """The recipe in the words of the command line, without its seed; empty for the default."""
    words: Mapping[str, str] = recipe_of(run).to_query()
    return " ".join(f"{name}={text}" for name, text in words.items())


def state_of(entry: Entry) -> str:
    """How the run stands, in a word: the board is not drawn anew at every step."""
    return _(STATUS_WORDS[entry.run.status])
