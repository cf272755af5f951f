"""What any selection of runs differs in, and what may then be put down to what; words for recipes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resnet.findings.candidates import ASPECTS, Candidate, groups
from resnet.findings.comparison import claims, conclusion
from resnet.findings.text import listed, paragraph, plain, series
from resnet.i18n import N_, _
from resnet.specs import NetSpec, Recipe

MOST_TOLD = 4  # groups that differ in one thing alone
SEED, DEVICE = "seed", "device"

RECIPE_WORDS: dict[str, str] = {
    "data": N_("data set"),
    "level": N_("difficulty"),
    "steps": N_("steps"),
    "batch": N_("batch size"),
    "optimizer": N_("optimizer"),
    "lr": N_("learning rate"),
    "schedule": N_("schedule"),
    "warmup": N_("warm-up"),
    "momentum": N_("momentum"),
    "nesterov": N_("Nesterov"),
    "weight_decay": N_("weight decay"),
    "label_smoothing": N_("label smoothing"),
    "clip": N_("gradient clipping"),
    "augment": N_("shifts"),
    "flip": N_("mirroring"),
    "cutout": N_("cutout"),
    "mixup": N_("mixup"),
    "pixels": N_("image size"),
    SEED: N_("seed"),
    "seeds": N_("number of seeds"),
    "extended": N_("extension"),
    "record_every": N_("measuring interval"),
    "evaluate_every": N_("evaluation interval"),
}
STATUS_WORDS: dict[str, str] = {
    "queued": N_("waiting"),
    "running": N_("running"),
    "paused": N_("paused"),
    "done": N_("done"),
    "stopped": N_("stopped"),
    "diverged": N_("diverged"),
    "failed": N_("failed"),
}
_OTHERS = {"branch": N_("kind of branch"), "family": N_("family of nets"), DEVICE: N_("device")}
# How often something is looked at changes nothing about the training.
_NO_MATTER = ("seeds", "record_every", "evaluate_every")


@dataclass(frozen=True)
class Part:
    """A run of the selection under a `label` of its own; `candidate` says how it stands."""

    label: str
    net: NetSpec
    recipe: Recipe
    device: str
    candidate: Candidate


def recipe_words(recipe: Recipe, but: Sequence[str] = (SEED, "seeds")) -> str:
    """What of a recipe differs from the default, in a few words; empty for the default."""
    found = {name: text for name, text in recipe.to_query().items() if name not in but}
    return series(f"{_(RECIPE_WORDS[name])} {text.replace('_', ' ')}" for name, text in found.items())


def labels(names: Sequence[str], recipes: Sequence[Recipe]) -> list[str]:
    """A name for each run that no other of the selection has: with what its recipe has of its own, else a number.

    What the recipe has by default is not said.
    """
    fields = [name for name in RECIPE_WORDS if len({getattr(recipe, name) for recipe in recipes}) > 1]
    differing = [name for name in fields if name not in _NO_MATTER]
    found: list[str] = []
    for name, recipe in zip(names, recipes, strict=True):
        told = recipe.to_query()
        own = series(f"{_(RECIPE_WORDS[field])} {told[field]}" for field in differing if field in told)
        label = f"{name} · {own}" if own else name
        numbered = [label, *(f"{label} ({number})" for number in range(2, len(names) + 2))]
        found.append(next(one for one in numbered if one not in found))
    return found


def fields(net: NetSpec, recipe: Recipe, device: str) -> dict[str, Any]:
    """Everything that two runs may differ in, by name: a net's fields, a recipe's behind a point, the device."""
    own = {f".{name}": value for name, value in recipe.model_dump().items() if name not in _NO_MATTER}
    return {**net.model_dump(), **own, DEVICE: device}


def aspects(parts: Sequence[Part]) -> list[str]:
    """The keys of what the runs differ in: of `ASPECTS`, of `RECIPE_WORDS`, or the device."""
    told = [fields(part.net, part.recipe, part.device) for part in parts]
    return [key for key, names in _keys().items() if len({_values(one, names) for one in told}) > 1]


def difference_sentence(parts: Sequence[Part]) -> str:
    """In what the runs differ, and what follows for a comparison; plain text, empty for one run."""
    found = aspects(parts)
    if not found:
        return _("These runs are of one net and one recipe.") if len(parts) > 1 else ""
    if found == [SEED]:
        return _("These runs differ in their seed alone: what tells their curves apart is chance.")
    what = listed([_word(key) for key in found])
    if len(found) == 1:
        return _("These runs differ in one thing alone, {what}: a gap between them can be put down to it.", what=what)
    text = _("These runs differ in {what}: a gap between two of them cannot be put down to one of these.", what=what)
    pairs = [_alone(key, names) for key, names in list(_alike(parts))[:MOST_TOLD]]
    return paragraph(text, *pairs)


def sentences(parts: Sequence[Part]) -> str:
    """What the selection differs in, and what its comparable nets show; Markdown."""
    candidates = [
        Candidate(part.label, fields(part.net, part.recipe, part.device), part.candidate.state, part.candidate.result)
        for part in parts
    ]
    if not any(groups(candidates)) or not claims([candidates]):
        return plain(difference_sentence(parts))
    found = aspects(parts)
    text = difference_sentence(parts)
    if len(found) > 1:
        what = listed([_word(key) for key in found])
        text = _("These runs differ in {what}; what follows compares those that differ in one thing alone.", what=what)
        pairs = [_alone(key, names) for key, names in _alike(parts) if key not in ASPECTS]
        text = paragraph(text, *pairs[:MOST_TOLD])
    return f"{plain(text)}  \n{conclusion([candidates])}"


def _keys() -> Mapping[str, frozenset[str]]:
    """What runs may differ in: a key, and the names of its fields."""
    recipe = {name: frozenset({f".{name}"}) for name in RECIPE_WORDS if name not in _NO_MATTER}
    others = {name: frozenset({name}) for name in _OTHERS}
    return {**{key: names for key, (_label, names) in ASPECTS.items()}, **recipe, **others}


def _word(key: str) -> str:
    if key in ASPECTS:
        text = _(ASPECTS[key][0])
        return text[:1].lower() + text[1:]
    return _(_OTHERS.get(key) or RECIPE_WORDS[key])


def _values(told: Mapping[str, Any], names: frozenset[str]) -> str:
    return repr([told.get(name) for name in sorted(names)])


def _alike(parts: Sequence[Part]) -> Iterator[tuple[str, list[str]]]:
    """Each key, but the seed, with the runs that differ in it alone."""
    told = [fields(part.net, part.recipe, part.device) for part in parts]
    for key, names in _keys().items():
        families: dict[str, dict[str, str]] = {}
        for part, own in zip(parts, told, strict=True):
            rest = repr(sorted((name, repr(value)) for name, value in own.items() if name not in names))
            families.setdefault(rest, {}).setdefault(_values(own, names), part.label)
        for family in families.values():
            if len(family) > 1 and key != SEED:
                yield key, list(family.values())


def _alone(key: str, names: Sequence[str]) -> str:
    return _("In {what} alone differ {names}.", what=_word(key), names=listed([f"“{name}”" for name in names]))
