"""The few things about the look of a page that a theme cannot say."""

import streamlit as st

from resnet.ui.app import server

_STYLE = """<style>
/* The header lies over the top of the page: what is below it can be clicked, and so can its own buttons. */
[data-testid="stHeader"] { background: transparent; height: 2.75rem; }
[data-testid="stHeader"], [data-testid="stToolbar"] { pointer-events: none; }
[data-testid="stHeader"] button { pointer-events: auto; }
[data-testid="stMainBlockContainer"] { padding: 2.75rem 3rem 3rem; max-width: 76rem; }
[data-testid="stMainBlockContainer"] h1 { padding: 0 0 0.2rem; font-size: 1.9rem; }
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] { gap: 0.7rem; }
/* One row of controls: labels on one line, each with its help beside it. */
[data-testid="stMain"] button[data-variant="segmented_control"] { min-height: 2.5rem; }
:is([data-testid="stMain"], [data-testid="stPopoverBody"]) [data-testid="stWidgetLabel"] > div {
  flex: none; margin-left: 0.35rem; }
@media (max-width: 1100px) { [data-testid="stMainBlockContainer"] { padding: 2.75rem 1.5rem 3rem; } }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 3rem 1rem 2rem; } }
</style>"""

_ACCESSIBLE = f"<style>{(server.ASSETS / 'ui' / 'accessible.css').read_text(encoding='utf-8')}</style>"


def apply() -> None:
    """Call once in each run."""
    st.html(_STYLE)
    st.html(_ACCESSIBLE)
