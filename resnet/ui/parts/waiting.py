"""Waiting for workers: progress, the time that is left, a way to stop, and a sentence when there is no answer."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from typing import Any, NoReturn

import streamlit as st

from resnet.errors import UserError
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.parts import visitors

QUIET = 0.6  # seconds before a wait is worth a bar
PATIENCE = 360.0  # seconds without any answer before a page says that there is none: other visitors ask too
_STOPPED = "stopped"  # in the session: the visitor does not want to wait
_WAITS = "waits"  # in the session: how many bars it has seen


class Stopped(UserError):
    """The visitor pressed Stop, or is gone. What was measured so far is kept."""


class PageEnds(Exception):
    """There is nothing more to draw on this page; what stands around it is drawn all the same."""


def end_page() -> NoReturn:
    """Instead of `st.stop`, after which nothing of the frame could be drawn: not even what waits for news."""
    raise PageEnds


@contextmanager
def answers(too_long: str = "") -> Iterator[None]:
    """What a page asks of workers and visitors: instead of an error comes its sentence, and the page ends there.

    `too_long` says what to do when there is no answer. In a fragment, the fragment ends. However it ends, also by a
    click or by a change of page: what nobody else waits for is not asked any more.
    """
    try:
        if st.session_state.pop(_STOPPED, False):  # before anything is asked again
            raise Stopped
        with visitors.waiting():
            yield
        return
    except Stopped:
        st.info(_("Stopped. Choose something else or less of it, or ask again."), icon=":material/stop_circle:")
        st.button(_("Ask again"), key="ask-again", help=_("Asks for what is not computed yet."))
    except UserError as error:
        st.warning(plain(str(error)), icon=":material/info:")
    except TimeoutError:
        sentence = too_long or _("This took too long: try again, or choose fewer or shallower nets.")
        st.warning(plain(sentence), icon=":material/info:")
    end_page()


def gather(asked: Sequence["Future[Any]"]) -> list[Any]:
    """All answers, in their order. Raises what an answer raised, TimeoutError, or `Stopped`.

    Where a page waits long, let it wait outside of its fragment: Streamlit hears a fragment's Stop only afterwards.
    """
    missing = [answer for answer in asked if not answer.done()]
    if not missing:
        return _results(asked)
    place, bar, start = st.empty(), None, time.monotonic()
    try:
        for done in _progress(missing):
            spent = time.monotonic() - start
            if bar is None and spent > QUIET:
                bar = _bar(place)
            if bar is not None:
                bar.progress(done / len(missing), _words(done, len(missing), spent))
    except TimeoutError:
        place.empty()
        raise
    if bar is not None:
        place.empty()
    return _results(asked)


def answer_of(asked: "Future[Any]") -> Any:
    """One answer, where nothing can be drawn, as in the making of a download. Raises like `gather`."""
    for _done in _progress([asked]):
        pass
    return _results([asked])[0]


def _progress(asked: Sequence["Future[Any]"]) -> Iterator[int]:
    """How many are answered, again and again until all are. Raises TimeoutError after a long time without a new one."""
    known, since = 0, time.monotonic()
    while (done := sum(answer.done() for answer in asked)) < len(asked):
        if done > known:
            known, since = done, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            raise TimeoutError
        yield done
        time.sleep(0.05)


def _results(asked: Sequence["Future[Any]"]) -> list[Any]:
    try:
        return [answer.result() for answer in asked]
    except CancelledError as error:
        raise Stopped from error


def _bar(place: Any) -> Any:
    """A progress bar beside a button that gives up what is not answered yet."""
    number = st.session_state[_WAITS] = st.session_state.get(_WAITS, 0) + 1  # a page may wait twice
    with place.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.button(
            _("Stop"),
            key=f"stop-waiting-{number}",
            icon=":material/stop_circle:",
            on_click=_stop,
            help=_("Keeps what is done; the rest is not computed."),
        )
        return st.progress(0.0)


def _stop() -> None:
    """The run of the script that waited has ended by now, and with it what was asked."""
    st.session_state[_STOPPED] = True


def _words(done: int, count: int, spent: float) -> str:
    text = _("{done} of {count}", done=done, count=count)
    if done:
        text += _(", about {left:.0f} s left", left=spent / done * (count - done))
    return text
