"""What a visitor reads instead of a traceback: one sentence, wherever in a page the error came from."""

import logging
from itertools import count
from typing import NoReturn

import streamlit as st

from resnet.errors import UserError
from resnet.findings.text import plain
from resnet.runs.engine import shared

LOOK_EVERY = 5.0  # seconds between two looks whether it works again


def failed(error: UserError) -> NoReturn:
    """The page ends here, with one sentence, and is drawn anew as soon as the file of runs can be read."""
    _say(error)
    looks = count()

    def look_again() -> None:
        if next(looks) and _readable():  # not while the page is drawn
            st.rerun()

    st.fragment(look_again, run_every=LOOK_EVERY)()
    st.stop()


def told(error: Exception) -> bool:
    """Streamlit asks this about every error that nobody caught, as in a fragment; whether it need not be shown."""
    if not isinstance(error, UserError):
        return False
    _say(error)
    return True


def quiet_log() -> None:
    """Of errors that visitors read as a sentence the log keeps that sentence, not where it was raised."""
    logging.getLogger("streamlit.error_util").addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, UserError):
        record.msg, record.args, record.exc_info = "%s", (str(error),), None
    return True


def _say(error: UserError) -> None:
    st.error(plain(str(error)), icon=":material/error:")


def _readable() -> bool:
    try:
        shared().store.recent(1)
    except UserError:
        return False
    return True
