"""What only the host sees and changes: who is here, what trains, memory, limits, classes."""

import shutil
import time
from collections.abc import Sequence
from functools import partial

import psutil
import streamlit as st

from resnet.errors import UserError
from resnet.findings.text import duration, plain
from resnet.i18n import N_, _, plural
from resnet.runs.store import Run, classes
from resnet.specs import changing
from resnet.ui.app import hosting
from resnet.ui.bench import recipe
from resnet.ui.parts import backend, visitors, waiting, widgets

MOST = 200  # runs in the table
GB = 1e9  # bytes
STATES = {"queued": N_("waits"), "running": N_("trains")}


def require_host() -> None:
    """End the page for everybody else; who has the token may enter it here."""
    if hosting.admitted():
        return
    st.info(_("This page is for the host: its address, with a token, is printed where the app was started."))
    if hosting.refused():
        st.warning(_("This token is not the one that was printed."), icon=":material/info:")
    with st.form("token", border=False):
        about = _("It is printed when the app starts, or chosen by the host in RESNET_TOKEN.")
        given = st.text_input(_("Token"), type="password", help=about)
        if st.form_submit_button(_("Enter")) and given:
            st.query_params[hosting.WORD] = given
            st.rerun()
    waiting.end_page()


def figures() -> None:
    """Visitors, queue and memory at this moment."""
    store, runs = backend.engine().store, at_work()
    own, workers = _memory()
    shown = (
        (_("Visitors here"), str(len(visitors.present()))),
        (_("Runs that train"), str(sum(run.status == "running" for run in runs))),
        (_("Runs that wait"), str(sum(run.status == "queued" for run in runs))),
        (_("Memory of the pages"), _("{size:.2f} GB", size=own / GB)),
        (_("Memory of the workers"), _("{size:.2f} GB", size=workers / GB)),
        (_("File of runs"), _("{size:.2f} GB", size=_size() / GB)),
        (_("Free on its disk"), _("{size:.0f} GB", size=shutil.disk_usage(store.path.parent).free / GB)),
    )
    with st.container(horizontal=True, gap="medium"):
        for label, value in shown:
            st.metric(label, value, width="content")


def queue() -> None:
    """All runs that train or wait, and a way to end some."""
    runs = at_work()
    if not runs:
        st.caption(_("Nothing trains and nothing waits."))
        return
    about = _("Choose rows to stop those runs; whoever waits for them reads that they were stopped.")
    st.caption(about)
    rows = [_row(run) for run in runs]
    chosen = st.dataframe(rows, hide_index=True, key="host-queue", on_select="rerun", selection_mode="multi-row")
    picked = [runs[place] for place in chosen["selection"]["rows"] if place < len(runs)]
    label = plural("Stop {count} run", "Stop {count} runs", len(picked)) if picked else _("Stop the chosen runs")
    st.button(label, disabled=not picked, on_click=partial(stop, picked), icon=":material/stop:", help=about)


def at_work() -> list[Run]:
    """The runs that train or wait, those that train first."""
    found = [run for run in backend.engine().store.recent(MOST) if run.status in backend.AT_WORK]
    return sorted(found, key=lambda run: (run.status != "running", run.created))


def stop(runs: Sequence[Run]) -> None:
    """Callback: end these runs."""
    for run in runs:
        backend.engine().stop(run.id)


def _row(run: Run) -> dict[str, str | int]:
    return {
        _("Net"): run.net.title,
        _("Recipe"): recipe.summary(run.recipe),
        _("State"): _(STATES[run.status]),
        _("Step"): run.step,
        _("Since"): duration(max(0.0, time.time() - run.created)),
        _("Visitors who wait for it"): visitors.count([run.id]),
    }


def limit_fields() -> None:
    """A field for every limit that can be changed; a wrong value is refused in one sentence."""
    st.caption(
        _("They hold at once, for everybody, and until the app ends; variables of the same names hold for good.")
    )
    with st.form("limits", border=False):
        for names in _rows(changing.CHANGEABLE, 4):
            for name, column in zip(names, st.columns(4), strict=False):
                with column:
                    _field(name)
        if st.form_submit_button(_("Change the limits"), icon=":material/check:"):
            _change()


def _field(name: str) -> None:
    (low, high), value = changing.allowed(name), changing.current(name)
    kind = type(value)
    about = _("{low} to {high}", low=f"{low:,}", high=f"{high:,}")
    st.number_input(f"RESNET\\_{plain(name.upper())}", kind(low), kind(high), value, key=f"limit-{name}", help=about)


def _change() -> None:
    try:
        for name in changing.CHANGEABLE:
            if (wanted := st.session_state[f"limit-{name}"]) != changing.current(name):
                changing.change(name, wanted)
    except UserError as error:
        widgets.notify(str(error))
    st.rerun()


def class_list() -> None:
    """All classes, and a way to forget one."""
    store = backend.engine().store
    known = classes.listed(store)
    if not known:
        st.caption(_("No class has begun yet: a class begins with the first guess or run under its link."))
    for one in known:
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            places = {"word": plain(one.word), "guesses": one.guesses, "runs": one.runs}
            age = duration(max(0.0, time.time() - one.seen))
            st.markdown(_("**{word}** · {guesses} guesses · {runs} runs · last used {age} ago", age=age, **places))
            with st.popover(_("Clear"), icon=":material/delete:"):
                st.caption(_("Its guesses, names and board are gone then; the runs themselves stay."))
                st.button(
                    _("Clear {word}", word=plain(one.word)),
                    key=f"clear-{one.word}",
                    on_click=partial(classes.clear, store, one.word),
                )


def _memory() -> tuple[int, int]:
    """Bytes of this process, and of all that it has started."""
    own, workers = psutil.Process(), 0
    for child in own.children(recursive=True):
        try:
            workers += child.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return int(own.memory_info().rss), workers


def _size() -> int:
    path = backend.engine().store.path
    parts = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
    return sum(part.stat().st_size for part in parts if part.exists())


def _rows(names: Sequence[str], width: int) -> list[Sequence[str]]:
    return [names[start : start + width] for start in range(0, len(names), width)]
