"""Untrained nets, or the same after a step of which their runs have kept the weights."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import streamlit as st

from resnet.findings.text import listed, plain
from resnet.i18n import _
from resnet.runs.store import LAST, Run, State
from resnet.specs import NetSpec, Recipe
from resnet.ui.parts import backend


@dataclass(frozen=True)
class Moment:
    """A net after `step` steps of its training; untrained at 0, where it has no `state`."""

    net: NetSpec
    recipe: Recipe
    step: int = 0
    state: State | None = None

    def ask(self, function: Callable[..., Any], *rest: Any) -> "Future[Any]":
        """A question of `runs.tasks.analyses` about the net at that moment. Raises SpecError for one too large."""
        first = backend.first_batch(self.recipe)
        backend.require_room(self.net, first)
        return backend.ask(function, self.net, first, self.state, *rest)


def choose(word: str, nets: Iterable[NetSpec], recipe: Recipe) -> int:
    """A slider over the steps that any run of these nets has kept; 0, which is untrained, where there is none."""
    steps = offered(backend.runs_of(nets, recipe).values())
    if len(steps) < 2:
        return 0
    if st.session_state.get(word) not in steps:
        st.session_state.pop(word, None)
    about = _("0: untrained. Later, with the weights that the runs have kept after so many steps.")
    return int(st.select_slider(_("After step"), steps, steps[0], key=word, bind="query-params", width=190, help=about))


def offered(runs: Iterable[Run]) -> list[int]:
    """0, and every step that any of the runs has kept."""
    return sorted({0, *(step for run in runs for step in backend.kept_steps(run))})


def moments(nets: Sequence[NetSpec], recipe: Recipe, step: int) -> list[Moment]:
    """Each net at the last step up to `step` that its run has kept; untrained without one."""
    found = backend.runs_of(nets, recipe)
    return [_moment(net, recipe, found.get(net), step) for net in nets]


def _moment(net: NetSpec, recipe: Recipe, run: Run | None, step: int) -> Moment:
    kept = backend.kept_steps(run) if run else []
    place = max((one for one in kept if one <= step), default=0)
    if not place:
        return Moment(net, recipe)
    return Moment(net, recipe, place, backend.state(run, LAST if place == kept[-1] else place))


def sentence(shown: Mapping[str, Moment], step: int) -> str:
    """Which of the nets, by name, are not at that step; empty where all are. Markdown."""
    other = [name for name, moment in shown.items() if moment.step != step]
    if not other:
        return ""
    places = [
        _("{net} after step {step}", net=plain(name), step=shown[name].step)
        if shown[name].step
        else _("{net} untrained", net=plain(name))
        for name in other
    ]
    return _("These have not kept step {step}: {nets}.", step=step, nets=listed(places))
