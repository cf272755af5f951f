"""Who did it? The cells of the board, what a visitor expects of them, and what was measured."""

import datetime
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.charts.analyses import BoardCell
from resnet.findings import board as findings
from resnet.findings.board import GUESSES
from resnet.findings.profiles import kind
from resnet.i18n import N_, _
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.specs.net import PLAIN_ORDERS
from resnet.ui.bench import session
from resnet.ui.parts import backend, waiting, widgets

COLUMNS = [(block, norm) for norm in ("batch", "none") for block in ("plain", "residual")]
MOST_ROWS = 8
TITLES = {
    ("plain", "batch"): N_("plain, batch norm"),
    ("residual", "batch"): N_("residual, batch norm"),
    ("plain", "none"): N_("plain, no norm"),
    ("residual", "none"): N_("residual, no norm"),
}
_missed: Counter[tuple[datetime.date, str]] = Counter()  # wrong guesses of all visitors of this server
_guessed: Counter[tuple[datetime.date, str]] = Counter()
_lock = threading.Lock()


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


def controls() -> tuple[int, list[Row]]:
    """Depth and rows of the board."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        top = min(110, LIMITS.max_depth)
        depth = st.slider(
            _("Depth"), LIMITS.min_depth, top - top % 2, LIMITS.depth(20), 2,
            key="board-depth", width=170, persist_state="session",
            help=_("Of all nets of the board; width 8, stem stride 2."),
        )  # fmt: skip
        activations = _several("activation", _("Activations"), catalog.ACTIVATIONS, ["relu", "sigmoid"])
        inits = _several("init", _("Initialisations"), catalog.INITS, ["he", "torch"])
        orders = {name: catalog.ORDERS[name] for name in PLAIN_ORDERS}
        chosen = _several("order", _("Orders"), orders, ["original"])
    rows = [Row(activation, init, order) for order in chosen for activation in activations for init in inits]
    return depth, rows[:MOST_ROWS]


_WIDTHS = {"activation": 210, "init": 265, "order": 165}  # pixels: all on one line of a screen of 1280


def _several(name: str, label: str, options: dict[str, catalog.Choice], default: list[str]) -> list[str]:
    chosen: list[str] = st.multiselect(
        label,
        list(options),
        default,
        format_func=widgets.labels(options),
        key=f"board-{name}",
        persist_state="session",
        width=_WIDTHS[name],
        help=widgets.explain(_("Each choice is a row of the board, at most {most} in all.", most=MOST_ROWS), options),
    )
    return chosen or default


def measure(rows: Sequence[Row], depth: int, recipe: Recipe) -> tuple[dict[NetSpec, np.ndarray], int]:
    """The output gradient of every cell at step 0, and on how many images all of them are measured."""
    nets = [row.net(column, depth) for row in rows for column in COLUMNS]
    images = backend.step0_images(nets, recipe)
    found = waiting.gather([backend.step0_profiles(net, recipe, images=images) for net in nets])
    measured = {net: answer["output_gradient"] for net, answer in zip(nets, found, strict=True)}
    return measured, images


def guesses(rows: Sequence[Row], depth: int) -> dict[NetSpec, str]:
    """A menu for each cell: what the visitor expects of the gradient on its way to the input."""
    st.html(_STYLE)
    with st.container(key="guess-heads"):
        heads = st.columns(len(COLUMNS) + 1)
    for place, column in zip(heads[1:], COLUMNS, strict=True):
        place.caption(f"**{_(TITLES[column])}**")
    told: dict[NetSpec, str] = {}
    with st.container(key="guesses"):
        for row in rows:
            told |= _guesses(row, depth)
    return told


# Where the page is narrow the menus stand below each other, and each says which net it is for.
_STYLE = """<style>@media (max-width: 640px) {
  .st-key-guess-heads { display: none; }
  .st-key-guesses [data-testid="stWidgetLabel"] { display: flex !important; }
}</style>"""


def _guesses(row: Row, depth: int) -> dict[NetSpec, str]:
    told: dict[NetSpec, str] = {}
    cells = st.columns(len(COLUMNS) + 1, vertical_alignment="center")
    cells[0].caption(row.title)
    for place, column in zip(cells[1:], COLUMNS, strict=True):
        net = row.net(column, depth)
        chosen = place.selectbox(
            _("Your guess for {net}", net=net),
            list(GUESSES),
            None,
            format_func=lambda word: _(GUESSES[word]),
            placeholder=_("guess"),
            key=f"guess-{net}",
            persist_state="session",
            label_visibility="collapsed",
        )
        if chosen:
            told[net] = chosen
    return told


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


def remember(told: dict[NetSpec, str], measured: dict[NetSpec, np.ndarray]) -> None:
    """Count the guesses of this reveal for the surprise of the day."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    with _lock:
        for net, word in told.items():
            if net in measured:
                _guessed[today, str(net)] += 1
                _missed[today, str(net)] += word != kind(measured[net])


def sentences(told: dict[NetSpec, str], measured: dict[NetSpec, np.ndarray]) -> list[str]:
    """How good this visitor's guesses were, and the cell that most visitors got wrong today."""
    named = {str(net): values for net, values in measured.items()}
    said = [findings.verdict({str(net): word for net, word in told.items()}, named), _surprise_of_the_day()]
    return [sentence for sentence in said if sentence]


def _surprise_of_the_day() -> str:
    """Empty before anybody guessed wrong."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    with _lock:
        todays = {name: count for (day, name), count in _missed.items() if day == today and count}
        if not todays:
            return ""
        name = max(todays, key=todays.__getitem__)
        guesses = _guessed[today, name]
    return findings.surprise_sentence(name, todays[name], guesses)


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
