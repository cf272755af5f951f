"""Waiting for several answers of the interactive worker: progress, the time that is left, and a way to stop."""

import time
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from typing import Any

import streamlit as st

from resnet.i18n import _
from resnet.ui.parts import backend

QUIET = 0.6  # seconds before a wait is worth a bar
STOPPED = "stopped"  # in the session: the visitor does not want to wait


class Stopped(Exception):
    """The visitor pressed Stop; what was measured so far is kept."""


def gather(asked: Sequence["Future[Any]"]) -> list[Any]:
    """All answers, in their order. Raises what an answer raised, TimeoutError, or `Stopped`."""
    start, place = time.monotonic(), st.empty()
    bar = None
    for done, answer in enumerate(asked):
        while not answer.done():
            spent = time.monotonic() - start
            if spent > backend.PATIENCE * 3:
                raise TimeoutError
            if bar is None and spent > QUIET:
                bar = _bar(place, asked)
            if bar is not None:
                bar.progress(done / len(asked), _words(done, len(asked), spent))
            time.sleep(0.05)
    place.empty()
    try:
        return [answer.result() for answer in asked]
    except CancelledError as error:
        raise Stopped from error


def _bar(place: Any, asked: Sequence["Future[Any]"]) -> Any:
    """A progress bar beside a button that gives up what is not answered yet."""
    with place.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.button(
            _("Stop"),
            key="stop-waiting",
            icon=":material/stop_circle:",
            on_click=_cancel,
            args=(asked,),
            help=_("Keeps what is done; the rest is not computed."),
        )
        return st.progress(0.0)


def _cancel(asked: Sequence["Future[Any]"]) -> None:
    st.session_state[STOPPED] = True
    for answer in asked:
        answer.cancel()


def was_stopped() -> bool:
    """Whether the visitor has just pressed Stop; asks once."""
    return bool(st.session_state.pop(STOPPED, False))


def _words(done: int, count: int, spent: float) -> str:
    text = _("{done} of {count}", done=done, count=count)
    if done:
        text += _(", about {left:.0f} s left", left=spent / done * (count - done))
    return text
