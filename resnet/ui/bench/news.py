"""The side bar's news: what changes in it while nets train, and when the whole page is drawn anew without a click."""

from collections import Counter
from contextlib import suppress
from html import escape

import streamlit as st

from resnet.errors import UserError
from resnet.i18n import _, plural
from resnet.runs.store import Run
from resnet.ui.bench import session
from resnet.ui.parts import backend, panels, visitors
from resnet.ui.parts.panels import Drawn


def follow() -> None:
    """Let the browser follow the visitor's runs, and what this run of the page has shown; for its end."""
    with suppress(UserError):  # the page says already what is the matter
        _panel()
        panels.follow()


def show_line(run: str) -> None:
    """How far a run is that is not on the bench."""
    _show(_panel(), f"line-{run}")


def show_watching(others: int) -> None:
    """Who else waits for the visitor's runs; nothing when nobody does."""
    if others:
        _show(_panel(), "watching")


def _show(panel: Drawn, part: str) -> None:
    html = panel.content.get(part, "")
    st.html(f'<div data-live="{panel.part(part)}" style="font-size: 0.875rem; opacity: 0.8">{html}</div>')


def _panel() -> Drawn:
    """Of all runs of this visitor."""
    runs = tuple(sorted({*backend.ids(session.current()), *visitors.me().asked}))
    return panels.show(panels.panel(_drawn, runs, runs=runs, news=_news))


def _drawn(runs: tuple[str, ...]) -> dict[str, str]:
    """How far each run is, and one text that draws the page anew when it changes: what works, what has ended how."""
    found = backend.engine().store.runs(runs)
    states = [f"{key} {run.status if run.status not in backend.AT_WORK else run.created}" for key, run in found.items()]
    going = {key: run for key, run in found.items() if run.status in backend.AT_WORK}
    shared = sorted(visitors.shared(runs) & going.keys())  # with others there is no pause, and Stop stops the waiting
    nets = Counter(run.net for run in going.values())
    lines = {f"line-{key}": escape(_line(run, nets[run.net] > 1)) for key, run in going.items()}
    return {**lines, "watching": _watching(runs), f"{panels.RERUN}runs": "\n".join([*_engine(), *states, *shared])}


def _line(run: Run, several: bool) -> str:
    """Of `several` runs of a net with its seed."""
    net = _("{net}, seed {seed}", net=run.net.title, seed=run.recipe.seed) if several else run.net.title
    if run.status == "queued":
        return _("{net}: waiting", net=net)
    return _("{net}: step {step} of {steps}", net=net, step=run.step, steps=run.recipe.steps)


def _watching(runs: tuple[str, ...]) -> str:
    """Seen from one of those who watch."""
    others = visitors.count(runs) - 1
    return plural("{count} other watches", "{count} others watch", others) if others > 0 else ""


def _news(runs: tuple[str, ...]) -> tuple[object, ...]:
    return (*_engine(), visitors.count(runs), visitors.shared(runs))


def _engine() -> tuple[str, str, str]:
    engine = backend.engine()
    return engine.state, engine.message, engine.trouble
