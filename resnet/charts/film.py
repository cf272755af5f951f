"""Curves that grow, and profiles that change: a chart for each of some steps, all with the same axes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from resnet.charts.chart import Chart
from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.look import Look
from resnet.charts.profiles import Profile, axis_limits, profile_figure
from resnet.runs.store import Curves

PICTURES = 80  # more are no smoother for the eye, and heavier
POINTS = 100  # of a curve


@dataclass(frozen=True)
class Recorded:
    """What a net has recorded of the layers `names`: `values` (S, L) at `steps` (S,)."""

    look: Look
    names: tuple[str, ...]
    steps: np.ndarray
    values: np.ndarray

    def at(self, step: int) -> Profile:
        """As it was last recorded up to that step."""
        place = max(0, int(np.searchsorted(self.steps, step, side="right")) - 1)
        return Profile(self.look, self.names, self.values[place])


def profile_film(
    nets: Sequence[Recorded], steps: Sequence[int], probe: str, height: int
) -> Iterator[tuple[int, Chart]]:
    """The profiles at each of these steps, over the depth of each net; their names stand at the curves beside them."""
    limits = axis_limits([net.values for net in nets])
    for step in steps:
        shown = [net.at(step) for net in nets]
        yield step, profile_figure(shown, probe, relative_depth=True, limits=limits, height=height, named=False)


def film(series: Sequence[Series], steps: int, classes: int, height: int) -> Iterator[tuple[int, Chart]]:
    """The training loss up to each of at most `PICTURES` steps, the last of `steps` among them."""
    view = View(every=max(1, steps // POINTS))
    for step in np.unique(np.linspace(0, steps, PICTURES + 1).astype(int)[1:]).tolist():
        shown = [until(one, step) for one in series]
        yield step, curves_figure(shown, view, steps, classes, height=height, whole=series)


def until(one: Series, step: int) -> Series:
    """The same as far as it was known at `step`."""
    return Series(one.look, _cut(one.curves, step), {seed: _cut(curves, step) for seed, curves in one.seeds.items()})


def _cut(curves: Curves, step: int) -> Curves:
    """What was known of a run at `step`."""
    train, test = curves.step <= step, curves.test_step <= step
    columns = {name: values[test if name.startswith("test") else train] for name, values in vars(curves).items()}
    return replace(curves, **columns)
