"""Lesson 7: the notes' cures for a plain net that does not learn, one at a time and all together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from resnet.experiments import EXPERIMENTS, Row
from resnet.findings.learning import LEARNS, Result
from resnet.findings.outcomes import Outcome, mean_of
from resnet.findings.profiles import kind
from resnet.findings.text import listed, nats, paragraph
from resnet.findings.training import run_sentence
from resnet.i18n import _, plural
from resnet.lessons.records import Reveal, Verdict
from resnet.specs import NetSpec, Recipe

EXPERIMENT = EXPERIMENTS["cures"]
ALONE = ("relu", "norm", "init", "adam")  # the cures of the notes, in the order of the experiment's rows
NAMES = ("none", *ALONE, "shortcut", "four", "all")  # of the rows of one depth
MOST_CHANGES = 2
Outcomes = Mapping[str, Sequence[Outcome]]


def rows(depth: int) -> dict[str, Row]:
    """The rows of one depth, by what was changed."""
    return dict(zip(NAMES, (row for row in EXPERIMENT.rows if row.spec.depth == depth), strict=True))


def learns(outcomes: Sequence[Outcome]) -> bool | None:
    """Whether most of the seeds that have ended learned something; None before any has."""
    ended = [one for one in outcomes if one.ended]
    return sum(not one.failed for one in ended) * 2 > len(ended) if ended else None


def reveal(outcomes: Outcomes, labels: Mapping[str, str], classes: int) -> Reveal:
    """Which cure alone makes plain-20 learn, and what is left of that in plain-56; `labels` by name."""
    shallow, deep = rows(20), rows(56)
    known = {name: learns(outcomes[row.key]) for name, row in shallow.items()}
    if any(known[name] is None for name in ALONE):
        return Reveal("", _("Not all of these nets are trained here."))
    rescued = [name for name in ALONE if known[name]]
    right = rescued[0] if len(rescued) == 1 else "" if rescued else "none"
    text = _("Alone, none of the four makes plain-20 learn.")
    if rescued:
        ends = [f"{labels[name]} ({_loss(outcomes[shallow[name].key])})" for name in rescued]
        text = plural("Alone, only {names} makes plain-20 learn; guessing gives {chance}.",
                      "Alone, {names} make plain-20 learn; guessing gives {chance}.",
                      len(rescued), names=listed(ends), chance=nats(math.log(classes)))  # fmt: skip
    return Reveal(right, paragraph(text, _deep(outcomes, deep, labels)))


def _deep(outcomes: Outcomes, deep: Mapping[str, Row], labels: Mapping[str, str]) -> str:
    """What becomes of plain-56, with each cure, with all four, and with shortcuts besides."""
    known = {name: learns(outcomes[row.key]) for name, row in deep.items()}
    if any(found is None for found in known.values()):
        return ""
    rescued = [labels[name] for name in ALONE if known[name]]
    text = _("Plain-56 learns with none of them.")
    if rescued:
        text = _("Of these, plain-56 learns with {names}.", names=listed(rescued))
    places = {"four": _loss(outcomes[deep["four"].key]), "all": _loss(outcomes[deep["all"].key])}
    if not known["four"] and known["all"]:
        return f"{text} " + _("Even with **all four** it ends at {four}; with shortcuts too, at {all}.", **places)
    return f"{text} " + _("With all four it ends at {four}, with shortcuts too at {all}.", **places)


def _loss(outcomes: Sequence[Outcome]) -> str:
    return nats(mean_of([one.value for one in outcomes if one.ended], "loss"))


@dataclass(frozen=True)
class Trial:
    """A plain net on the visitor's bench: how many things differ from the net of the task, and what it has learned.

    `result` is None before the run has ended.
    """

    name: str
    depth: int
    norm: bool
    changes: int
    steps: int
    result: Result | None


def changes(net: NetSpec, recipe: Recipe) -> int:
    """How many choices differ from plain-56 and the usual recipe; depth, steps and seed do not count."""
    free = {"block", "depth", "steps", "extended", "seed", "seeds", "record_every"}
    return len((net.changed().keys() | recipe.changed().keys()) - free)


def _learned(trial: Trial) -> tuple[bool, float]:
    """By this the best of several is found."""
    return (trial.result.standing in LEARNS, -trial.result.last) if trial.result else (False, -math.inf)


def rescue(trials: Sequence[Trial]) -> Verdict:
    """Plain-56 with at most two changes in 400 steps: done with a try, whatever became of it."""
    asked = [one for one in trials if one.depth == 56]
    if not asked:
        return Verdict(False, _("There is no plain net of depth 56 on the bench."))
    fair = [one for one in asked if 0 < one.changes <= MOST_CHANGES and one.steps <= 400]
    if not fair:
        text = _("{net}: {changes} changes, {steps} steps. One or two changes and at most 400 steps are asked for.",
                 net=asked[0].name, changes=asked[0].changes, steps=asked[0].steps)  # fmt: skip
        return Verdict(False, text)
    ended = [one for one in fair if one.result]
    if not ended:
        return Verdict(False, _("{net} is not trained to its end yet: press Train in the side bar.", net=fair[0].name))
    best = max(ended, key=_learned)
    assert best.result
    places = {"net": best.name, "told": run_sentence(best.result)}
    if best.result.standing in LEARNS:
        return Verdict(True, _("Rescued: {net} {told}.", **places))
    return Verdict(True, _("Tried, and not rescued: {net} {told}.", **places))


def shallow(trials: Sequence[Trial]) -> Verdict:
    """A plain net of depth 20 without norm that learns."""
    asked = [one for one in trials if one.depth == 20 and not one.norm]
    if not asked:
        return Verdict(False, _("There is no plain net of depth 20 without norm on the bench."))
    ended = [one for one in asked if one.result]
    if not ended:
        return Verdict(False, _("{net} is not trained to its end yet: press Train in the side bar.", net=asked[0].name))
    best = max(ended, key=_learned)
    assert best.result
    return Verdict(best.result.standing in LEARNS, _("{net}: {told}.", net=best.name, told=run_sentence(best.result)))


def gradient(entered: str, factors: Sequence[float]) -> Verdict:
    """What batch norm alone does to the gradient of plain-56 with sigmoid, by the recorded factors of step 0."""
    finite = [one for one in factors if math.isfinite(one)]
    if not finite:
        return Verdict(False, _("That net is not trained here: nothing is recorded of its gradient."))
    middle = mean_of(finite, "gradient")
    right = {"vanish": "shrinks", "healthy": "stays", "explode": "grows"}[kind(np.array([middle, 1.0]))]
    text = _("From the last block to the first it changes by a factor of {factor:.2g}.", factor=middle)
    return Verdict(entered == right, text)
