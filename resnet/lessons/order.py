"""Lesson 10: five orders of norm, activation and convolution, what they leave on the path, and how they end."""

from collections.abc import Mapping, Sequence

import numpy as np

from resnet.experiments import EXPERIMENTS, Row
from resnet.findings.candidates import LEAST
from resnet.findings.experiments import spread_words
from resnet.findings.outcomes import Outcome, mean_of
from resnet.findings.profiles import ratio
from resnet.findings.text import listed
from resnet.i18n import N_, _
from resnet.lessons.records import Reveal, Verdict
from resnet.nets.description import describe

EXPERIMENT = EXPERIMENTS["orders"]
ORDERS = {  # short names, by those of the catalog, in the order of the experiment's rows
    "original": N_("Original"),
    "norm_after": N_("BN after +"),
    "act_before": N_("ReLU before +"),
    "act_only": N_("ReLU first"),
    "preact": N_("BN, ReLU first"),
}
Outcomes = Mapping[str, Sequence[Outcome]]


def rows(depth: int) -> dict[str, Row]:
    """The rows of one depth, by the order."""
    return {row.spec.order: row for row in EXPERIMENT.rows if row.spec.depth == depth}


def clean() -> list[str]:
    """The orders that leave nothing but the addition on the path from block to block."""
    return [name for name, row in rows(56).items() if not describe(row.spec).after]


def positive() -> list[str]:
    """The orders whose branch ends with its activation: with ReLU it adds nothing negative."""
    return [name for name, row in rows(56).items() if describe(row.spec).branch[-1].kind == row.spec.activation]


def reveal(outcomes: Outcomes, depth: int) -> Reveal:
    """Which order ends highest, if one does by more than seeds alone would make, and what the paper prints of it."""
    own = rows(depth)
    ends = {name: mean_of(_losses(outcomes, row), "loss") for name, row in own.items() if _losses(outcomes, row)}
    if len(ends) < len(own):
        return Reveal("", _("Not all of these nets are trained here."))
    *others, second, worst = sorted(ends, key=lambda name: ends[name])
    places = {
        "depth": depth,
        "worst": _(ORDERS[worst]),
        "loss": spread_words(_losses(outcomes, own[worst]), "loss"),
        "low": f"{ends[[*others, second][0]]:.2f}",
        "high": f"{ends[second]:.2f}",
        "number": f"{own[worst].numbers[0].value:.2f}",
        "original": f"{own['original'].numbers[0].value:.2f}",
    }
    text = _(
        "At {depth} layers “{worst}” ends at {loss}, the others at {low} to {high}. In the paper, with ResNet-110, "
        "it errs in {number} % of the test images, the original order in {original} %.",
        **places,
    )
    return Reveal(worst if ends[worst] - ends[second] > LEAST else "", text)


def _losses(outcomes: Outcomes, row: Row) -> list[float]:
    return [one.value for one in outcomes[row.key] if one.ended]


def count_clean(entered: str) -> Verdict:
    """In how many orders nothing stands on the path."""
    found = clean()
    names = listed([_(ORDERS[name]) for name in found])
    if int(entered) == len(found):
        return Verdict(True, _("Right: {names}.", names=names))
    return Verdict(False, _("Not yet: look at what stands right of the + in each block."))


def adds_only(entered: str) -> Verdict:
    """Which order's branch cannot add anything negative."""
    right = positive()
    if entered in right:
        return Verdict(True, _("Right: its branch ends with ReLU."))
    return Verdict(False, _("Not that one: look at the last part of its branch, left of the +."))


def follows(order: Mapping[str, np.ndarray], original: np.ndarray | None) -> Verdict:
    """How the spread of the block outputs (in layer order) grows in nets of that order, by name, and in the original.

    `original` is that of res-56 with the usual order.
    """
    if not order or original is None:
        return Verdict(False, _("The task asks for res-56 in both orders on the bench."))
    name, values = next(iter(order.items()))
    places = {"net": name, "own": ratio(values[::-1]), "original": ratio(original[::-1])}
    text = _(
        "From the first block to the last the spread changes by {own} in {net}, by {original} in res-56.", **places
    )
    return Verdict(bool(values[-1] / values[0] > original[-1] / original[0]), text)
