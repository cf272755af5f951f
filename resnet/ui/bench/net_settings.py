"""The tune button of one net: everything about it that is not its place on the depth slider."""

import re
from functools import partial

import streamlit as st

from resnet import catalog
from resnet.findings.options import about
from resnet.i18n import C_, N_, _
from resnet.specs import NET_RANGES, NetSpec, SpecError, depths, obstacle
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.specs.net import PLAIN_ORDERS
from resnet.specs.options import NET_OPTIONS
from resnet.ui.bench import appearance, session
from resnet.ui.parts import widgets

_HEIGHT = 330  # pixels of the popover's content
_MENUS = {
    "family": (N_("Family"), N_("For which images the net is made.")),
    "branch": (N_("Branch"), N_("What a block's branch is made of.")),
    "stride_at": (N_("Stride"), N_("Where a bottleneck halves the size.")),
    "shortcut": (N_("Shortcut"), N_("How the block's input gets past the branch.")),
    "order": (N_("Order"), N_("Where norm and activation stand in a block.")),
    "norm": (N_("Normalisation"), N_("What keeps the size of the signal.")),
    "activation": (N_("Activation"), N_("The function between the convolutions; the order says where it stands.")),
    "init": (N_("Initialisation"), N_("What the convolutions' weights are before the first step.")),
}
_NUMBERS = {
    "depth": (
        N_("Depth"),
        N_("Layers with weights: the first convolution, those of the branches, and the last layer."),
        1,
    ),
    "width": (
        N_("Width"),
        N_(
            "Channels of the first stage's 3x3 convolutions; each further stage has twice as many. The papers take 16 "
            "for CIFAR and 64 for ImageNet."
        ),
        4,
    ),
    "shortcut_scale": (
        N_("λ, shortcut"),
        N_("The shortcut is multiplied by this. He et al. 2016 tried 0 and 0.5."),
        0.05,
    ),
    "branch_scale": (N_("μ, branch"), N_("The branch is multiplied by this. He et al. 2016 tried 0.5 and 1."), 0.05),
    "gate_bias": (
        N_("Gate bias"),
        N_("Where gates start: at -6 they let 99.75 % of the shortcut pass, at 0 half of it."),
        1.0,
    ),
    "survival": (
        N_("Survival p_L"),
        N_("Stochastic depth: the last branch's chance to take part in a step; earlier ones have more. 1: always."),
        0.1,
    ),
}


def popover(uid: int, entry: Entry, colour: str) -> None:
    """The button and, while it is open, the widgets of one net; `colour` is the one that it is drawn in."""
    # Heard, not seen; assets/ui/depth.js adds the net's name: with another label this would be another popover.
    label, text = _("Settings"), _("Kind, exact depth, block, start, name, colour and more.")
    with widgets.lazy_popover(label, f"tune-{uid}", "tune", text, height=_HEIGHT) as opened:
        if opened:
            _panes(uid, entry, colour)
            _buttons(uid, entry)


def _panes(uid: int, entry: Entry, colour: str) -> None:
    """The kind of net, then one group of widgets at a time."""
    panes = {"size": _("Size"), "block": _("Block"), "start": C_("of a net", "Start"), "look": _("Look")}
    with st.container(horizontal=True, gap="medium"):
        st.segmented_control(
            _("Kind"),
            list(catalog.BLOCKS),
            required=True,
            format_func=widgets.labels(catalog.BLOCKS),
            key=widgets.hold(f"block-{uid}", entry.net.block),
            help=widgets.explain(_("What a block does."), catalog.BLOCKS),
            on_change=partial(set_net, uid, "block"),
        )
        pane = st.segmented_control(
            _("Settings"),
            list(panes),
            default="size",
            required=True,
            format_func=panes.__getitem__,
            key=f"pane-{uid}",
            help=_(
                "Size: depth and width. Block: what a block is made of. Start: weights and classes. Look: name, line."
            ),
        )
    show = {"size": _size, "block": _block, "start": _start}
    if pane == "look":
        appearance.pane(uid, entry, colour)
    else:
        show[pane](uid, entry.net)


def _size(uid: int, net: NetSpec) -> None:
    possible = depths(net.branch, net.family)
    with st.container(horizontal=True, gap="small"):
        _menu(uid, "family", net)
        _menu(uid, "branch", net)
        st.segmented_control(
            _("Stem stride"),
            [1, 2],
            required=True,
            key=widgets.hold(f"stem_stride-{uid}", net.stem_stride),
            help=_("2 halves the image before the first block: a quarter of the work. The papers take 1 for CIFAR."),
            disabled=net.family == "imagenet",
            on_change=partial(set_net, uid, "stem_stride"),
        )
    with st.container(horizontal=True, gap="small"):
        _number(uid, "depth", net, (possible.start, possible[-1]), possible.step)
        _number(uid, "width", net)
        st.text_input(
            _("Blocks per stage"),
            key=widgets.hold(f"stages-{uid}", ".".join(map(str, net.blocks))),
            max_chars=40,
            help=_("How many blocks each stage has, as in 3.4.6.3; the depth follows. A new depth spreads them again."),
            on_change=partial(_set_stages, uid),
        )


def _block(uid: int, net: NetSpec) -> None:
    with st.container(horizontal=True, gap="small"):
        _menu(uid, "shortcut", net)
        _menu(uid, "order", net)
    with st.container(horizontal=True, gap="small"):
        for name in ("shortcut_scale", "branch_scale", "gate_bias"):
            if not obstacle(name, net):
                _number(uid, name, net)
        if not obstacle("stride_at", net):
            _menu(uid, "stride_at", net)
        _menu(uid, "norm", net)
        _menu(uid, "activation", net)


def _start(uid: int, net: NetSpec) -> None:
    with st.container(horizontal=True, gap="small"):
        _menu(uid, "init", net)
        _number(uid, "survival", net, disabled=bool(obstacle("survival", net)))
        st.number_input(
            _("Classes"),
            0,
            1_000,
            key=widgets.hold(f"classes-{uid}", net.classes),
            help=_("Outputs of the net; 0 takes the data set's. The course notes have 200, whatever the data."),
            on_change=partial(set_net, uid, "classes"),
        )
    with st.container(horizontal=True, gap="medium"):
        for name in catalog.SWITCHES:
            _switch(uid, name, net)


def _switch(uid: int, name: str, net: NetSpec) -> None:
    record, reason = catalog.SWITCHES[name], obstacle(name, net)
    st.toggle(
        _(record.label),
        key=widgets.hold(f"{name}-{uid}", getattr(net, name)),
        help=f"{about(record)} {reason}".strip(),
        disabled=bool(reason),
        on_change=partial(set_net, uid, name),
    )


def _number(
    uid: int,
    name: str,
    net: NetSpec,
    bounds: tuple[float, float] | None = None,
    step: float | None = None,
    disabled: bool = False,
) -> None:
    label, text, usual = _NUMBERS[name]
    low, high = bounds or NET_RANGES[name]
    key = f"exact-{name}-{uid}" + (f"-{low}-{step}" if name == "depth" and (low, step) != _BASIC else "")
    st.number_input(
        _(label),
        low,
        high,
        step=step or usual,
        key=widgets.hold(key, getattr(net, name)),
        help=_(text),
        disabled=disabled,
        on_change=partial(set_net, uid, name, key),
    )


_BASIC = (LIMITS.min_depth, 2)  # the usual depths; a number field with other bounds is another widget


def _menu(uid: int, name: str, net: NetSpec) -> None:
    label, text = _MENUS[name]
    options = {word: record for word, record in NET_OPTIONS[name].items() if _fits(name, word, net)}
    st.selectbox(
        _(label),
        list(options),
        format_func=widgets.labels(options),
        key=widgets.hold(f"{name}-{uid}", getattr(net, name)),
        help=widgets.explain(_(text), options),
        disabled=bool(obstacle(name, net)),
        on_change=partial(set_net, uid, name),
    )


def _fits(name: str, word: str, net: NetSpec) -> bool:
    """Whether this net can have the option: a plain net has some of the orders only."""
    return name != "order" or net.block == "residual" or word in PLAIN_ORDERS


def _set_stages(uid: int) -> None:
    """Callback: the blocks of each stage from a text such as 3.4.6.3."""
    text = st.session_state[f"stages-{uid}"]
    session.change_entry(uid, lambda bench, at: bench.replace(at, _with_stages(bench.entries[at], text)))


def _with_stages(entry: Entry, text: str) -> Entry:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,4})*", text.strip()):
        raise SpecError(_("blocks per stage are numbers with points between, as in 3.4.6.3"))
    return entry.change_net(stages=tuple(int(count) for count in text.strip().split(".")))


def _buttons(uid: int, entry: Entry) -> None:
    bench = session.current()
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Add twin"),
            key=f"twin-{uid}",
            icon=":material/content_copy:",
            disabled=len(bench.entries) >= LIMITS.max_nets or entry.net.twin() in bench.nets,
            help=_("Put {twin} on the bench: the same net with and without shortcuts.", twin=entry.net.twin()),
            on_click=session.change_entry,
            args=(uid, Bench.twin),
        )
        st.button(
            _("Remove"),
            key=f"remove-{uid}",
            icon=":material/delete:",
            disabled=len(bench.entries) == 1,
            help=_("Take this net off the bench. Its runs are kept, and one that trains goes on."),
            on_click=session.change_entry,
            args=(uid, Bench.remove),
        )
        st.button(
            _("Reset look"),
            key=f"reset-{uid}",
            disabled=not (entry.label or entry.colour or entry.line),
            help=_("Back to the net's own name, colour and line."),
            on_click=session.change_entry,
            args=(uid, _reset),
        )


def _reset(bench: Bench, index: int) -> Bench:
    return bench.replace(index, Entry(net=bench.entries[index].net))


def set_net(uid: int, name: str, key: str = "") -> None:
    """Callback: give one net the value of the widget `key`, by default ``name-uid``."""
    value = st.session_state[key or f"{name}-{uid}"]
    session.change_entry(uid, lambda bench, at: bench.replace(at, bench.entries[at].change_net(**{name: value})))
