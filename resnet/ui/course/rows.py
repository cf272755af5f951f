"""A guess for each row of a lesson's picture, before its answer; what was guessed stays for the session."""

from collections.abc import Iterable, Mapping

import streamlit as st

from resnet.i18n import _


def ask(lesson: str, rows: Mapping[str, str], options: Mapping[str, str]) -> None:
    """A row of buttons for each of `rows` (label by name); nobody has to press one."""
    for row, label in rows.items():
        st.segmented_control(
            label,
            list(options),
            format_func=options.__getitem__,
            key=_key(lesson, row),
            persist_state="session",
            help=_("If you like: it is compared with what was measured once you have answered the question."),
        )


def guessed(lesson: str, rows: Iterable[str]) -> dict[str, str]:
    """The guesses that there are, by the rows' names."""
    found = {row: st.session_state.get(_key(lesson, row)) for row in rows}
    return {row: guess for row, guess in found.items() if guess}


def _key(lesson: str, row: str) -> str:
    return f"row-{lesson}-{row}"
