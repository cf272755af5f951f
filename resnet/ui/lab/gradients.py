"""What the Gradients page draws: per-layer values of every net at one step, and over all steps; and what they say."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.charts.look import Look, looks
from resnet.charts.profiles import Profile, axis_limits
from resnet.charts.steps import History
from resnet.findings.causes import cause
from resnet.findings.learning import FAILS
from resnet.findings.profiles import probe_sentence
from resnet.i18n import _
from resnet.nets.structure import probed_names
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe, depths
from resnet.specs.bench import Bench, Entry
from resnet.ui.bench import session
from resnet.ui.parts import backend, waiting
from resnet.ui.parts.nets_table import Row

AHEAD = 2  # depths that are measured ahead in the direction of a drag

_EVIDENCE = ("activation_std", "dead_units", "output_gradient")  # what `findings.causes` looks at


def prepare(bench: Bench, found: Mapping[NetSpec, Run], probe: str) -> None:
    """Wait until everything is measured that `recorded` and `rows` need; then they answer at once."""
    histories = [_recorded(look, entry, found.get(entry.net), probe) for look, entry in _drawn(bench)]
    asked = [answer for answer in _missing(bench, histories, probe) if answer]
    asked += [backend.step0_profiles(net, bench.recipe) for net in set(bench.nets) - found.keys()]
    waiting.gather(asked)


def recorded(bench: Bench, found: Mapping[NetSpec, Run], probe: str) -> list[History]:
    """Every net on the bench; what was never trained is measured at step 0 now, all nets asked for at once."""
    histories = [_recorded(look, entry, found.get(entry.net), probe) for look, entry in _drawn(bench)]
    missing = _missing(bench, histories, probe)
    answers = iter(waiting.gather([answer for answer in missing if answer]))
    return [
        history or _step0(look, entry.net, next(answers), probe)
        for history, (look, entry) in zip(histories, _drawn(bench), strict=True)
    ]


def _drawn(bench: Bench) -> list[tuple[Look, Entry]]:
    return list(zip(looks(bench), bench.entries, strict=True))


def _missing(bench: Bench, histories: Sequence[History | None], probe: str) -> "list[Future[Any] | None]":
    """The measurement at step 0 of each net without a history."""
    update = probe == "update_to_weight"
    return [
        None if history else backend.step0_profiles(entry.net, bench.recipe, update)
        for history, entry in zip(histories, bench.entries, strict=True)
    ]


def _recorded(look: Look, entry: Entry, run: Run | None, probe: str) -> History | None:
    if run:
        steps, values = backend.profiles(run, probe)
        names = probed_names(entry.net, catalog.PROBES[probe].of)
        if len(steps) and values.shape[1] == len(names):
            return History(look, names, steps, values)
    return None


def _step0(look: Look, net: NetSpec, measured: dict[str, np.ndarray], probe: str) -> History:
    names = probed_names(net, catalog.PROBES[probe].of)
    return History(look, names, np.array([0]), measured[probe][None])


def at(history: History, step: int) -> tuple[int, Profile]:
    """The last recorded step up to `step`, and its profile."""
    place = max(0, int(np.searchsorted(history.steps, step, side="right")) - 1)
    return int(history.steps[place]), Profile(history.look, history.names, history.values[place])


def relative(history: History, backward: bool) -> History:
    """Every profile divided by its value where the signal, forward or backward, begins."""
    start = history.values[:, -1:] if backward else history.values[:, :1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return replace(history, values=history.values / start)


def steady_limits(histories: Sequence[History], key: str, log: bool) -> tuple[float, float]:
    """Limits of the axis that only grow while one quantity is looked at, so that a drag moves curves and not axes."""
    low, high = axis_limits([history.values for history in histories], log)
    held_key, held_low, held_high = st.session_state.get("limits", (key, low, high))
    if held_key == key:
        low, high = min(low, held_low), max(high, held_high)
    st.session_state["limits"] = (key, low, high)
    return low, high


def rows(bench: Bench, found: Mapping[NetSpec, Run], shown: Sequence[tuple[int, Profile]], probe: str) -> list[Row]:
    """A line for each net: the step, what its profile says, and why."""
    return [
        Row(
            profile.look,
            _("step {step}", step=at),
            probe_sentence(profile.values, profile.names, probe),
            note=_reason(entry.net, bench.recipe, found.get(entry.net), at),
        )
        for (at, profile), entry in zip(shown, bench.entries, strict=True)
    ]


def _reason(net: NetSpec, recipe: Recipe, run: Run | None, step: int) -> str:
    """What the numbers of that step say about the cause; empty when they say nothing."""
    classes = backend.class_count(recipe)
    if run:
        curves = backend.curves(run)
        spread, dead, gradient = (_recorded_at(run, probe, step) for probe in _EVIDENCE)
        if spread is None or dead is None or gradient is None or not len(curves.step):
            return ""
        place = min(int(np.searchsorted(curves.step, step)), len(curves.step) - 1)
        stuck = backend.result(run, step).standing in FAILS
        return cause(spread, dead, gradient, float(curves.loss[place]), classes, stuck)
    (start,) = waiting.gather([backend.step0_profiles(net, recipe)])
    spread, dead, gradient = (start[probe] for probe in _EVIDENCE)
    return cause(spread, dead, gradient, float(start["loss"][0]), classes)


def _recorded_at(run: Run, probe: str, step: int) -> np.ndarray | None:
    steps, values = backend.profiles(run, probe)
    if not len(steps):
        return None
    found: np.ndarray = values[max(0, int(np.searchsorted(steps, step, side="right")) - 1)]
    return found


def measure_ahead(bench: Bench) -> None:
    """Ask for the next depths in the direction in which a slider was moved, when the worker has nothing else to do."""
    before: dict[int, int] = st.session_state.get("depths-before", {})
    now = {uid: entry.net.depth for uid, entry in session.entries()}
    st.session_state["depths-before"] = now
    if backend.unanswered():
        return
    for uid, entry in session.entries():
        way = now[uid] - before.get(uid, now[uid])
        possible = depths(entry.net.branch, entry.net.family)
        if way and not entry.net.stages:
            ahead = (now[uid] + step * possible.step * (1 if way > 0 else -1) for step in range(1, AHEAD + 1))
            for depth in ahead:
                if depth in possible:
                    backend.step0_profiles(entry.net.adapt(depth=depth), bench.recipe)
