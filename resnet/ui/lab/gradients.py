"""What the Gradients page draws: per-layer values of every net at one step, and over all steps; and what they say."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.charts.axes import thin
from resnet.charts.curves import Series, curves_figure
from resnet.charts.curves import View as CurvesView
from resnet.charts.frames import difference
from resnet.charts.look import Look, looks
from resnet.charts.profiles import Profile, axis_limits, profile_figure
from resnet.charts.steps import History, steps_figure
from resnet.findings.causes import cause
from resnet.findings.learning import FAILS
from resnet.findings.profiles import probe_sentence
from resnet.findings.step0 import part_of_batch
from resnet.i18n import _, language
from resnet.nets.structure import probed_names
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe, SpecError, depths
from resnet.specs.bench import Bench, Entry
from resnet.ui.bench import session
from resnet.ui.parts import backend, nets_table, plot, visitors, waiting
from resnet.ui.parts.nets_table import Row
from resnet.ui.parts.panels import Drawn
from resnet.ui.parts.plot import described

UPDATE = "update_to_weight"  # the probe that needs the optimiser's first step
HEIGHT, CURVES_HEIGHT = 360, 230  # pixels
FRAMES = 120  # steps that can be looked at: a browser has room for more, a line of 300 pixels has not
AHEAD = 2  # depths that are measured ahead in the direction of a drag

_EVIDENCE = ("activation_std", "dead_units", "output_gradient")  # what `findings.causes` looks at


@dataclass(frozen=True)
class View:
    """What the page's controls say: a probe, over relative depth or layers, divided by where the signal begins."""

    probe: str
    relative_depth: bool = False
    divided: bool = False


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
    recipe = bench.recipe if probe == UPDATE else backend.first_batch(bench.recipe)
    return Start((bench.nets, recipe), images, waiting.gather(asked))


def drawn(bench: Bench, view: View, begin: Start) -> dict[str, str]:
    """The panel: a frame of the profiles and their rows for each recorded step, and what spans all steps."""
    found, record = backend.runs(bench), catalog.PROBES[view.probe]
    nets = recorded(bench, found, view.probe, begin)
    if view.divided:
        nets = [relative(net, record.backward) for net in nets]
    steps = np.unique(np.concatenate([net.steps for net in nets]))
    limits = axis_limits([net.values for net in nets], record.log)
    content = {"steps@": json.dumps(steps[thin(len(steps), FRAMES)].tolist())}
    content |= _frames(bench, view, begin, nets, limits, json.loads(content["steps@"]))
    histories = through_training(nets, begin.whole(bench.recipe))
    if histories:
        runs = [(net.look, found.get(entry.net)) for net, entry in zip(nets, bench.entries, strict=True)]
        series = [Series(look, backend.curves(run)) for look, run in runs if run]
        classes = backend.class_count(bench.recipe)
        curves = curves_figure(series, CurvesView(), bench.recipe.steps, classes, height=CURVES_HEIGHT, cursor=0)
        content |= {"cursor": described(curves), "steps": described(steps_figure(histories, view.probe))}
    return content


def _frames(
    bench: Bench, view: View, begin: Start, nets: Sequence[History], limits: tuple[float, float], steps: Sequence[int]
) -> dict[str, str]:
    """The profiles at the first of the steps, for every step what differs from that, and the rows."""
    seen = tuple(run.created for run in backend.runs(bench).values())
    content: dict[str, str] = {}
    whole = ""
    for step in steps:
        shown = tuple(at(net, step) for net in nets)
        places = tuple(place for place, _profile in shown)
        figure, table = _made(_Frame(bench, view, begin, limits, seen, places, language(), shown))
        whole = whole or figure
        content |= {"profiles@": whole, f"rows@{step}": table}
        content[f"profiles@{step}"] = json.dumps(difference(json.loads(whole), json.loads(figure)))
    return content


@dataclass(frozen=True)
class _Frame:
    """All that one step of the profiles depends on; what runs have recorded never changes."""

    bench: Bench
    view: View
    begin: Start
    limits: tuple[float, float]
    seen: tuple[float, ...]  # when the runs were created
    places: tuple[int, ...]  # the recorded step of each net
    language: str
    shown: tuple[tuple[int, Profile], ...] = field(compare=False)


@lru_cache(maxsize=2_000)  # 10 kB each
def _made(frame: _Frame) -> tuple[str, str]:
    """The figure and the rows."""
    profiles = [profile for _place, profile in frame.shown]
    view = frame.view
    figure = profile_figure(profiles, view.probe, view.relative_depth, frame.limits, height=HEIGHT)
    found = backend.runs(frame.bench)
    return described(figure), nets_table.table(rows(frame.bench, found, frame.shown, view.probe, frame.begin))


def recorded(bench: Bench, found: Mapping[NetSpec, Run], probe: str, begin: Start) -> list[History]:
    """Every net on the bench: step 0 as it was measured now, and what its run recorded later."""
    histories = []
    for look, entry, measured in zip(looks(bench), bench.entries, begin.measured, strict=True):
        first = History(look, probed_names(entry.net, catalog.PROBES[probe].of), np.array([0]), measured[probe][None])
        later = _recorded(look, entry, found.get(entry.net), probe)
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


def _recorded(look: Look, entry: Entry, run: Run | None, probe: str) -> History | None:
    if run:
        steps, values = backend.profiles(run, probe)
        names = probed_names(entry.net, catalog.PROBES[probe].of)
        if len(steps) and values.shape[1] == len(names):
            return History(look, names, steps, values)
    return None


def at(history: History, step: int) -> tuple[int, Profile]:
    """The last recorded step up to `step`, and its profile."""
    place = max(0, int(np.searchsorted(history.steps, step, side="right")) - 1)
    return int(history.steps[place]), Profile(history.look, history.names, history.values[place])


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


def show_training(panel: Drawn) -> None:
    """What spans all steps, once there is more than the first."""
    if "cursor" not in panel.content:
        st.caption(_("Press Train in the side bar to record these values through training."))
        return
    st.subheader(_("All layers through training"))
    plot.show(panel.content["cursor"], "cursor", CURVES_HEIGHT, panel.part("cursor"), panel.at)
    plot.show(panel.content["steps"], "steps", plot.height_of(panel.content["steps"]), panel.part("steps"), panel.at)


def measure_ahead(bench: Bench) -> None:
    """Ask for the next depths in the direction in which a slider was moved, for when nobody waits for an answer."""
    before: dict[int, int] = st.session_state.get("depths-before", {})
    now = {uid: entry.net.depth for uid, entry in session.entries()}
    st.session_state["depths-before"] = now
    deeper = [
        (entry.net, entry.net.adapt(depth=depth))
        for uid, entry in session.entries()
        for depth in _next_depths(entry.net, now[uid] - before.get(uid, now[uid]))
    ]
    if deeper:
        with visitors.ahead(), suppress(SpecError):  # a net that does not fit is not measured
            for net, other in deeper:
                _ask_ahead(bench, net, other)


def _next_depths(net: NetSpec, way: int) -> list[int]:
    """The next ones in the direction of `way`; none for 0."""
    possible = depths(net.branch, net.family)
    if not way or net.stages:
        return []
    ahead = (net.depth + step * possible.step * (1 if way > 0 else -1) for step in range(1, AHEAD + 1))
    return [depth for depth in ahead if depth in possible]


def _ask_ahead(bench: Bench, net: NetSpec, deeper: NetSpec) -> None:
    """The question that the page will ask when `deeper` has taken the place of `net`."""
    nets = [deeper if other == net else other for other in bench.nets]
    backend.step0_profiles(deeper, bench.recipe, images=backend.step0_images(nets, bench.recipe))
