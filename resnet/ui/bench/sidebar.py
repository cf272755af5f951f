"""The bench in the side bar: one action, one line of tools, and a depth slider for every net."""

from html import escape

import streamlit as st

from resnet.charts.ink import ink
from resnet.charts.look import Look
from resnet.findings.text import listed, plain
from resnet.i18n import _
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.ui.bench import actions, depth, joining, net_settings, recipe, session
from resnet.ui.parts import widgets
from resnet.ui.parts.swatch import swatch

# Four nets with their sliders fit on one screen of 800 pixels.
_STYLE = """<style>
[data-testid="stSidebarHeader"] { height: 2.25rem; padding-bottom: 0; margin-bottom: 0; }
[data-testid="stSidebarUserContent"] { padding-top: 0.75rem; padding-bottom: 1rem; }
[data-testid="stSidebar"] .net { display: flex; align-items: center; gap: 0.5rem; overflow: hidden;
  white-space: nowrap; }
[data-testid="stSidebar"] .net i { flex: none; width: 1.75rem; }
[data-testid="stSidebar"] .net b { overflow: hidden; text-overflow: ellipsis; }
[data-testid="stSidebar"] [class*="st-key-net-"] button { min-height: 1.5rem; padding-top: 0; padding-bottom: 0; }
/* The tools keep their words whole, in Firefox's wider letters too: rather a second line than "Li…". */
.st-key-tools { flex-wrap: wrap !important; column-gap: 0.75rem; row-gap: 0; }
.st-key-tools > * { flex: none !important; width: auto !important; max-width: 100%; }
.st-key-tools button * { overflow: visible; text-overflow: clip; white-space: nowrap; }
[data-testid="stPopoverButton"][aria-expanded="true"] { color: inherit; } /* Streamlit's is unreadable in the dark */
</style>"""


def sidebar() -> None:
    """Draw the bench; `main` calls it on every page."""
    st.html(_STYLE)
    bench = session.current()
    with st.sidebar, st.container(gap="xsmall"):
        actions.train_button()
        _tools(bench)
        _before()
        if refusal := session.refusal():
            st.warning(plain(refusal), icon=":material/info:")
        for place, ((uid, entry), look) in enumerate(zip(session.entries(), session.looks(bench), strict=True)):
            _net(uid, place, entry, look, bench)
        st.caption(plain(recipe.summary(bench.recipe)))


def _tools(bench: Bench) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="tools"):
        full = len(bench.entries) >= LIMITS.max_nets
        st.button(
            _("Net"),
            key="add",
            icon=":material/add:",
            type="tertiary",
            disabled=full,
            help=_("The bench is full: remove a net first.") if full else _("Put one more net on the bench."),
            on_click=session.change,
            args=(Bench.add,),
        )
        recipe.popover(bench.recipe)
        _link()


def _before() -> None:
    """The way back to a bench that was replaced as a whole."""
    if earlier := session.before():
        st.button(
            _("Back to {nets}", nets=plain(earlier.summary)),
            key="bench-before",
            icon=":material/undo:",
            type="tertiary",
            help=_("Put back what was on the bench before: {nets}.", nets=plain(listed(earlier.names))),
            on_click=session.go_back,
        )


def _link() -> None:
    text = _("The address that brings back this bench and page in any browser.")
    with widgets.lazy_popover(_("Link"), "link", "link", text, height=300) as opened:
        if opened:
            joining.pane()


def _net(uid: int, place: int, entry: Entry, look: Look, bench: Bench) -> None:
    with st.container(gap=None, key=f"net-{uid}"):
        with st.container(horizontal=True, wrap=False, gap="small", vertical_alignment="center"):
            name = escape(look.label)
            line = swatch(look.colour, look.dash, look.symbol)
            head = f'<div class="net" data-net="{place}" style="color:{ink(look.colour)}" title="{name}">'
            st.html(f"{head}{line}<b>{name}</b></div>")
            net_settings.popover(uid, entry, look.colour)
        depth.slider(uid, place, entry, bench)
