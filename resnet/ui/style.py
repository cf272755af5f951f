"""The few things about the look of a page that a theme cannot say."""

import streamlit as st

_STYLE = """<style>
[data-testid="stHeader"] { background: transparent; height: 2.75rem; }
[data-testid="stMainBlockContainer"] { padding: 2.75rem 3rem 3rem; max-width: 76rem; }
[data-testid="stMainBlockContainer"] h1 { padding: 0 0 0.2rem; font-size: 1.9rem; }
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] { gap: 0.7rem; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 3rem 1rem 2rem; } }
</style>"""


def apply() -> None:
    """Call once in each run."""
    st.html(_STYLE)
