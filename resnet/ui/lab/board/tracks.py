"""What the cells of the board did in their recorded steps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resnet.charts.board import Mark
from resnet.findings.board import factor
from resnet.findings.learning import LEARNS
from resnet.i18n import N_, _
from resnet.runs.store import Run
from resnet.specs import NetSpec
from resnet.ui.parts import backend
from resnet.ui.parts.kept import Kept

STANDINGS = {
    "nothing": N_("nothing learned"),
    "early": N_("too early to say"),
    "chance": N_("no better than chance"),
    "worse": N_("worse than chance"),
    "begun": N_("begins to learn"),
    "unsure": N_("learns, often sure and wrong"),
    "learns": N_("learns"),
}
_kept: Kept["Track"] = Kept(20_000_000)


@dataclass(frozen=True)
class Track:
    """One run at its recorded `steps` (S,): `losses` (nats), gradient `factors`, and where it stands, a word each.

    `lost` is the step from which on it has diverged.
    """

    steps: np.ndarray
    losses: np.ndarray
    factors: np.ndarray
    standings: tuple[str, ...]
    lost: float = math.inf


@dataclass(frozen=True)
class Cell:
    """A cell at one step; `start` is its factor at step 0, `now` that at this step. No number is NaN."""

    row: int
    net: NetSpec
    start: float
    now: float
    losses: tuple[float, ...]
    factors: tuple[float, ...]
    standing: str

    @property
    def learns(self) -> bool:
        """Whether it has surely learned something."""
        return self.standing in LEARNS

    @property
    def words(self) -> str:
        """Where it stands; for no finite loss, that."""
        return _("diverged") if self.losses[-1] == math.inf else _(STANDINGS[self.standing])

    def mark(self, now: bool) -> Mark:
        """Where the chart has it, by its factor ``now`` or at step 0."""
        factors = self.factors if now else (self.start,) * len(self.losses)
        return Mark(self.row, self.net.title, factors, self.losses, self.words)


def track(run: Run, until: int) -> Track:
    """What the run has recorded up to step `until`."""
    key = id(backend.engine()), run.id, run.created, run.status, run.step, run.finished, until
    return _kept.get(key, lambda: _read(run, until))


def _read(run: Run, until: int) -> Track:
    steps, values = backend.profiles(run, "output_gradient")
    curves = backend.curves(run)
    last = int(curves.step[-1]) if len(curves.step) else -1
    upto = steps <= min(until, last)
    results = [curves.result(run.recipe, int(step)) for step in steps[upto]]
    losses = [one.last if math.isfinite(one.last) else math.inf for one in results]
    factors = [factor(one) for one in values[upto]]
    lost = last + 1 if run.status == "diverged" else math.inf
    return Track(steps[upto], np.array(losses), np.array(factors), tuple(one.standing for one in results), lost)


def at(own: Track, row: int, net: NetSpec, start: float, steps: Sequence[int]) -> Cell | None:
    """The cell at the last of `steps`, with its way over the others; None where its run has not come so far."""
    places = [int(np.searchsorted(own.steps, step)) for step in steps if step in own.steps]
    gone = steps[-1] >= own.lost
    if not places or (own.steps[places[-1]] < steps[-1] and not gone):
        return None
    losses = [float(own.losses[place]) for place in places]
    factors = [float(own.factors[place]) if own.steps[place] else start for place in places]
    standing = own.standings[places[-1]]
    if gone:
        losses, factors, standing = [*losses, math.inf], [*factors, factors[-1]], "nothing"
    return Cell(row, net, start, factors[-1], tuple(losses), tuple(factors), standing)
