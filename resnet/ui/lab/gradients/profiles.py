"""Per-layer values of every net: step 0 measured now, later steps as runs recorded them; and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from resnet import catalog
from resnet.charts.look import Look, looks
from resnet.charts.profiles import Profile
from resnet.charts.steps import History
from resnet.findings.causes import cause
from resnet.findings.learning import FAILS
from resnet.findings.profiles import probe_sentence
from resnet.findings.step0 import part_of_batch
from resnet.i18n import _
from resnet.nets.structure import probed_names
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench, Entry
from resnet.ui.parts import backend, waiting
from resnet.ui.parts.nets_table import Row

UPDATE = "update_to_weight"  # the probe that needs the optimiser's first step
_EVIDENCE = ("activation_std", "dead_units", "output_gradient")  # what `findings.causes` looks at


@dataclass(frozen=True)
class Start:
    """Step 0 of every net on the bench: all probes of each, on the same number of `images` of the first batch.

    It stands for a run's own record of step 0 too, which is float32: a net has one value there, trained or not.
    `question` is all that the measured values depend on.
    """

    question: tuple[Any, ...]
    images: int
    measured: list[dict[str, np.ndarray]] = field(compare=False)

    def whole(self, recipe: Recipe) -> bool:
        """Whether these are the images of a run's first step."""
        return self.images >= recipe.batch


def start(bench: Bench, probe: str) -> Start:
    """Measure step 0 now, all nets asked for at once; what was asked before answers at once."""
    images = backend.step0_images(bench.nets, bench.recipe)
    asked = [backend.step0_profiles(net, bench.recipe, probe == UPDATE, images) for net in bench.nets]
    return start_of(bench, probe, images, waiting.gather(asked))


def start_of(bench: Bench, probe: str, images: int, measured: Sequence[dict[str, np.ndarray]]) -> Start:
    """`measured` for each different net; one that stands twice on the bench has one value."""
    recipe = bench.recipe if probe == UPDATE else backend.first_batch(bench.recipe)
    by_net = dict(zip(bench.nets, measured, strict=True))
    return Start((bench.nets, recipe), images, [by_net[entry.net] for entry in bench.entries])


def recorded(bench: Bench, found: Mapping[NetSpec, Run], probe: str, begin: Start) -> list[History]:
    """Every net on the bench: step 0 as it was measured now, and what its run recorded later."""
    histories = []
    for look, entry, measured in zip(looks(bench), bench.entries, begin.measured, strict=True):
        first = History(look, probed_names(entry.net, catalog.PROBES[probe].of), np.array([0]), measured[probe][None])
        later = record(look, entry, found.get(entry.net), probe)
        histories.append(_joined(first, later) if later else first)
    return histories


def _joined(first: History, later: History) -> History:
    after = later.steps > 0
    steps, values = np.r_[first.steps, later.steps[after]], np.vstack([first.values, later.values[after]])
    return replace(later, steps=steps, values=values)


def through_training(histories: Sequence[History], whole: bool) -> list[History]:
    """The nets with a run; without step 0 unless that was measured on a `whole` batch, like the other steps."""
    return [
        history if whole else replace(history, steps=history.steps[1:], values=history.values[1:])
        for history in histories
        if len(history.steps) > 1
    ]


def record(look: Look, entry: Entry, run: Run | None, probe: str) -> History | None:
    """What a run has recorded; None for no run, or one that has not recorded this."""
    if run:
        steps, values = backend.profiles(run, probe)
        names = probed_names(entry.net, catalog.PROBES[probe].of)
        if len(steps) and values.shape[1] == len(names):
            return History(look, names, steps, values)
    return None


def at(history: History, step: int) -> tuple[int, Profile]:
    """The last recorded step up to `step`, and its profile."""
    place = max(0, int(np.searchsorted(history.steps, step, side="right")) - 1)
    spread: dict[str, Any] = {}
    if history.low is not None and history.high is not None and history.seeds is not None:
        spread = {"low": history.low[place], "high": history.high[place], "seeds": int(history.seeds[place])}
    return int(history.steps[place]), Profile(history.look, history.names, history.values[place], **spread)


def relative(history: History, backward: bool) -> History:
    """Every profile divided by its value where the signal, forward or backward, begins."""
    start = history.values[:, -1:] if backward else history.values[:, :1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return replace(history, values=history.values / start)


def rows(
    bench: Bench, found: Mapping[NetSpec, Run], shown: Sequence[tuple[int, Profile]], probe: str, begin: Start
) -> list[Row]:
    """A line for each net: the step, what its profile says, and why."""
    return [
        Row(
            profile.look,
            _("step {step}", step=at) if at or begin.whole(bench.recipe) else part_of_batch(begin.images, bench.recipe),
            probe_sentence(profile.values, profile.names, probe),
            note=_reason(bench.recipe, found.get(entry.net), at, measured),
        )
        for (at, profile), entry, measured in zip(shown, bench.entries, begin.measured, strict=True)
    ]


def _reason(recipe: Recipe, run: Run | None, step: int, start: Mapping[str, np.ndarray]) -> str:
    """What the numbers of that step say about the cause; empty when they say nothing."""
    classes = backend.class_count(recipe)
    if run and step:
        curves = backend.curves(run)
        spread, dead, gradient = (_recorded_at(run, probe, step) for probe in _EVIDENCE)
        if spread is None or dead is None or gradient is None or not len(curves.step):
            return ""
        place = min(int(np.searchsorted(curves.step, step)), len(curves.step) - 1)
        stuck = backend.result(run, step).standing in FAILS
        return cause(spread, dead, gradient, float(curves.loss[place]), classes, stuck)
    spread, dead, gradient = (start[probe] for probe in _EVIDENCE)
    return cause(spread, dead, gradient, float(start["loss"][0]), classes)


def _recorded_at(run: Run, probe: str, step: int) -> np.ndarray | None:
    steps, values = backend.profiles(run, probe)
    if not len(steps):
        return None
    found: np.ndarray = values[max(0, int(np.searchsorted(steps, step, side="right")) - 1)]
    return found
