"""What the page draws of these values: a frame for each recorded step, and for each depth that is dragged."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.charts.axes import thin
from resnet.charts.curves import View as CurvesView
from resnet.charts.curves import curves_figure
from resnet.charts.frames import difference
from resnet.charts.profiles import Profile, axis_limits, profile_figure
from resnet.charts.steps import History, steps_figure
from resnet.i18n import _, language
from resnet.specs.bench import Bench
from resnet.ui.bench.depth import moved
from resnet.ui.lab import train
from resnet.ui.lab.gradients import profiles, seeds, taught
from resnet.ui.parts import backend, nets_table, panels, plot, widgets
from resnet.ui.parts.panels import Drawn, Panel
from resnet.ui.parts.plot import described

HEIGHT, CURVES_HEIGHT = 360, 230  # pixels
FRAMES = 120  # steps that can be looked at: a browser has room for more, a line of 300 pixels has not


@dataclass(frozen=True)
class View:
    """What the page's controls say: a probe, over relative depth or layers, divided by where the signal begins."""

    probe: str
    relative_depth: bool = False
    divided: bool = False


def axes(record: catalog.Probe) -> tuple[str, bool]:
    """What is on the x axis, and whether values are divided by the one where the signal begins."""
    places = {"layer": _("In order"), "relative": _("Relative depth")}
    about = _("Relative depth lays nets of different depth over each other.")
    place = widgets.choice("place", _("x axis"), places, about)
    about = _("Divide by the value where the signal begins: the last layer for gradients, the first for activations.")
    divided = st.toggle(_("Relative values"), key="divided", bind="query-params", help=about, disabled=not record.log)
    return place, divided


def panel(bench: Bench, view: View, begin: profiles.Start) -> Panel:
    """What changes while nets train, while their steps are played, and while a depth is dragged."""
    runs = backend.ids(bench)
    return panels.panel(drawn, bench, view, begin, runs=runs, drag=dragged, moving=("profiles", "rows"))


def drawn(bench: Bench, view: View, begin: profiles.Start) -> dict[str, str]:
    """The panel: a frame of the profiles and their rows for each recorded step, and what spans all steps."""
    found, record = backend.seed_runs(bench), catalog.PROBES[view.probe]
    nets = _nets(bench, view, begin)
    steps = np.unique(np.concatenate([net.steps for net in nets]))
    limits = axis_limits(_values(nets), record.log)
    content = {"steps@": json.dumps(steps[thin(len(steps), FRAMES)].tolist())}
    content |= _frames(bench, view, begin, nets, limits, json.loads(content["steps@"]))
    content[taught.PART] = taught.html(bench, begin)
    histories = profiles.through_training(nets, begin.whole(bench.recipe))
    if histories:
        runs = [(net.look, found[entry.net]) for net, entry in zip(nets, bench.entries, strict=True)]
        series = [one for look, own in runs if (one := train.series_of(look, own))]
        classes = backend.class_count(bench.recipe)
        curves = curves_figure(series, CurvesView(), bench.recipe.steps, classes, height=CURVES_HEIGHT, cursor=0)
        content |= {"cursor": described(curves), "steps": described(steps_figure(histories, view.probe))}
    return content


def dragged(
    bench: Bench, view: View, begin: profiles.Start, place: int, depth: int, step: int
) -> dict[str, str] | None:
    """The frame of the profiles while the depth of a net is dragged; None while a profile is still measured."""
    there = moved(bench, place, depth)
    images = backend.step0_images(there.nets, bench.recipe)
    asked = [backend.step0_profiles(net, bench.recipe, view.probe == profiles.UPDATE, images) for net in there.nets]
    if not all(answer.done() and not answer.cancelled() for answer in asked):
        return None
    after = profiles.start_of(there, view.probe, images, [answer.result() for answer in asked])
    nets = _nets(there, view, after)
    limits = axis_limits(_values([*_nets(bench, view, begin), *nets]), catalog.PROBES[view.probe].log)
    figure, table = _made(_frame(there, view, after, nets, limits, step))
    return {"profiles": figure, "rows": table}


def _nets(bench: Bench, view: View, begin: profiles.Start) -> list[History]:
    return seeds.histories(bench, view.probe, begin, view.divided)


def _values(nets: Sequence[History]) -> list[np.ndarray]:
    """All that is drawn of them."""
    return [values for net in nets for values in (net.values, net.low, net.high) if values is not None]


def _frames(
    bench: Bench,
    view: View,
    begin: profiles.Start,
    nets: Sequence[History],
    limits: tuple[float, float],
    steps: Sequence[int],
) -> dict[str, str]:
    """The profiles at the first of the steps, for every step what differs from that, and the rows."""
    content: dict[str, str] = {}
    whole = ""
    for step in steps:
        figure, table = _made(_frame(bench, view, begin, nets, limits, step))
        whole = whole or figure
        content |= {"profiles@": whole, f"rows@{step}": table}
        content[f"profiles@{step}"] = json.dumps(difference(json.loads(whole), json.loads(figure)))
    return content


@dataclass(frozen=True)
class _Frame:
    """All that one step of the profiles depends on; what runs have recorded never changes."""

    bench: Bench
    view: View
    begin: profiles.Start
    limits: tuple[float, float]
    seen: tuple[float, ...]  # when the runs were created
    places: tuple[tuple[int, int], ...]  # the recorded step of each net, and how many seeds have come to it
    language: str
    shown: tuple[tuple[int, Profile], ...] = field(compare=False)


def _frame(
    bench: Bench, view: View, begin: profiles.Start, nets: Sequence[History], limits: tuple[float, float], step: int
) -> _Frame:
    shown = tuple(profiles.at(net, step) for net in nets)
    seen = tuple(run.created for runs in backend.seed_runs(bench).values() for run in runs.values())
    places = tuple((place, profile.seeds) for place, profile in shown)
    return _Frame(bench, view, begin, limits, seen, places, language(), shown)


@lru_cache(maxsize=2_000)  # 10 kB each
def _made(frame: _Frame) -> tuple[str, str]:
    """The figure and the rows."""
    shown = [profile for _place, profile in frame.shown]
    view = frame.view
    figure = profile_figure(shown, view.probe, view.relative_depth, frame.limits, height=HEIGHT)
    found = backend.runs(frame.bench)
    return described(figure), nets_table.table(profiles.rows(frame.bench, found, frame.shown, view.probe, frame.begin))


def show_training(shown: Drawn) -> None:
    """What spans all steps, once there is more than the first."""
    if "cursor" not in shown.content:
        st.caption(_("Press Train in the side bar to record these values through training."))
        return
    st.subheader(_("All layers through training"))
    plot.show(shown.content["cursor"], "cursor", CURVES_HEIGHT, shown.part("cursor"), shown.at)
    plot.show(shown.content["steps"], "steps", plot.height_of(shown.content["steps"]), shown.part("steps"), shown.at)
