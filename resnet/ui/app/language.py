"""Which language a visitor reads: ``?lang=`` in the address, else the browser's, else English."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from resnet.i18n import LANGUAGES, speak, use_language

WORD = "lang"
_KEY = "language"


def follow_language() -> None:
    """Read the visitor's language and keep ``lang`` in the address, which a change of page drops."""
    asked = st.query_params.get(WORD, "")
    if asked in LANGUAGES:
        st.session_state[_KEY] = asked
    chosen = st.session_state.get(_KEY)
    if chosen and asked != chosen:
        st.query_params[WORD] = chosen
    speak(language())


def language() -> str:
    """The current visitor's language; English outside a page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return "en"
    chosen: str | None = st.session_state.get(_KEY)
    browser = (st.context.locale or "en").split("-")[0]
    return chosen or (browser if browser in LANGUAGES else "en")


use_language(language)
