"""What is chosen on the Lesions page: nets, step, statistics, and what is done to the blocks."""

from collections.abc import Mapping, Sequence

import streamlit as st

from resnet.analyses.cuts import Lesion, movable, neighbours, removable, shuffled, swapped
from resnet.charts.lesions import short
from resnet.i18n import _
from resnet.nets.structure import block_names
from resnet.runs.store import LAST
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, subjects, widgets

KEPT, ANEW = "kept", "anew"
AUTOMATIC, NONE = "automatic", "none"


def trained(bench: Bench) -> dict[str, int]:
    """The places on the bench of the nets that are trained, by name."""
    own = subjects.on_bench(bench, backend.runs(bench))
    return {subject.look.label: place for place, subject in enumerate(own) if subject.run}


def choose_nets(bench: Bench, names: Mapping[str, int]) -> tuple[int, ...]:
    """Menus of the trained nets: the one that is cut, and the one beside it."""
    about = _("The trained net whose blocks are deleted.")
    titles = {name: _title(bench, place, name) for name, place in names.items()}
    net = widgets.menu("lesioned", _("Net"), titles, about, 190)
    options = {AUTOMATIC: _("Automatic"), NONE: _("None"), **titles}
    options.pop(net)
    about = _("Automatic: the twin where it is trained, else a net of the other kind, else the next one.")
    beside = widgets.menu("beside", _("Beside it"), options, about, 190)
    other = partner(bench, names, net) if beside == AUTOMATIC else names.get(beside)
    return (names[net],) if other is None else (names[net], other)


def _title(bench: Bench, place: int, name: str) -> str:
    """The name of a trained net, and whether its run came with the app."""
    recorded = backend.runs(bench)[bench.nets[place]].recorded
    return _("{net}, recorded", net=name) if recorded else name


def partner(bench: Bench, names: Mapping[str, int], net: str) -> int | None:
    """The place of the net that stands beside another by default; None where there is no other."""
    own, others = bench.nets[names[net]], [place for name, place in names.items() if name != net]
    twins = [place for place in others if own.twin() == bench.nets[place] or bench.nets[place].twin() == own]
    kinds = [place for place in others if bench.nets[place].block != own.block]
    return next(iter([*twins, *kinds, *others]), None)


def choose_norms() -> bool:
    """Whether the statistics of batch norm are estimated anew after each cut."""
    options = {KEPT: _("As trained"), ANEW: _("Estimated anew")}
    about = _(
        "As trained: as in Veit et al., the statistics of batch norm are those of the whole net. Estimated anew: after "
        "each cut they are taken from 512 training images, so that the norms fit what is left; no weight changes. "
        "Other norms have no statistics to keep."
    )
    return widgets.choice("norms", _("Batch norm"), options, about) == ANEW


def choose_step(bench: Bench, place: int) -> int:
    """The step after which the net is cut, where its run has kept more than the last."""
    run = backend.runs(bench)[bench.nets[place]]
    steps = backend.kept_steps(run)
    if len(steps) < 2:
        return LAST
    if st.session_state.get("lesion-step") not in steps:
        st.session_state.pop("lesion-step", None)
    about = _("The net as it was after so many steps; the net beside it too, where its run has kept that step.")
    chosen = st.select_slider(
        _("After step"), steps, steps[-1], key="lesion-step", bind="query-params", width=110, help=about
    )
    return LAST if chosen == steps[-1] else int(chosen)


def choose_lesion(net: NetSpec) -> Lesion:
    """What is deleted, swapped and shuffled."""
    names = {short(name): name for name in removable(net)}
    deleted = _choose_deleted(list(names))
    about = _("Blocks of equal shape in other places of their stage.")
    with st.popover(_("Swap or shuffle"), icon=":material/swap_horiz:", help=about):
        order = _choose_order(net)
    return Lesion(tuple(names[name] for name in sorted(deleted, key=list(names).index)), order)


def _choose_order(net: NetSpec) -> tuple[str, ...]:
    """The order of the blocks; empty for that of the net."""
    pairs = {short(a): (a, b) for a, b in neighbours(net)}
    options = {"": _("None")} | {word: f"{short(a)} ↔ {short(b)}" for word, (a, b) in pairs.items()}
    about = _("Two neighbours of equal shape in each other's place.")
    swap = widgets.menu("swap", _("Swap"), options, about)
    count, draw = _choose_shuffle(len(movable(net)))
    order = shuffled(net, count, draw) if count else block_names(net)
    order = swapped(order, *pairs[swap]) if swap else order
    return () if order == block_names(net) else order


def _choose_deleted(names: Sequence[str]) -> list[str]:
    if known := st.session_state.get("cut"):
        st.session_state["cut"] = [name for name in known if name in names]  # another net has other blocks
    about = _("Stage and block, as in 2.1. A click on a block in the drawing, or on its bar, does the same.")
    return list(
        st.multiselect(_("Deleted blocks"), names, key="cut", bind="query-params", width=300, help=about,
                       placeholder=_("None"))
    )  # fmt: skip


def _choose_shuffle(most: int) -> tuple[int, int]:
    """How many blocks change places, and the seed of the draw."""
    if most < 2:
        return 0, 0
    if st.session_state.get("shuffle", 0) > most:
        st.session_state["shuffle"] = most
    about = _(
        "So many blocks are drawn and change places within their stages; one that is drawn alone in its stage stays."
    )
    count = st.slider(_("Shuffle"), 0, most, 0, key="shuffle", bind="query-params", help=about)
    about = _("Another draw of the shuffled blocks.")
    draw = st.number_input(_("Draw"), 0, 999, 0, key="draw", bind="query-params", help=about, disabled=not count)
    return count, int(draw)


def toggle(key: str) -> None:
    """A block was clicked in that chart: delete it, or put it back."""
    told = st.session_state[key].picked
    if isinstance(told, str):
        gone = list(st.session_state.get("cut") or [])
        st.session_state["cut"] = [name for name in gone if name != told] if told in gone else [*gone, told]
