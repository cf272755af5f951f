"""Choices in the address, by ids that no language changes; the English labels that older links hold are understood.

Streamlit's own ``bind`` would write the label that the visitor reads.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from resnet.i18n import _, speaking

Labels = Mapping[str, str]  # id -> label
_UNDER_WAY = 5.0  # seconds in which the browser may still send words that were written or replaced here
_KEY = "address"


@dataclass
class _Word:
    """What the address says behind a word by our last writing, and what it may say in between, and when."""

    written: str = ""
    recent: list[tuple[float, str]] = field(default_factory=list)
    page: str = ""  # where the widget was shown last


def went_back() -> bool:
    """Whether the visitor came by the browser's back or forward button, which may restore what was just replaced."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def follow(word: str, options: Labels, default: str, make: Callable[[], Labels] | None = None) -> str:
    """Make the widget `word` show what the address newly says, else what was chosen last, else `default`.

    Call it right before the widget. Returns the widget's key, which is the word. `make` gives the options in the
    language that is spoken, where labels are more than one text.
    """
    text = _news(word)
    asked = meaning(text, options, make) if text else default if text is not None and went_back() else None
    found = (asked, st.session_state.get(word), st.session_state.get(_kept(word)))
    shown = next((one for one in found if one in options), default)
    page = getattr(get_script_run_ctx(), "page_script_hash", "")
    if st.session_state.get(word) != shown or _word(word).page != page:
        st.session_state[word] = shown  # another page's widget of that key is another widget: it hands nothing on
    _word(word).page = page
    return word


def tell(word: str, chosen: str, default: str) -> None:
    """Make the address say the choice; the default stands for itself."""
    st.session_state[_kept(word)] = chosen
    known, now = _word(word), time.monotonic()
    text, present = "" if chosen == default else chosen, st.query_params.get(word, "")
    recent = [(at, old) for at, old in known.recent if now - at < _UNDER_WAY]
    known.recent = [*recent, *((now, old) for old in {known.written, present} if old != text)]
    known.written = text
    if text and text != present:
        st.query_params[word] = text
    elif present and not text:
        del st.query_params[word]


def meaning(text: str, options: Labels, make: Callable[[], Labels] | None = None) -> str | None:
    """The option that a word in an address names, by its id or by its label in English; None for none."""
    for name in (text, text.lower()):  # labels of older links that were the id with a capital: Train, Test, Both
        if name in options:
            return name
    known = dict(options)
    if make:
        with speaking("en"):
            known = {**options, **make()}
    return next((name for name, label in known.items() if label in (text, _(text))), None)


def _news(word: str) -> str | None:
    """What somebody else has written into the address; None for nothing new, empty where the word was taken away.

    A change of page takes it away: that is no choice, unless the visitor went back to where there was none.
    """
    known, text = _word(word), st.query_params.get(word, "")
    late = any(text == old and time.monotonic() - at < _UNDER_WAY for at, old in known.recent)
    if text == known.written or (late and not went_back()):
        return None
    known.written = text
    return text


def _word(word: str) -> _Word:
    words: dict[str, _Word] = st.session_state.setdefault(_KEY, {})
    return words.setdefault(word, _Word())


def _kept(word: str) -> str:
    return f"{word}-kept"
