"""What trains for this visitor, on the bench or off it, and how a button ends it."""

import time
from collections.abc import Callable, Sequence

import streamlit as st

from resnet.runs.store import Run
from resnet.specs import run_id
from resnet.specs.bench import Bench
from resnet.ui.parts import backend

SOON = 0.7  # seconds: a run at depth 56 ends within 0.03 s of being asked
_CHANGED = "runs changed"  # in the session: a button has started or stopped runs


def on_bench(bench: Bench) -> list[Run]:
    """The runs of the bench that are queued or running, whoever started them."""
    return [run for run in backend.runs(bench).values() if run.status in backend.AT_WORK]


def off_bench(bench: Bench) -> list[Run]:
    """The visitor's runs at work that `bench` does not show; see `backend.at_work_for_visitor`."""
    device = backend.engine().device
    shown = {run_id(net, bench.recipe, device) for net in bench.nets}
    return [run for run in backend.at_work_for_visitor() if run.id not in shown]


def stop(runs: Sequence[Run]) -> None:
    """Stop these runs, and wait a moment so that the page can say so at once."""
    engine = backend.engine()
    for run in runs:
        engine.stop(run.id)
    end = time.monotonic() + SOON
    while backend.at_work(engine.store.runs(run.id for run in runs).values()) and time.monotonic() < end:
        time.sleep(0.02)


def pressed(act: Callable[[], None]) -> None:
    """Callback of a button that starts or stops runs: the whole page may say so."""
    act()
    st.session_state[_CHANGED] = True


def changed() -> bool:
    """Whether such a button has been pressed since the last time this was asked."""
    return bool(st.session_state.pop(_CHANGED, False))
