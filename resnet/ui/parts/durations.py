"""How long training will take, from the speed of the last runs on this machine and what waits already."""

import statistics
from collections.abc import Iterable

import streamlit as st

from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe
from resnet.training import estimates
from resnet.ui.parts import backend

MOST_AHEAD = 200  # unfinished runs that an estimate looks at: a class of 30 with six nets each


def seconds_to_train(nets: Iterable[NetSpec], recipe: Recipe) -> float:
    """How long it takes until these nets are trained with every seed; see `seconds_until`."""
    ordered = estimates.longest_first(nets, recipe)
    return seconds_until([(net, own) for own in recipe.each() for net in ordered])


def seconds_until(runs: Iterable[tuple[NetSpec, Recipe]]) -> float:
    """How long it takes until these runs, each of one seed, have ended in this order.

    If all that wait or train now are served before them, by the speed of the last runs on this machine. Visitors take
    turns, so that it may be less.
    """
    speed = _speed(backend.engine().device)
    own = [estimates.seconds(net, recipe, speed) for net, recipe in runs]
    return estimates.total_seconds(own, backend.engine().slots, ahead(backend.engine().device))


def seconds_alone(net: NetSpec, recipe: Recipe) -> float:
    """How long it takes to train one net when nothing else waits."""
    return estimates.seconds(net, recipe, _speed(backend.engine().device))


@st.cache_data(ttl=2, show_spinner=False)
def ahead(device: str) -> list[float]:
    """The seconds that are left of every run at work on this kind of device, the oldest first."""
    speed = _speed(device)
    going = [
        run
        for run in backend.engine().store.recent(MOST_AHEAD)
        if run.status in backend.AT_WORK and run.device == device
    ]
    return [_left(run, speed) for run in sorted(going, key=lambda run: (run.status != "running", run.created))]


def _left(run: Run, speed: float) -> float:
    whole = estimates.seconds(run.net, run.recipe, speed)
    return estimates.remaining_seconds(whole, run.recipe.steps, run.step, run.seconds)


@st.cache_data(ttl=15, show_spinner=False)
def _speed(device: str) -> float:
    """How many times faster than the fitted CPU the last finished runs were; 1 before there are any."""
    done = [
        run
        for run in backend.engine().store.recent(12)
        if run.status == "done" and run.device == device and run.seconds
    ]
    factors = [estimates.seconds(run.net, run.recipe) / run.seconds for run in done]
    return statistics.median(factors) if factors else 1.0
