"""Runs that a page trains together: what queues them, and the buttons that do so and that stop them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from resnet.i18n import _, plural
from resnet.runs.errors import EngineError
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe, SpecError
from resnet.ui.bench import at_work
from resnet.ui.parts import backend, visitors, widgets

One = tuple[NetSpec, Recipe]
NOTHING: Mapping[One, str] = {}


def queue(runs: Iterable[One], after: Mapping[One, str] = NOTHING, **how: Any) -> None:
    """Queue runs in their order, each behind the run that it goes on from; when one is refused, a notice says why."""
    try:
        for net, recipe in runs:
            before = after.get((net, recipe))
            backend.submit(net, recipe, **({"after": before} if before else {}), **how)
    except (SpecError, EngineError) as error:
        widgets.notify(str(error))


def train_button(label: str, key: str, text: str, act: Callable[..., None], *args: Any) -> None:
    """The page's main action; it acts in a callback, because a run of the script that is overtaken loses its clicks."""
    st.button(label, key=key, icon=":material/play_arrow:", type="primary", help=text, on_click=act, args=args)


def stop_button(runs: Iterable[Run | None], key: str) -> None:
    """Stop those that wait or train and for which this visitor waits; no button where there are none."""
    working = at_work_here(runs)
    if working:
        label = plural("Stop {count} run of this page", "Stop {count} runs of this page", len(working))
        text = _("Stop within one step. What was recorded so far is kept.")
        st.button(label, key=key, icon=":material/stop:", help=text, on_click=at_work.stop, args=[working])


def at_work_here(runs: Iterable[Run | None]) -> Sequence[Run]:
    """The runs that wait or train, and for which this visitor waits."""
    return [run for run in runs if run and run.status in backend.AT_WORK and run.id not in visitors.me().let_go]
