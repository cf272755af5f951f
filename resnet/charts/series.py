"""What of the runs is drawn as curves: the values of one seed, or the mean and the spread of several."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from resnet.charts.axes import thin
from resnet.charts.bands import band
from resnet.charts.look import Look
from resnet.i18n import _
from resnet.runs.store import Curves


@dataclass(frozen=True)
class View:
    """What of the curves is drawn: `quantity` loss or error, `split` train, test or both, `x` step or seconds."""

    quantity: str = "loss"
    split: str = "train"
    smoothing: int = 20
    log: bool = False
    x: str = "step"
    each: bool = False  # of nets with several seeds a thin line for each instead of a band
    every: int = 1  # steps between two points of a curve, as far as it has so many


@dataclass(frozen=True)
class Series:
    """One run in the look of its net; of several `seeds` their mean is drawn, with a band or each of them."""

    look: Look
    curves: Curves
    seeds: Mapping[int, Curves] = field(default_factory=dict)

    @property
    def runs(self) -> Collection[Curves]:
        """The curves of every seed."""
        return self.seeds.values() or (self.curves,)

    @property
    def html(self) -> str:
        """Its name for a place that reads tags."""
        if len(self.runs) == 1:
            return self.look.html
        return _("{net}, mean of {count} seeds", net=self.look.html, count=len(self.runs))


def smooth(values: np.ndarray, window: int) -> np.ndarray:
    """Mean of the last `window` values (of all so far at the start); a value that is not finite leaves a gap."""
    if window <= 1 or not len(values):
        return values
    finite = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(finite, values, 0.0))])
    starts = np.maximum(np.arange(len(values)) - window + 1, 0)
    means = (sums[1:] - sums[starts]) / (np.arange(len(values)) - starts + 1)
    return np.where(finite, means, np.nan)


Columns = tuple[np.ndarray, np.ndarray, np.ndarray]  # steps, places on the x axis, values


def train_curve(curves: Curves, view: View) -> Columns:
    """Loss or error of the training, smoothed."""
    values = curves.loss if view.quantity == "loss" else 100 * (1 - curves.accuracy)
    x = curves.step if view.x == "step" else curves.seconds
    shown = curves.step % view.every == 0
    return curves.step[shown], x[shown], smooth(values, view.smoothing)[shown]


def test_curve(curves: Curves, view: View) -> Columns:
    """Loss or error on the test images."""
    values = curves.test_loss if view.quantity == "loss" else 100 * (1 - curves.test_accuracy)
    x = curves.test_step if view.x == "step" else np.interp(curves.test_step, curves.step, curves.seconds)
    return curves.test_step, x, values


def mean_of(one: Series, view: View, of: Callable[[Curves, View], Columns]) -> tuple[np.ndarray, np.ndarray]:
    """At most 400 points of the only run, or of the mean over its seeds."""
    x, y = of(one.curves, view)[1:] if len(one.runs) == 1 else band_of(one, view, of)[:2]
    keep = thin(len(x))
    return x[keep], y[keep]


def band_of(one: Series, view: View, of: Callable[[Curves, View], Columns]) -> tuple[np.ndarray, ...]:
    """Places, mean and edges over the seeds."""
    steps, xs, ys = zip(*(of(run, view) for run in one.runs), strict=True)
    found = band(steps, xs, ys)
    return found.x, found.mean, found.low, found.high


def all_values(series: Sequence[Series], view: View) -> Iterator[np.ndarray]:
    """The values of every seed, by which the axis is chosen."""
    drawn = [of for of, other in ((train_curve, "test"), (test_curve, "train")) if view.split != other]
    for one in series:
        yield from (of(run, view)[2] for run in one.runs for of in drawn)
