"""Lesson 6: what becomes of the gradient on its way to the input, and which nets learn with it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from resnet.findings.board import factor, within
from resnet.findings.learning import FAILS, Result
from resnet.findings.outcomes import Outcome, mean_of
from resnet.findings.profiles import kind, ratio
from resnet.findings.text import listed, nats
from resnet.findings.training import run_sentence
from resnet.i18n import _, plural
from resnet.lessons.records import Reveal, Verdict

WITHIN = 10.0  # the factor of the tasks
OPTIONS = {"vanish": "vanishes", "healthy": "arrives", "explode": "explodes"}  # of `findings.profiles.kind`


@dataclass(frozen=True)
class Known:
    """A net on the visitor's bench: its `name`, whether it is `plain`, the gradients of its block outputs at step 0."""

    name: str
    plain: bool
    depth: int
    gradient: np.ndarray

    @property
    def arrives(self) -> bool:
        """Whether it is a plain net of depth 56 whose gradient changes by a factor of less than 10."""
        return self.plain and self.depth == 56 and within(factor(self.gradient), WITHIN)


def reveal(plain: np.ndarray, residual: np.ndarray, depth: int) -> Reveal:
    """From the gradients of the block outputs of the twins with batch norm, in layer order."""
    text = _(
        "From the last block to the first the gradient changes by {plain} in plain-{depth} and by {residual} in "
        "res-{depth}.",
        plain=ratio(plain),
        residual=ratio(residual),
        depth=depth,
    )
    return Reveal(OPTIONS[kind(plain)], text)


def not_enough(outcomes: Mapping[str, Sequence[Outcome]], classes: int) -> str:
    """What the experiment “healthy-gradient” shows; empty unless its runs do."""
    steep, mild, twin = (_ended(outcomes.get(key, ())) for key in ("res-56", "plain-56-ln", "res-56-ln"))
    if not (steep and mild and twin):
        return ""
    far, near = (mean_of([one.also for one in own], "gradient") for own in (steep, mild))
    if not (near < far and all(one.failed for one in mild) and not any(one.failed for one in twin + steep)):
        return ""
    return plural(
        "But size does not decide: with **layer norm** plain-56 starts with a milder gradient ({near}) than res-56 "
        "with batch norm ({far}), and ends at {loss}, by guessing {chance}, in the one seed; its residual twin at "
        "{twin}.",
        "But size does not decide: with **layer norm** plain-56 starts with a milder gradient ({near}) than res-56 "
        "with batch norm ({far}), and ends at {loss}, by guessing {chance}, in all {count} seeds; its residual twin at "
        "{twin}.",
        len(mild),
        near=ratio(np.array([near, 1.0])),
        far=ratio(np.array([far, 1.0])),
        loss=nats(mean_of([one.value for one in mild], "loss")),
        chance=nats(math.log(classes)),
        twin=nats(mean_of([one.value for one in twin], "loss")),
    )


def _ended(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.ended and math.isfinite(one.value)]


def arrives(nets: Sequence[Known]) -> Verdict:
    """Whether a plain net of depth 56 on the bench has a gradient that changes by less than a factor of 10."""
    asked = [net for net in nets if net.plain and net.depth == 56]
    if not asked:
        return Verdict(False, _("There is no plain net of depth 56 on the bench."))
    best = min(asked, key=lambda net: _distance(net.gradient))
    text = _("{net}: {ratio} from the last block to the first.", net=best.name, ratio=ratio(best.gradient))
    return Verdict(best.arrives, text)


def learned(net: Known | None, found: Result | None) -> Verdict:
    """What became of the first net on the bench with such a gradient: the task is done once it is trained."""
    if net is None:
        return Verdict(False, _("No plain net of depth 56 on the bench has a gradient within a factor of 10."))
    if found is None:
        return Verdict(False, _("{net} is not trained to its end yet: press Train in the side bar.", net=net.name))
    places = {"net": net.name, "ratio": ratio(net.gradient), "told": run_sentence(found)}
    if found.standing in FAILS:
        return Verdict(True, _("It does not learn. {net}: gradient {ratio}, {told}.", **places))
    return Verdict(True, _("It does. {net}: gradient {ratio}, {told}.", **places))


def explodes(nets: Sequence[Known]) -> Verdict:
    """Whether a residual net on the bench has a gradient that explodes."""
    residual = [net for net in nets if not net.plain]
    if not residual:
        return Verdict(False, _("There is no residual net on the bench."))
    exploding = [net for net in residual if kind(net.gradient) == "explode"]
    told = [_("{net} ({ratio})", net=net.name, ratio=ratio(net.gradient)) for net in exploding or residual]
    if exploding:
        return Verdict(True, _("It explodes in {nets}.", nets=listed(told)))
    return Verdict(
        False, _("Not yet: {nets}. To explode is to change by more than a factor of 100.", nets=listed(told))
    )


def _distance(gradient: np.ndarray) -> float:
    """How far from level, in powers of ten."""
    change = factor(gradient)
    return abs(math.log10(change)) if 0 < change < math.inf else math.inf
