"""Who did it? The cells of the board, and what was measured."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.charts.analyses import BoardCell
from resnet.i18n import N_, _
from resnet.specs import NetSpec, Recipe, SpecError
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.specs.net import PLAIN_ORDERS
from resnet.ui.bench import session
from resnet.ui.parts import backend, visitors, waiting, widgets

COLUMNS = [(block, norm) for norm in ("batch", "none") for block in ("plain", "residual")]
MOST_ROWS = 8
TITLES = {
    ("plain", "batch"): N_("plain, batch norm"),
    ("residual", "batch"): N_("residual, batch norm"),
    ("plain", "none"): N_("plain, no norm"),
    ("residual", "none"): N_("residual, no norm"),
}


@dataclass(frozen=True)
class Row:
    """One combination that all four columns share."""

    activation: str
    init: str
    order: str

    @property
    def title(self) -> str:
        """E.g. "ReLU · He, fan-out"; the order only where it is not the original."""
        parts = [catalog.ACTIVATIONS[self.activation].label, catalog.INITS[self.init].label]
        parts += [catalog.ORDERS[self.order].label] if self.order != "original" else []
        return " · ".join(_(part) for part in parts)

    def net(self, column: tuple[str, str], depth: int) -> NetSpec:
        """The net of one cell."""
        block, norm = column
        return NetSpec(
            block=block, norm=norm, depth=depth, activation=self.activation, init=self.init, order=self.order
        )


def choose_depth() -> int:
    """Of all nets of the board: at the depth at which it opens some gradients explode and others vanish."""
    top = min(110, LIMITS.max_depth)
    about = _("Of all nets of the board; width 8, stem stride 2.")
    usual = LIMITS.depth(56)
    return st.slider(
        _("Depth"), LIMITS.min_depth, top - top % 2, min(usual, top - top % 2), 2,
        key="board-depth", width=220, persist_state="session", help=about,
    )  # fmt: skip


def choose_rows() -> list[Row]:
    """Activations, initialisations and orders: each combination is a row."""
    activations = _several("activation", _("Activations"), catalog.ACTIVATIONS, ["relu", "sigmoid"])
    inits = _several("init", _("Initialisations"), catalog.INITS, ["he", "torch"])
    orders = {name: catalog.ORDERS[name] for name in PLAIN_ORDERS}
    chosen = _several("order", _("Orders"), orders, ["original"])
    rows = [Row(activation, init, order) for order in chosen for activation in activations for init in inits]
    return rows[:MOST_ROWS]


def _several(name: str, label: str, options: dict[str, catalog.Choice], default: list[str]) -> list[str]:
    chosen: list[str] = st.multiselect(
        label,
        list(options),
        default,
        format_func=widgets.labels(options),
        key=f"board-{name}",
        persist_state="session",
        help=widgets.explain(_("Each choice is a row of the board, at most {most} in all.", most=MOST_ROWS), options),
    )
    return chosen or default


def measure(rows: Sequence[Row], depth: int, recipe: Recipe) -> tuple[dict[NetSpec, np.ndarray], int]:
    """The output gradient of every cell at step 0, and on how many images all of them are measured."""
    nets, images = _asked(rows, depth, recipe)
    found = waiting.gather([backend.step0_profiles(net, recipe, images=images) for net in nets])
    measured = {net: answer["output_gradient"] for net, answer in zip(nets, found, strict=True)}
    return measured, images


def measure_ahead(rows: Sequence[Row], depth: int, recipe: Recipe) -> None:
    """Let the cells be measured while the visitor still guesses."""
    with visitors.ahead(), suppress(SpecError):  # who reveals them is told of what does not fit
        nets, images = _asked(rows, depth, recipe)
        for net in nets:
            backend.step0_profiles(net, recipe, images=images)


def _asked(rows: Sequence[Row], depth: int, recipe: Recipe) -> tuple[list[NetSpec], int]:
    nets = [row.net(column, depth) for row in rows for column in COLUMNS]
    return nets, backend.step0_images(nets, recipe)


def drawn(rows: Sequence[Row], depth: int, measured: dict[NetSpec, np.ndarray]) -> list[BoardCell]:
    """What the figure draws, row by row."""
    return [
        BoardCell(f"{_short(row, number)}{_(TITLES[column])}", column[0] == "plain", measured[row.net(column, depth)])
        for row in rows
        for number, column in enumerate(COLUMNS)
    ]


def _short(row: Row, number: int) -> str:
    """The row's title over its first cell; a blank over the others, so that all plots begin at the same height."""
    return f"<b>{row.title}</b><br>" if number == 0 else " <br>"


def to_bench(nets: Sequence[NetSpec]) -> None:
    """A menu of the cells and a button that puts one, with its twin, on the bench."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        text = _("The cell and its twin take the place of what is on the bench; then train them.")
        net = st.selectbox(_("A closer look at"), list(nets), format_func=str, key="board-cell", width=320, help=text)
        st.button(
            _("Put it on the bench"),
            key="board-to-bench",
            icon=":material/input:",
            on_click=_put,
            args=(net,),
            help=text,
        )


def _put(net: NetSpec) -> None:
    pair = sorted({net, net.twin()}, key=lambda one: one.block)[: LIMITS.max_nets]
    session.change(lambda bench: Bench(entries=tuple(Entry(net=one) for one in pair), recipe=bench.recipe))
