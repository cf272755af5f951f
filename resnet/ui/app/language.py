"""Which language a visitor reads: ``?lang=`` in the address, else the browser's, else English."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from resnet import i18n
from resnet.i18n import LANGUAGES, _, speak, use_language
from resnet.ui.app import keyboard

WORD = "lang"
_KEY = "language"
_SPOKEN = "language spoken"  # in the run of the page before
# On the line of the button that folds the side bar, which is empty: the bench keeps its place.
_STYLE = """<style>
.st-key-languages { position: absolute; top: 0.75rem; left: 1.25rem; width: auto; z-index: 1; }
[data-testid="stLayoutWrapper"]:has(> .st-key-languages) { display: contents; } /* nor the gap of an empty line */
.st-key-languages button { min-height: 1.75rem; padding: 0 0.25rem; }
</style>"""


def follow_language() -> None:
    """Read the visitor's language and keep ``lang`` in the address, which a change of page drops."""
    asked = st.query_params.get(WORD, "")
    if asked in LANGUAGES:
        st.session_state[_KEY] = asked
    chosen = st.session_state.get(_KEY)
    if chosen and asked != chosen:
        st.query_params[WORD] = chosen
    spoken = language()
    if st.session_state.setdefault(_SPOKEN, spoken) != spoken:
        st.session_state[_SPOKEN] = spoken
        _show_choices_anew()
    speak(spoken)


def switch() -> None:
    """A button for every other language, on top of the side bar."""
    now = i18n.language()
    with st.sidebar, st.container(horizontal=True, gap="small", key="languages"):
        st.html(_STYLE)
        for code, name in LANGUAGES.items():
            if code != now:
                about = _("Show everything in this language.")
                st.button(name, key=f"read-{code}", type="tertiary", help=about, on_click=_choose, args=(code,))
        keyboard.popover()


def language() -> str:
    """The current visitor's language; English outside a page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return "en"
    chosen: str | None = st.session_state.get(_KEY)
    browser = (st.context.locale or "en").split("-")[0]
    return chosen or (browser if browser in LANGUAGES else "en")


def _choose(code: str) -> None:
    st.session_state[_KEY] = st.query_params[WORD] = code


def _show_choices_anew() -> None:
    """The browser holds the labels of the other language, which mean nothing in this one: it is told every choice."""
    for key, value in dict(st.session_state).items():
        parts = value if isinstance(value, list) else [value]
        if all(isinstance(part, str | int | float) and not isinstance(part, bool) for part in parts):
            st.session_state[key] = value


use_language(language)
