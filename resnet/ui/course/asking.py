"""The guess before the answer."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from resnet.i18n import _
from resnet.lessons import Lesson
from resnet.ui.course import guesses, progress
from resnet.ui.parts import widgets

_IN_A_ROW = 44  # letters of all options; longer ones stand below each other


def ask(record: Lesson) -> bool:
    """Let the visitor guess; whether the answer may be seen."""
    guessed, held = progress.current().guesses.get(record.name), guesses.held(record.name)
    options = {option.name: _(option.label) for option in record.options}
    _choice(record, options, guessed)
    if guessed is None and not held:
        st.button(
            _("Show the answer without a guess"),
            key="unguessed",
            type="tertiary",
            help=_("The lesson goes on; you can still guess afterwards."),
            on_click=progress.guess,
            args=(record, ""),
        )
    guesses.pooled(record.name, options, guessed)
    return guessed is not None and not held


def _choice(record: Lesson, options: Mapping[str, str], guessed: str | None) -> None:
    key = widgets.hold(f"guess-{record.name}", guessed or None)
    label, text = _("Your guess"), _("The answer appears once you have guessed. You may guess again.")
    places: dict[str, Any] = {"key": key, "help": text, "format_func": options.__getitem__}
    places["on_change"] = lambda: progress.guess(record, st.session_state[key])
    if sum(map(len, options.values())) <= _IN_A_ROW:
        st.segmented_control(label, list(options), **places)
    else:
        st.radio(label, list(options), **places)
