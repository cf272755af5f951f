"""The teacher's mode: a word of the link for a projector, or for the screen that the teacher alone sees."""

import streamlit as st

from resnet.ui.app import carried

ROOM, NOTES = "1", "notes"  # what the room sees, and the same with the teacher's notes
SCALE = 1.25  # of all type, and of type and lines in charts (assets/ui/plot.js)
_STYLE = f"""<style>
html {{ font-size: {16 * SCALE:g}px !important; }}
:root {{ --resnet-scale: {SCALE}; }}
[data-testid="stMainBlockContainer"] {{ padding: 0.5rem 1.5rem 1rem !important; max-width: none; }}
.st-key-ways, .st-key-unguessed {{ display: none !important; }} /* the bar leads on, and guessing comes first */
</style>"""


def follow() -> None:
    """Read the mode from the address and keep it there; call in each run, before a page is drawn."""
    carried.follow(carried.TEACH, lambda asked: asked if asked in (ROOM, NOTES) else "")


def mode() -> str:
    """ROOM, NOTES, or empty."""
    return carried.kept(carried.TEACH)


def begin(mode: str) -> None:
    """Callback: teach from now on."""
    carried.put(carried.TEACH, mode)


def end() -> None:
    """Callback: back to the page as everybody sees it."""
    for word in (carried.TEACH, carried.SLIDE):
        carried.put(word, "")
        carried.keep(word, "")


def style() -> None:
    """Larger type and thicker lines; nothing outside of the mode."""
    if mode():
        st.html(_STYLE)
