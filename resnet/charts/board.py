"""Who did it? What the gradient does in each cell of the board against the loss after some steps of training."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resnet.charts.axes import GREY, Axis, EndLabel, end_labels, figure, level_line, marker_of
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.findings.board import LIMITS
from resnet.findings.profiles import ratio
from resnet.findings.text import nats
from resnet.i18n import _

TOP = 1.5  # times the loss by chance: what lies higher is marked at the edge
DEEPEST = 30.0  # powers of ten on either side: what lies farther is marked at the edge
WIDTH, BOX = 620, (11, 13)  # pixels: of the plot on a screen of 1024, roughly, and of a number beside a marker
PLACES = {  # where the number may stand, in pixels from the middle of its marker: right and up
    "top center": (0, 13),
    "bottom center": (0, -13),
    "middle right": (12, 0),
    "middle left": (-12, 0),
    "top right": (12, 11),
    "bottom left": (-12, -11),
    "top left": (-12, 11),
    "bottom right": (12, -11),
}


@dataclass(frozen=True)
class Mark:
    """One cell on its way: gradient `factors` and `losses` (nats) at every recorded step up to the one shown.

    A factor is that from the last block to the first, 0 for exactly 0, inf for not finite; a loss of inf has diverged.
    `row` is its number on the board, `name` the net's, `said` where it stands.
    """

    row: int
    name: str
    factors: tuple[float, ...]
    losses: tuple[float, ...]
    said: str = ""


@dataclass(frozen=True)
class Limits:
    """Of the axes: `factors` as powers of ten, `losses` in nats. What is 0, too large or not finite stands there."""

    factors: tuple[float, float]
    losses: tuple[float, float]


def learning_figure(
    columns: Sequence[tuple[Look, Sequence[Mark]]],
    limits: Limits,
    classes: int,
    x_title: str,
    height: int = 340,
) -> Chart:
    """A marker for each cell, with its way there as a thin line; the looks are those of the board's columns.

    Numbers beside the markers are the rows of the board.
    """
    fig = figure(height, x_title, _("loss, nats (lower is better)"), right=190)
    chance = math.log(classes)
    across, up = Axis(True, *limits.factors), Axis(False, *limits.losses)
    marks = [mark for _look, own in columns for mark in own]
    beside = dict(zip(map(id, marks), _numbers_beside(marks, across, up, height), strict=True))
    for look, own in columns:
        _add_ways(fig, look, own, across, up)
        _add_marks(fig, look, own, across, up, [beside[id(mark)] for mark in own])
    _add_bounds(fig, chance)
    (west, east), (south, north) = limits.factors, limits.losses
    room = (0.03 * (east - west), 0.09 * (north - south))
    low, high = south - room[1], north + room[1]
    end_labels(fig, _names(columns, chance, classes, high), low, high, gap=22 / (height - 76))
    fig.update_yaxes(range=[low, high])
    fig.update_xaxes(
        type="log", range=[west - room[0], east + room[0]], exponentformat="power", nticks=9, tickfont={"size": 11}
    )
    return fig


def _names(columns: Sequence[tuple[Look, Sequence[Mark]]], chance: float, classes: int, high: float) -> list[EndLabel]:
    """Of the columns from the top downwards, and of the chance level at its height."""
    names = [EndLabel(look, high - place * 1e-6) for place, (look, _own) in enumerate(columns)]
    return [*names, EndLabel(Look(_("chance, ln {classes}", classes=classes), GREY, "dot", ""), chance, curve=False)]


def limits_of(factors: Sequence[float], losses: Sequence[float], classes: int) -> Limits:
    """What holds all of them: at least a hundredth to a hundred, and the chance level."""
    powers = [math.log10(one) for one in factors if 0 < one < math.inf]
    odd = 1.0 if len(powers) < len(factors) else 0.0
    low, high = min([-2.0, *powers]) - odd, max([2.0, *powers]) + odd
    chance = math.log(classes)
    top = max([1.1 * chance, *(min(one, TOP * chance) for one in losses)])
    bottom = min([0.8 * chance, *losses])
    return Limits((max(low, -DEEPEST), min(high, DEEPEST)), (bottom, top))


def _place(factor: float, across: Axis) -> float:
    return min(max(across.height(factor), across.floor), across.ceiling)


def _height(loss: float, up: Axis) -> float:
    return min(loss, up.ceiling)


def _add_ways(fig: Chart, look: Look, marks: Sequence[Mark], across: Axis, up: Axis) -> None:
    """From step 0 to where each cell is, all in one line with gaps."""
    x: list[float] = []
    y: list[float] = []
    for mark in marks:
        x += [*(10 ** _place(factor, across) for factor in mark.factors), math.nan]
        y += [*(_height(loss, up) for loss in mark.losses), math.nan]
    fig.add_scatter(
        x=np.array(x, "f4"), y=np.array(y, "f4"), mode="lines", name=f"{look.label} way", legendgroup=look.label,
        line={"color": look.colour, "dash": look.dash, "width": 1}, opacity=0.45, hoverinfo="skip",
    )  # fmt: skip


def _add_marks(fig: Chart, look: Look, marks: Sequence[Mark], across: Axis, up: Axis, beside: Sequence[str]) -> None:
    fig.add_scatter(
        x=np.array([10 ** _place(mark.factors[-1], across) for mark in marks], "f4"),
        y=np.array([_height(mark.losses[-1], up) for mark in marks], "f4"),
        text=[str(mark.row) for mark in marks],
        textposition=list(beside),
        textfont={"size": 11, "color": look.colour},
        customdata=[_told(mark) for mark in marks],
        hovertemplate="%{customdata}<extra></extra>",
        mode="markers+text",
        name=look.label,
        legendgroup=look.label,
        marker={**marker_of(look, 10), "symbol": [_symbol(look, mark, up) for mark in marks]},
        cliponaxis=False,
    )


def _symbol(look: Look, mark: Mark, up: Axis) -> str:
    """A triangle for what has no place of its own."""
    way = "-open" if look.open else ""
    if mark.losses[-1] > up.ceiling:
        return f"triangle-up{way}"
    if not 0 < mark.factors[-1] < math.inf:
        return f"triangle-down{way}"
    return look.symbol


def _told(mark: Mark) -> str:
    loss = nats(mark.losses[-1]) if math.isfinite(mark.losses[-1]) else _("diverged")
    lines = [mark.name, _("gradient {factor}", factor=ratio(np.array([mark.factors[-1], 1.0])))]
    return "<br>".join([*lines, _("loss {loss}", loss=loss), *([mark.said] if mark.said else [])])


def _add_bounds(fig: Chart, chance: float) -> None:
    """The chance level, and the factors by which cells are told apart."""
    level_line(fig, chance, "", "right", False)
    for limit, dash in zip(LIMITS, ("dot", "dash"), strict=True):
        for bound in (1 / limit, limit):
            fig.add_vline(bound, {"color": GREY, "dash": dash, "width": 1})
    text = _("within a factor of {limits}", limits=" · ".join(f"{limit:g}" for limit in LIMITS))
    font = {"color": GREY, "size": 12}
    place = {"x": math.log10(LIMITS[-1]), "xref": "x", "xanchor": "right", "y": 1, "yref": "paper", "yanchor": "bottom"}
    fig.add_annotation(**place, text=text, font=font, showarrow=False)


def _numbers_beside(marks: Sequence[Mark], across: Axis, up: Axis, height: int) -> list[str]:
    """For each mark the place of its number that is farthest from all other markers and numbers."""
    wide = WIDTH / (across.ceiling - across.floor)
    tall = (height - 76) / (up.ceiling - up.floor)
    points = [(wide * _place(one.factors[-1], across), tall * _height(one.losses[-1], up)) for one in marks]
    taken = list(points)
    chosen = []
    for x, y in points:
        place = max(PLACES, key=lambda word: _room(x + PLACES[word][0], y + PLACES[word][1], taken))
        taken.append((x + PLACES[place][0], y + PLACES[place][1]))
        chosen.append(place)
    return chosen


def _room(x: float, y: float, taken: Sequence[tuple[float, float]]) -> float:
    """How free that place is: 1 where no box touches it."""
    wide, tall = BOX
    return min((min(1.0, max(abs(x - a) / wide, abs(y - b) / tall)) for a, b in taken), default=1.0)
