"""What the runs of an experiment come to, and their order beside the published one; values are never compared.

Every seed is judged by itself: a row ends above, below or level with the row that it is compared with.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from resnet.experiments import Experiment, Row
from resnet.findings.candidates import LEAST, State
from resnet.findings.learning import FAILS, Result
from resnet.i18n import N_
from resnet.specs import NetSpec, Recipe

INPUTS = "activation_std"  # of the stem and of every block: what the next block is given
Verdict = Literal["agrees", "differs", "mixed", "open", "none"]


@dataclass(frozen=True)
class Measure:
    """What is read from a run: values up to `least` apart are level, as a factor where it is a `ratio`.

    `probe`: it is read from this profile, at the `first` or last recorded step. With `by_block`, the title of a chart,
    it is the mean over the blocks of what the last layer of each branch hands on, with `relative` divided by the spread
    of what its block is given.
    """

    label: str
    unit: str
    least: float
    ratio: bool = False
    probe: str = ""
    first: bool = False
    by_block: str = ""
    relative: bool = False


MEASURES = {
    "loss": Measure(N_("final training loss"), N_("nats"), LEAST),
    # of 1,000 images at 15 % error the difference of two nets has a standard error of 1.6 points
    "error": Measure(N_("test error"), "%", 3.0),
    "gradient": Measure(
        N_("gradient at the first block over that at the last, step 0"), N_("ratio"), 2.0, True, "output_gradient", True
    ),
    "response": Measure(
        N_("spread of the branches' responses, mean over the blocks"),
        N_("standard deviation"),
        1.05,
        True,
        "response_std",
        by_block=N_("spread of the branch's response, standard deviation"),
    ),
    "change": Measure(
        N_("spread of a branch over that of its block's input, mean over the blocks"),
        N_("ratio"),
        1.05,
        True,
        "response_std",
        by_block=N_("spread of the branch over that of the input, ratio"),
        relative=True,
    ),
}


@dataclass(frozen=True)
class Outcome:
    """One run of a row: `value` as measured, NaN where there is none; `also` besides; `failed`: nothing was learned."""

    state: State
    value: float = math.nan
    also: float = math.nan
    failed: bool = False
    seconds: float = 0.0

    @property
    def ended(self) -> bool:
        return self.state in ("ended", "diverged")


Find = Callable[[NetSpec, Recipe], tuple[State, Result, float] | None]  # of a run: state, result, seconds of training
Profile = Callable[[NetSpec, Recipe, str], np.ndarray]  # (S, layers) of that probe
Outcomes = Mapping[str, Sequence[Outcome]]  # by the key of the row, one for each seed


def outcomes(experiment: Experiment, find: Find, profile: Profile) -> Outcomes:
    """What there is of every row and seed."""
    return {
        row.key: [_outcome(experiment, row.spec, own, find, profile) for own in experiment.recipe(row).each()]
        for row in experiment.rows
    }


def _outcome(experiment: Experiment, net: NetSpec, recipe: Recipe, find: Find, profile: Profile) -> Outcome:
    found = find(net, recipe)
    if found is None:
        return Outcome("open")
    state, result, seconds = found
    if state not in ("ended", "diverged"):
        return Outcome(state)

    def read(name: str) -> float:
        if MEASURES[name].by_block:
            blocks = by_block(net, lambda probe: profile(net, recipe, probe), name)
            return float(blocks.mean()) if blocks.size else math.nan
        if probe := MEASURES[name].probe:
            return factor(profile(net, recipe, probe), MEASURES[name].first)
        if state == "diverged":
            return math.nan
        return result.last if name == "loss" else 100 * (1 - result.test)

    value = read(experiment.measured)
    judged = experiment.measured in ("loss", "error")
    failed = not math.isfinite(value) or (judged and (state == "diverged" or result.standing in FAILS))
    return Outcome(state, value, read(experiment.also) if experiment.also else math.nan, failed, seconds)


def factor(values: np.ndarray, first: bool) -> float:
    """How many times larger a profile (S, blocks) is at the first block than at the last, at its first or last step."""
    if not values.size:
        return math.nan
    row = values[0 if first else -1].astype(np.float64)
    return float(row[0] / row[-1]) if row[-1] else math.nan


def by_block(net: NetSpec, profile: Callable[[str], np.ndarray], measure: str) -> np.ndarray:
    """The responses of the last layer of each branch (blocks,) at the last step; empty where they are not recorded."""
    rule = MEASURES[measure]
    responses, spreads = profile(rule.probe), profile(INPUTS) if rule.relative else None
    if not responses.size or (spreads is not None and not spreads.size):
        return np.empty(0)
    layers = (responses.shape[1] - 1) // sum(net.blocks)  # of each branch, behind that of the stem
    found = responses[-1, layers::layers].astype(np.float64)
    return found if spreads is None else found / spreads[-1, :-1]


def order(one: Outcome, other: Outcome, measure: str) -> str:
    """above, below or level, of two of the same seed; "neither" where nothing was learned by either."""
    if one.failed and other.failed:
        return "neither"
    for place, failing in (("above", one), ("below", other)):
        if failing.failed and not math.isfinite(failing.value):
            return place
    rule = MEASURES[measure]
    if rule.ratio:
        gap, least = _logarithm(one.value) - _logarithm(other.value), math.log(rule.least)
    else:
        gap, least = one.value - other.value, rule.least
    return "level" if abs(gap) <= least else "above" if gap > 0 else "below"


def _logarithm(value: float) -> float:
    return math.log(max(value, 1e-45))


def orders(experiment: Experiment, row: Row, found: Outcomes) -> list[str]:
    """How the row stands to its reference in each seed in which both have ended; empty for a reference itself."""
    other = experiment.reference(row)
    if other is None:
        return []
    pairs = zip(found[row.key], found[other.key], strict=True)
    return [order(one, two, experiment.measured) for one, two in pairs if one.ended and two.ended]


def verdict(experiment: Experiment, row: Row, found: Outcomes) -> Verdict:
    """Agrees: the published order in every seed; differs: in none; mixed: in some. Open: nothing has ended yet.

    None: the paper does not order these two, or nothing was learned by either in any seed.
    """
    published = experiment.published(row)
    if published is None:
        return "none"
    seen = orders(experiment, row, found)
    if not seen:
        return "open"
    if set(seen) == {"neither"}:
        return "none"
    count = seen.count(published[0])
    return "agrees" if count == len(seen) else "mixed" if count else "differs"


def mean_of(values: Sequence[float], measure: str) -> float:
    """Of those that are finite; NaN where none is."""
    finite = [value for value in values if math.isfinite(value)]
    return mean(finite, measure) if finite else math.nan


def mean(values: Sequence[float], measure: str) -> float:
    """The geometric one of ratios; all values are finite."""
    if MEASURES[measure].ratio and min(values) > 0:
        return math.exp(math.fsum(map(math.log, values)) / len(values))
    return math.fsum(values) / len(values)
