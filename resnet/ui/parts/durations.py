"""How long training will take: by a few steps measured on this device, the last runs on it, and what waits already."""

import statistics
from collections.abc import Iterable, Mapping
from concurrent.futures import Future

import streamlit as st

from resnet.runs.engine import Engine
from resnet.runs.engine.device import keep_speed, speed_before
from resnet.runs.engine.questions import Asker
from resnet.runs.store import Run
from resnet.runs.tasks import speed
from resnet.specs import NetSpec, Recipe
from resnet.training import estimates
from resnet.ui.parts import backend

MOST_AHEAD = 200  # unfinished runs that an estimate looks at: a class of 30 with six nets each


def seconds_to_train(nets: Iterable[NetSpec], recipe: Recipe) -> float:
    """How long it takes until these nets are trained with every seed; see `seconds_until`."""
    ordered = estimates.longest_first(nets, recipe)
    return seconds_until([(net, own) for own in recipe.each() for net in ordered])


def seconds_until(runs: Iterable[tuple[NetSpec, Recipe]], begun: Mapping[tuple[NetSpec, Recipe], int] = {}) -> float:
    """How long it takes until these runs, each of one seed, have ended in this order.

    If all that wait or train now are served before them. Visitors take turns, so that it may be less. `begun` tells the
    steps that runs have done already.
    """
    device = backend.engine().device
    left = [(net, recipe, 1 - begun.get((net, recipe), 0) / recipe.steps) for net, recipe in runs]
    own = [_seconds(net, recipe, device) * share for net, recipe, share in left]
    return estimates.total_seconds(own, backend.engine().slots, ahead(device))


def seconds_left(runs: Iterable[Run]) -> float:
    """How long it takes until these runs, which wait or train, have ended if no other is served before them."""
    return estimates.total_seconds([_left(run) for run in runs], backend.engine().slots)


def seconds_alone(net: NetSpec, recipe: Recipe) -> float:
    """How long it takes to train one net when nothing else waits."""
    return _seconds(net, recipe, backend.engine().device)


@st.cache_data(ttl=2, show_spinner=False)
def ahead(device: str) -> list[float]:
    """The seconds that are left of every run at work on this kind of device, the oldest first."""
    going = [
        run
        for run in backend.engine().store.recent(MOST_AHEAD)
        if run.status in backend.AT_WORK and run.device == device
    ]
    return [_left(run) for run in sorted(going, key=lambda run: (run.status != "running", run.created))]


def _left(run: Run) -> float:
    whole = _seconds(run.net, run.recipe, run.device)
    return estimates.remaining_seconds(whole, run.recipe.steps, run.step, run.seconds)


def _seconds(net: NetSpec, recipe: Recipe, device: str) -> float:
    """Of one run on that kind of device."""
    return estimates.seconds(net, recipe, _faster(device), _speed(device))


@st.cache_data(ttl=15, show_spinner=False)
def _faster(device: str) -> float:
    """How many times faster than the measured steps say the last finished runs were; 1 before there are any."""
    done = [
        run
        for run in backend.engine().store.recent(12)
        if run.status == "done" and run.device == device and run.seconds
    ]
    factors = [estimates.seconds(run.net, run.recipe, speed=_speed(device)) / run.seconds for run in done]
    return statistics.median(factors) if factors else 1.0


@st.cache_data(ttl=15, show_spinner=False)
def _speed(device: str) -> estimates.Speed:
    """As measured on this device, or that of the fitted CPU until then."""
    engine = backend.engine()
    known = speed_before(engine.store, device)
    if known is None and engine.state == "ready" and not engine.busy:
        _measure(engine, device)
    return known or estimates.FITTED


def _measure(engine: Engine, device: str) -> None:
    """Have it measured once nobody waits for the worker; a figure from beside a training is not kept."""

    def keep(answer: "Future[estimates.Speed]") -> None:
        if not answer.cancelled() and not answer.exception() and not engine.busy:
            keep_speed(engine.store, device, answer.result())

    engine.questions.ask(Asker("speed", ahead=True), speed.measured).add_done_callback(keep)
