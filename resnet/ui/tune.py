"""The tune button of one net: everything about it that is not its place on the depth slider."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from resnet import catalog
from resnet.bench import LINES, MAX_LABEL, Bench, Entry
from resnet.limits import LIMITS
from resnet.specs import OPTIONS, NetSpec
from resnet.ui import bench, widgets
from resnet.words import N_, _

_HEIGHT = 340  # pixels of the popover's content
_MENUS = {
    "shortcut": (N_("Shortcut"), N_("How the block's input gets past a change of size.")),
    "norm": (N_("Normalisation"), N_("What stands between a convolution and its activation.")),
    "activation": (N_("Activation"), N_("The function after each convolution and each addition.")),
    "init": (N_("Initialisation"), N_("What the weights are before the first step.")),
}


def popover(uid: int, entry: Entry, colour: str) -> None:
    """The button and, while it is open, the widgets of one net; `colour` is the one that it is drawn in."""
    with widgets.lazy_popover(
        "", f"tune-{uid}", "tune", _("Kind, exact depth, width, name, colour and more."), height=_HEIGHT
    ) as opened:
        if opened:
            _architecture(uid, entry.net)
            _look(uid, entry, colour)
            _buttons(uid, entry)


def _architecture(uid: int, net: NetSpec) -> None:
    with st.container(horizontal=True, gap="small"):
        st.segmented_control(
            _("Kind"),
            list(catalog.BLOCKS),
            required=True,
            format_func=widgets.labels(catalog.BLOCKS),
            key=widgets.hold(f"block-{uid}", net.block),
            help=widgets.explain(_("What a block does."), catalog.BLOCKS),
            on_change=partial(set_net, uid, "block"),
        )
        st.segmented_control(
            _("Stem stride"),
            [1, 2],
            required=True,
            key=widgets.hold(f"stem_stride-{uid}", net.stem_stride),
            help=_("2 halves the image before the first block: four times faster. The papers take 1."),
            on_change=partial(set_net, uid, "stem_stride"),
        )
    with st.container(horizontal=True, gap="small"):
        _number(uid, "depth", net.depth, (LIMITS.min_depth, LIMITS.max_depth), 2, _DEPTH_HELP)
        _number(uid, "width", net.width, (LIMITS.min_width, LIMITS.max_width), 4, _WIDTH_HELP)
        _menu(uid, "shortcut", net)
    with st.container(horizontal=True, gap="small"):
        for name in ("norm", "activation", "init"):
            _menu(uid, name, net)


_DEPTH_HELP = N_("Layers with weights: the first convolution, two in each block, and the last layer. An even number.")
_WIDTH_HELP = N_("Channels of the first stage; the second has twice, the third four times as many. The papers take 16.")
_LABELS = {"depth": N_("Depth"), "width": N_("Width")}


def _number(uid: int, name: str, value: int, bounds: tuple[int, int], step: int, text: str) -> None:
    st.number_input(
        _(_LABELS[name]),
        *bounds,
        step=step,
        key=widgets.hold(f"exact-{name}-{uid}", value),
        help=_(text),
        on_change=partial(set_net, uid, name, f"exact-{name}-{uid}"),
    )


def _menu(uid: int, name: str, net: NetSpec) -> None:
    label, text = _MENUS[name]
    st.selectbox(
        _(label),
        list(OPTIONS[name]),
        format_func=widgets.labels(OPTIONS[name]),
        key=widgets.hold(f"{name}-{uid}", getattr(net, name)),
        help=widgets.explain(_(text), OPTIONS[name]),
        disabled=name == "shortcut" and net.block == "plain",
        on_change=partial(set_net, uid, name),
    )


def _look(uid: int, entry: Entry, colour: str) -> None:
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


def _buttons(uid: int, entry: Entry) -> None:
    table = bench.current()
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Add twin"),
            key=f"twin-{uid}",
            icon=":material/content_copy:",
            disabled=len(table.entries) >= LIMITS.max_nets or entry.net.twin() in table.nets,
            help=_("Put {twin} on the bench: the same net with and without shortcuts.", twin=entry.net.twin()),
            on_click=bench.change_entry,
            args=(uid, Bench.twin),
        )
        st.button(
            _("Remove"),
            key=f"remove-{uid}",
            icon=":material/delete:",
            disabled=len(table.entries) == 1,
            help=_("Take this net off the bench. Its runs are kept."),
            on_click=bench.change_entry,
            args=(uid, Bench.remove),
        )
        st.button(
            _("Reset look"),
            key=f"reset-{uid}",
            disabled=not (entry.label or entry.colour or entry.line),
            help=_("Back to the net's own name, colour and line."),
            on_click=bench.change_entry,
            args=(uid, _reset),
        )


def _reset(table: Bench, index: int) -> Bench:
    return table.replace(index, Entry(net=table.entries[index].net))


def set_net(uid: int, name: str, key: str = "") -> None:
    """Callback: give one net the value of the widget `key`, by default ``name-uid``."""
    value = st.session_state[key or f"{name}-{uid}"]
    bench.change_entry(uid, lambda table, at: table.replace(at, table.entries[at].change_net(**{name: value})))


def _set_look(uid: int, name: str) -> None:
    value = st.session_state[f"{name}-{uid}"]
    bench.change_entry(uid, lambda table, at: table.replace(at, table.entries[at].but(**{name: value})))
