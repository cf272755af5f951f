"""What one run has learned by now, judged by a window of steps and by right answers with their own uncertainty."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

WINDOW = 20  # the present of a run is judged by the mean of so many steps
LEAST_IMAGES = 200  # in the window: of fewer, neither mean loss nor share of right answers says anything
NEAR = 0.05  # a loss less than 5 % below that of guessing has learned nothing to speak of
SURE = 3.0  # standard errors: one verdict in 400 is then wrong by chance alone

Standing = Literal["nothing", "early", "chance", "worse", "begun", "unsure", "learns"]
FAILS, LEARNS = ("nothing", "chance", "worse"), ("learns", "begun", "unsure")


@dataclass(frozen=True)
class Result:
    """The numbers of one run: losses in nats, shares 0-1; `classes` are those of the data, among which one guesses.

    `last` is the mean loss of the window and `error` its standard error; `best` the lowest such mean, at `best_step`;
    `right` the share of right answers among the `shown` images of the window; `test` that among `tested` test images.
    """

    steps: int
    planned: int
    classes: int
    first: float = math.nan
    last: float = math.nan
    error: float = math.nan
    best: float = math.nan
    best_step: int = 0
    right: float = math.nan
    shown: int = 0
    test: float = math.nan
    tested: int = 0

    @property
    def guessing(self) -> float:
        """The loss of a net that gives every class of the data the same probability: ln(classes)."""
        return math.log(self.classes)

    @property
    def enough(self) -> bool:
        """Whether steps and images are enough to judge by."""
        return self.steps >= WINDOW and self.shown >= LEAST_IMAGES

    @property
    def knows(self) -> bool:
        """Whether right answers are surely more than guessing gives, on training or on test images."""
        chance = 1 / self.classes
        return surely_above(self.right, self.shown, chance) or surely_above(self.test, self.tested, chance)

    @property
    def standing(self) -> Standing:
        """Where the run stands; see `FAILS` for what counts as having learned nothing."""
        if not math.isfinite(self.last):
            return "nothing"
        if not self.enough:
            return "early"
        below = self.last < (1 - NEAR) * self.guessing and self.last + SURE * self.error < self.guessing
        if below:
            return "learns"
        above = self.last > (1 + NEAR) * self.guessing and self.last - SURE * self.error > self.guessing
        if self.knows:
            return "unsure" if above else "begun"
        return "worse" if above else "chance"


def result(
    step: np.ndarray,
    loss: np.ndarray,
    right: np.ndarray,
    batch: int,
    planned: int,
    classes: int,
    test: float = math.nan,
    tested: int = 0,
) -> Result:
    """From the recorded `step`, `loss` and share of `right` answers (S,) each, batches of `batch` images."""
    finite = np.isfinite(loss)
    step, loss, right = step[finite], loss[finite], right[finite]
    if not len(loss):
        return Result(0, planned, classes)
    size = min(WINDOW, len(loss))
    means = np.convolve(loss, np.ones(size) / size, "valid")
    best = int(means.argmin())
    return Result(
        steps=int(step[-1]),
        planned=planned,
        classes=classes,
        first=float(loss[0]),
        last=float(means[-1]),
        error=float(loss[-size:].std(ddof=1) / math.sqrt(size)) if size > 1 else math.inf,
        best=float(means[best]),
        best_step=int(step[best + size - 1]),
        right=float(right[-size:].mean()),
        shown=size * batch,
        test=test,
        tested=tested,
    )


def surely_above(share: float, count: int, level: float) -> bool:
    """Whether a share of `count` answers lies above `level` by more than chance would put it."""
    return bool(count) and math.isfinite(share) and wilson(share, count, SURE)[0] > level


def wilson(share: float, count: int, errors: float = 1.96) -> tuple[float, float]:
    """The interval of a share of `count` independent answers. Source: Wilson 1927; Brown et al. 2001, Eq. 4."""
    squared = errors**2 / count
    centre = share + squared / 2
    half = errors * math.sqrt(share * (1 - share) / count + squared / (4 * count))
    return (centre - half) / (1 + squared), (centre + half) / (1 + squared)


def loss_floor(outputs: int) -> float:
    """The lowest cross-entropy, in nats, of a net that applies softmax itself: the loss applies it a second time.

    With probability 1 for the right class the loss is -ln(e / (e + outputs - 1)): 1.46 for 10, 4.31 for 200.
    """
    return math.log(1 + (outputs - 1) / math.e)
