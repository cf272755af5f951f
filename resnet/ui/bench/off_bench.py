"""Runs of this visitor that train on although their nets have left the bench: shown, stopped, or put back."""

from functools import partial

import streamlit as st

from resnet.findings.text import plain
from resnet.i18n import _, plural
from resnet.runs.store import Run
from resnet.specs.bench import Bench, Entry
from resnet.ui.bench import at_work, news, recipe, session

_SHOWN = 3  # lines; the big Stop button ends the others too


def lines(left: list[Run]) -> None:
    """A line for each of the first runs, with its two buttons."""
    if not left:
        return
    with st.container(gap=None, key="off-bench"):
        st.caption(_("Off the bench, still at work:"))
        for run in left[:_SHOWN]:
            _line(run)
        if len(left) > _SHOWN:
            st.caption(plural("and {count} more", "and {count} more", len(left) - _SHOWN))


def _line(run: Run) -> None:
    with st.container(horizontal=True, gap="small", wrap=False, vertical_alignment="center"):
        news.show_line(run.id)
        st.button(
            "",
            key=f"off-stop-{run.id}",
            icon=":material/stop:",
            type="tertiary",
            help=_("Stop {net} within one step.", net=plain(run.net.title)),
            on_click=partial(at_work.stop, [run]),
        )
        st.button(
            "",
            key=f"off-back-{run.id}",
            icon=":material/undo:",
            type="tertiary",
            help=_(
                "Put {net} back on the bench, with its recipe: {recipe}.",
                net=plain(run.net.title),
                recipe=plain(recipe.summary(run.recipe)),
            ),
            on_click=partial(session.change, partial(_with, run)),
        )


def _with(run: Run, bench: Bench) -> Bench:
    """The bench with the run's net and its recipe, by which alone the run is this one. Raises SpecError when full."""
    entries = bench.entries if run.net in bench.nets else bench.add(Entry(net=run.net)).entries
    return Bench(entries=entries, recipe=run.recipe)
