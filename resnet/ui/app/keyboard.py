"""What can be done by keyboard alone: the shortcuts, and the list of them."""

from html import escape

import streamlit as st

from resnet.i18n import _

TRAIN, STOP = "Alt+T", "Alt+S"  # with a modifier, so that nobody trains by typing (WCAG 2.1, 2.1.4)
PLAY = "Alt+P"  # of assets/ui/player.js

_STYLE = """<style>
.keyboard { border-collapse: collapse; }
.keyboard td, .keyboard th { border: 0; padding: 0.15rem 0.9rem 0.15rem 0; text-align: left; font-weight: inherit; }
.keyboard kbd { white-space: nowrap; }
</style>"""


def popover() -> None:
    """The list, behind a button."""
    with st.popover(_("Keyboard"), icon=":material/keyboard:", type="tertiary", key="keyboard"):
        rows = "".join(f'<tr><th scope="row">{_keys(keys)}</th><td>{escape(text)}</td></tr>' for keys, text in _list())
        st.html(f'{_STYLE}<table class="keyboard">{rows}</table>')
        st.caption(_("On a Mac, Alt is the Option key."))


def _list() -> list[tuple[str, str]]:
    return [
        (TRAIN, _("Train the bench; when it is trained, train it again")),
        (STOP, _("Stop what trains")),
        (PLAY, _("Play or pause the film of the steps")),
        ("← →", _("While teaching: to the slide before or to the next")),
        ("Tab", _("To the next control; with Shift to the one before")),
        ("← →", _("Along a slider, a row of choices, the tools or the curves of a chart")),
        ("Space", _("Press the button; on a curve of a chart: hide or show it")),
        ("Esc", _("Close what is open")),
    ]


def _keys(keys: str) -> str:
    return " + ".join(f"<kbd>{escape(key)}</kbd>" for key in keys.split("+"))
