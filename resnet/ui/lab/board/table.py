"""The cells of the board at one step, in the order of the board: gradient, loss, where each stands. HTML."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from resnet.charts.ink import ink
from resnet.charts.look import DASHES, Look, shade
from resnet.findings.profiles import ratio
from resnet.findings.text import nats
from resnet.i18n import _
from resnet.specs import NetSpec
from resnet.ui.lab.board.cells import COLUMNS, TITLES, Row
from resnet.ui.lab.board.tracks import Cell

STYLE = """<style>
.cells { display: grid; grid-template-columns: minmax(6rem, 1fr) repeat(4, minmax(0, 1.3fr)); gap: 0.35rem 0.9rem;
  font-size: 0.875rem; line-height: 1.35; }
.cells b { font-weight: 600; }
.cells small { font-size: 0.8125rem; opacity: 0.8; }
.cells .name { display: none; }
@media (max-width: 640px) {
  .cells { grid-template-columns: 1fr 1fr; }
  .cells .head { display: none; }
  .cells .row { grid-column: 1 / -1; font-weight: 600; }
  .cells .name { display: block; }
}
</style>"""


def looks(depth: int) -> list[Look]:
    """Of the columns: warm and open for plain nets, circles with batch norm and squares without."""
    return [_look(column, NetSpec(block=column[0], depth=depth)) for column in COLUMNS]


def _look(column: tuple[str, str], net: NetSpec) -> Look:
    block, norm = column
    symbol = ("circle" if norm == "batch" else "square") + ("-open" if block == "plain" else "")
    return Look(_(TITLES[column]), shade(net, norm == "none"), DASHES[block], symbol)


def table(rows: Sequence[Row], depth: int, cells: Mapping[NetSpec, Cell], step: int) -> str:
    """A line for each row of the board, with its number in the chart."""
    columns = looks(depth)
    parts = ["<div class='head'></div>", *(f"<div class='head'>{_named(look)}</div>" for look in columns)]
    for number, row in enumerate(rows, start=1):
        parts.append(f"<div class='row'>{number} · {escape(row.title)}</div>")
        parts += [
            f"<div><span class='name'>{_named(look)}</span>{_cell(cells.get(row.net(column, depth)), step)}</div>"
            for look, column in zip(columns, COLUMNS, strict=True)
        ]
    return f'<div class="cells">{"".join(parts)}</div>'


def _named(look: Look) -> str:
    return f"<b style='color: {ink(look.colour)}'>{look.glyph} {look.html}</b>"


def _cell(cell: Cell | None, step: int) -> str:
    """Gradient at step 0 and at this one, loss, and where the cell stands."""
    if cell is None:
        return "–"
    gradient = _("gradient {start}", start=_ratio(cell.start))
    if step:
        gradient = _("gradient {start} → {now}", start=_ratio(cell.start), now=_ratio(cell.now))
    loss = "" if cell.words == _("diverged") else _("loss {loss}", loss=nats(cell.losses[-1])) + " · "
    return f"{escape(gradient)}<br>{escape(loss)}<small>{escape(cell.words)}</small>"


def _ratio(change: float) -> str:
    return ratio(np.array([change, 1.0]))
