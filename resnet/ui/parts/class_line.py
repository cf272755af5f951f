"""The line in the side bar that says in which class one is, who else is there, and lets one leave."""

from html import escape

import streamlit as st

from resnet.i18n import _, plural
from resnet.ui.app import pages
from resnet.ui.parts import classroom, panels, visitors

_STYLE = """<style>
.st-key-class { align-items: center; row-gap: 0; }
.st-key-class [data-live] { font-size: 0.875rem; }
</style>"""


def show() -> None:
    """In the side bar; nothing outside of a class."""
    if not (word := classroom.current()):
        return
    shown = panels.show(panels.panel(_drawn, word, news=visitors.in_room))
    with st.sidebar, st.container(horizontal=True, gap="small", vertical_alignment="center", key="class"):
        st.html(f'{_STYLE}<div data-live="{shown.part("line")}">{shown.content["line"]}</div>', width="content")
        board = pages.named("class_board")
        st.page_link(board.path, label=_("Board"), width="content")
        text = _("Be in no class any more. Your guesses and runs stay with the class.")
        st.button(_("Leave"), key="class-leave", type="tertiary", help=text, on_click=classroom.leave)


def _drawn(word: str) -> dict[str, str]:
    here = visitors.in_room(word)
    return {"line": escape(plural("Class {word} · {count} here", "Class {word} · {count} here", here, word=word))}
