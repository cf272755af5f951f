"""What the Gradients page draws: per-layer values of every net at one step, and over all steps; and what they say."""

from collections.abc import Sequence
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
from resnet.findings.profiles import profile_sentence
from resnet.i18n import _
from resnet.nets.layers import probed_names
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe, depths
from resnet.specs.bench import Bench, Entry
from resnet.ui.bench import session
from resnet.ui.parts import backend

AHEAD = 2  # depths that are measured ahead in the direction of a drag

_EVIDENCE = ("activation_std", "dead_units", "output_gradient")  # what `findings.cause` looks at


def at(history: History, step: int) -> tuple[int, Profile]:
    """The last recorded step up to `step`, and its profile."""
    place = max(0, int(np.searchsorted(history.steps, step, side="right")) - 1)
    return int(history.steps[place]), Profile(history.look, history.names, history.values[place])


def recorded(table: Bench, found: dict[NetSpec, Run], probe: str) -> list[History]:
    """Every net on the bench; what was never trained is measured at step 0 now, all nets asked for at once."""
    pairs = list(zip(looks(table), table.entries, strict=True))
    histories = [_recorded(look, entry, found.get(entry.net), probe) for look, entry in pairs]
    update = probe == "update_to_weight"
    asked: list[Future[Any] | None] = [
        None if history else backend.step0_profiles(entry.net, table.recipe, update)
        for history, (_look, entry) in zip(histories, pairs, strict=True)
    ]
    return [
        history or _step0(look, entry.net, answer.result(backend.PATIENCE) if answer else {}, probe)
        for history, answer, (look, entry) in zip(histories, asked, pairs, strict=True)
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


def sentence(profile: Profile, probe: str) -> str:
    """Direction and size of one profile; of the weights, the convolutions alone: the head is of another kind."""
    record = catalog.PROBES[probe]
    values = profile.values
    if not record.log:
        return _(
            "from {low:.2g} to {high:.2g}, mean {mean:.2g}", low=values.min(), high=values.max(), mean=values.mean()
        )
    last = -1 if record.of == "weight" else None
    part = "block" if record.of in ("block", "gap") else "layer"
    if record.of == "gap":
        return _gains(values)
    return profile_sentence(values[:last], profile.names[:last], record.backward, part)


def _gains(values: np.ndarray) -> str:
    """The running product of the gains, in words."""
    if not np.isfinite(values).all() or (values <= 0).any():
        odd = int((~np.isfinite(values) | (values <= 0)).sum())
        return _("no gain in {count} of {all} blocks: no gradient, or none that is finite", count=odd, all=len(values))
    product = float(np.exp(np.log(values.astype(float)).sum()))
    mean = product ** (1 / len(values))
    return _(
        "×{mean:.2f} per block in the mean, ×{product:.2g} over {count} blocks",
        mean=mean,
        product=product,
        count=len(values),
    )


def reason(entry: Entry, recipe: Recipe, run: Run | None, step: int) -> str:
    """What the numbers of that step say about the cause; empty when they say nothing."""
    classes = backend.class_count(recipe, entry.net)
    if run:
        curves = backend.curves(run)
        spread, dead, gradient = (_recorded_at(run, probe, step) for probe in _EVIDENCE)
        if spread is None or dead is None or gradient is None or not len(curves.step):
            return ""
        place = min(int(np.searchsorted(curves.step, step)), len(curves.step) - 1)
        return cause(spread, dead, gradient, float(curves.loss[place]), classes, step)
    start = backend.step0_profiles(entry.net, recipe).result(backend.PATIENCE)
    spread, dead, gradient = (start[probe] for probe in _EVIDENCE)
    return cause(spread, dead, gradient, float(start["loss"][0]), classes)


def _recorded_at(run: Run, probe: str, step: int) -> np.ndarray | None:
    steps, values = backend.profiles(run, probe)
    if not len(steps):
        return None
    found: np.ndarray = values[max(0, int(np.searchsorted(steps, step, side="right")) - 1)]
    return found


def measure_ahead(table: Bench) -> None:
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
                    backend.step0_profiles(entry.net.adapt(depth=depth), table.recipe)
