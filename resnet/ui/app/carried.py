"""Words that stay in the address on every page, whatever page one goes to."""

import streamlit as st

from resnet.ui.app import language

COURSE = "course"  # how far one has come in the lessons
CLASS = "class"  # whose guesses and runs are pooled
TEACH, SLIDE, KEY = (
    "teach",
    "slide",
    "teacher-key",
)  # a teacher's: the mode, what is shown, and what makes one a teacher
SHARED = frozenset({language.WORD, CLASS})  # the others are of one visitor: no link that is copied has them
WORDS = {language.WORD, COURSE, CLASS, TEACH, SLIDE, KEY}


def keep(word: str, text: str) -> None:
    """Let the address say `text` for the word; a change of page has dropped it."""
    if st.query_params.get(word, "") == text:
        return
    if text:
        st.query_params[word] = text
    else:
        del st.query_params[word]
