"""How one net is drawn and named: the visitor's own name, colour and line."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from resnet.i18n import _
from resnet.specs.bench import LINES, MAX_LABEL, Entry
from resnet.ui.bench import session
from resnet.ui.parts import widgets


def pane(uid: int, entry: Entry, colour: str) -> None:
    """The widgets; `colour` is the one that the net is drawn in."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.text_input(
            _("Own name"),
            max_chars=MAX_LABEL,
            placeholder=str(entry.net),
            key=widgets.hold(f"label-{uid}", entry.label),
            help=_("A name of your own, for legends and links. Empty: the net's own."),
            on_change=partial(_set_look, uid, "label"),
        )
        st.color_picker(
            _("Colour"),
            key=widgets.hold(f"colour-{uid}", entry.colour or colour),
            help=_("The colour of the net's line in every chart."),
            on_change=partial(_set_look, uid, "colour"),
        )
        st.selectbox(
            _("Line"),
            ["", *LINES],
            format_func=_line_label(LINES),
            key=widgets.hold(f"line-{uid}", entry.line),
            help=_("The style of the net's line in every chart."),
            on_change=partial(_set_look, uid, "line"),
        )


def _line_label(lines: Mapping[str, str]) -> "partial[str]":
    return partial(lambda name: _(lines[name]) if name else _("By kind"))


def _set_look(uid: int, name: str) -> None:
    value = st.session_state[f"{name}-{uid}"]
    session.change_entry(uid, lambda bench, at: bench.replace(at, bench.entries[at].but(**{name: value})))
