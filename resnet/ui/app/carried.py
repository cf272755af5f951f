"""Words that stay in the address on every page, whatever page one goes to."""

from collections.abc import Callable

import streamlit as st

from resnet.ui.app import language

PROGRESS = "course"  # how far one has come in the lessons
CLASS = "class"  # whose guesses and runs are pooled
TEACH, SLIDE = "teach", "slide"  # a teacher's mode, and what is shown
KEY = "teacher-key"  # makes one more browser the teacher's
SHARED = frozenset({language.WORD, CLASS})  # the others are of one visitor: no link that is copied has them
WORDS = {language.WORD, PROGRESS, CLASS, TEACH, SLIDE, KEY}


def keep(word: str, text: str) -> None:
    """Let the address say `text` for the word; a change of page has dropped it."""
    if st.query_params.get(word, "") == text:
        return
    if text:
        st.query_params[word] = text
    else:
        del st.query_params[word]


def follow(word: str, accept: Callable[[str], str]) -> str:
    """What a visitor has: what the address newly says, else what it said before, until it is `put` otherwise.

    `accept` gives what a new text stands for, empty for one that cannot be used. Call in each run.
    """
    asked = st.query_params.get(word, "")
    if asked and asked not in (kept(word), st.session_state.get(_late(word))):
        st.session_state[_kept(word)] = accept(asked) or kept(word)
    if asked in ("", kept(word)):
        st.session_state.pop(_late(word), None)
    keep(word, kept(word))
    return kept(word)


def kept(word: str) -> str:
    """What the visitor has behind that word; empty for nothing."""
    found: str = st.session_state.get(_kept(word), "")
    return found


def put(word: str, text: str) -> None:
    """From now on `text`, or nothing; what the browser sends for a moment yet is no wish. For callbacks."""
    st.session_state[_late(word)] = kept(word)
    st.session_state[_kept(word)] = text


def _kept(word: str) -> str:
    return f"{word} carried"


def _late(word: str) -> str:
    return f"{word} late"
