"""A small table under a lesson's picture: a line for each net, numbers in columns."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from resnet.charts.ink import ink
from resnet.charts.look import Look
from resnet.ui.parts.swatch import swatch

Lines = Sequence[tuple[Look, Sequence[str]]]

STYLE = """<style>
.lesson-table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.3; }
.lesson-table td, .lesson-table th { border: 0; padding: 0.16rem 0 0.16rem 1rem; text-align: right; }
.lesson-table th { font-weight: 400; opacity: 0.75; vertical-align: bottom; }
.lesson-table td:first-child { padding-left: 0; text-align: left; font-weight: 600; white-space: nowrap; }
.lesson-table i { display: inline-block; width: 1.75rem; vertical-align: middle; margin-right: 0.5rem; }
</style>"""


def show(heads: Sequence[str], lines: Lines) -> None:
    """`heads` of the columns after the name; each line has its net's look and as many texts."""
    st.html(STYLE + made(heads, lines))


def made(heads: Sequence[str], lines: Lines) -> str:
    """The same as HTML."""
    top = "".join(f"<th>{escape(head)}</th>" for head in ("", *heads))
    body = "".join(f"<tr>{_name(look)}{''.join(map(_cell, cells))}</tr>" for look, cells in lines)
    return f'<table class="lesson-table"><tr>{top}</tr>{body}</table>'


def show_part(html: str, part: str) -> None:
    """What `made` gave as a panel's `part`, which the browser follows."""
    st.html(f'{STYLE}<div data-live="{part}">{html}</div>')


def _cell(text: str) -> str:
    return f"<td>{escape(text)}</td>"


def _name(look: Look) -> str:
    colour = escape(look.colour)
    return f'<td style="color:{ink(colour)}">{swatch(colour, look.dash, look.symbol)}{escape(look.label)}</td>'
