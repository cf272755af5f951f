"""The rows of an experiment one below the other: what was measured here, and in grey beside it what the paper prints.

Both have axes of their own: other data, other nets, another recipe. Only the order of the rows can be compared.
"""

import html
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resnet.charts.axes import GREY, figure, log_ticks
from resnet.charts.chart import Chart
from resnet.charts.look import GLYPHS, look
from resnet.experiments import Number
from resnet.findings.experiments import number_words, spread_words
from resnet.findings.outcomes import MEASURES, mean_of
from resnet.i18n import _
from resnet.specs import NetSpec

ROW = 30  # pixels
FRAME = 96  # pixels around the rows
LETTERS, LETTER = 28, 6  # of a row's name in a line; pixels of one
SYMBOLS = ("circle", "diamond-open", "square-open")  # of the first, second and third number of a row
SPLIT = 0.64  # share of the width that the measured side has


@dataclass(frozen=True)
class RowPoint:
    """A row: its net, what it is called, the values of its seeds that have ended, and the published numbers."""

    net: NetSpec
    key: str
    label: str
    values: tuple[float, ...] = ()
    numbers: tuple[Number, ...] = ()


def experiment_figure(points: Sequence[RowPoint], measure: str, guess: float = math.nan) -> Chart:
    """Points with bars over the seeds; `guess` is the value of a net that guesses, a dotted line, NaN for none."""
    printed = any(point.numbers for point in points)
    fig = figure(FRAME + ROW * len(points), _title(measure), "", right=16)
    edge = _axis(fig, points, measure, guess, SPLIT if printed else 1.0)
    for block in ("plain", "residual"):
        own = [(place, point) for place, point in enumerate(points) if point.net.block == block]
        if own:
            _add_measured(fig, block, own, measure, edge)
    if printed:
        _add_published(fig, points)
    lines = [textwrap.wrap(point.label, LETTERS) for point in points]
    names = ["<br>".join(map(html.escape, own)) for own in lines]
    # where the page is narrow, titles are broken to the room that the names leave
    longest = max((len(line) for own in lines for line in own), default=0)
    compact: dict[str, Any] = {"margin": {"l": LETTER * longest + 16}}
    compact |= {"xaxis2": {"nticks": 3, "tickangle": 0}} if printed else {}
    fig.update_layout(meta={"compact": compact})
    fig.update_yaxes(
        range=[len(points) - 0.5, -0.5],
        tickvals=list(range(len(points))),
        ticktext=names,
        ticklabelstandoff=8,
        showgrid=True,
        fixedrange=True,
        title=None,
    )
    return fig


def _title(measure: str) -> str:
    rule = MEASURES[measure]
    places = {"label": _(rule.label), "unit": _(rule.unit)}
    if measure in ("loss", "error"):
        return _("here: {label}, {unit} (lower is better)", **places)
    return _("here: {label}, {unit}", **places)


def _axis(fig: Chart, points: Sequence[RowPoint], measure: str, guess: float, end: float) -> float:
    """Range and ticks of the measured side; the value at its right edge."""
    finite = [value for point in points for value in point.values if math.isfinite(value)]
    if MEASURES[measure].ratio:
        powers = [math.log10(value) for value in finite if value > 0] or [0.0, 1.0]
        low, high = min(powers), max(powers)
        room = 0.08 * (high - low) or 0.3
        ends = [low - room, high + room]
        fig.update_xaxes(type="log", range=ends, domain=[0.0, end], **log_ticks(*ends))
        return float(10 ** ends[1])
    edge = 1.1 * max([guess if math.isfinite(guess) else 0.0, *finite]) or 1.0
    fig.update_xaxes(range=[0.0, edge], domain=[0.0, end])
    if math.isfinite(guess):
        fig.add_vline(guess, {"color": GREY, "dash": "dot", "width": 1.2})
        place = {"x": guess, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
        fig.add_annotation(**place, text=_("chance"), font={"color": GREY, "size": 12})
    return edge


def _add_measured(fig: Chart, block: str, rows: Sequence[tuple[int, RowPoint]], measure: str, edge: float) -> None:
    known = [(place, point, [value for value in point.values if math.isfinite(value)]) for place, point in rows]
    known = [row for row in known if row[1].values]
    means = [mean_of(finite, measure) for _place, _point, finite in known]
    xs = [mean if math.isfinite(mean) else edge for mean in means]
    looks = [look(point.net) for _place, point, _finite in known]
    shown = zip(means, looks, strict=True)
    symbols = [own.symbol if math.isfinite(mean) else "triangle-right" for mean, own in shown]
    colours = [own.colour for own in looks]
    spans = [(min(finite, default=x), max(finite, default=x)) for x, (_at, _of, finite) in zip(xs, known, strict=True)]
    bars = {
        "type": "data",
        "symmetric": False,
        "array": [max(0.0, high - x) for x, (_low, high) in zip(xs, spans, strict=True)],
        "arrayminus": [max(0.0, x - low) for x, (low, _high) in zip(xs, spans, strict=True)],
        "color": colours[0] if colours else GREY,
        "thickness": 1.6,
        "width": 5,
    }
    fig.add_scatter(
        x=xs,
        y=[place for place, _point, _finite in known],
        customdata=[point.key for _place, point, _finite in known],
        text=[_told(point, measure) for _place, point, _finite in known],
        hovertemplate="%{text}<extra></extra>",
        name=block,
        mode="markers",
        marker={"color": colours, "symbol": symbols, "size": 11, "line": {"color": colours, "width": 2}},
        error_x=bars,
        cliponaxis=False,
    )


def _told(point: RowPoint, measure: str) -> str:
    values = spread_words(point.values, measure)
    count = len(point.values)
    return f"{html.escape(point.label)}<br>{values}<br>" + _("{count} seeds", count=count)


def _add_published(fig: Chart, points: Sequence[RowPoint]) -> None:
    """A grey marker for each number; what failed or is only bounded from below points to the right."""
    numbers = [number for point in points for number in point.numbers]
    finite = [number.value for number in numbers if math.isfinite(number.value)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    room = 0.14 * (high - low) or 1.0
    for rank in range(max(len(point.numbers) for point in points)):
        own = [(row, point.numbers[rank]) for row, point in enumerate(points) if len(point.numbers) > rank]
        _add_numbers(fig, own, SYMBOLS[rank % len(SYMBOLS)], high + room / 2)
    quiet: dict[str, Any] = {"showgrid": False, "zeroline": False, "color": GREY}
    title = {"text": _("published: error, % (lower is better)"), "standoff": 8, "font": {"size": 13, "color": GREY}}
    axis: dict[str, Any] = {
        "domain": [SPLIT + 0.05, 1.0],
        "anchor": "y",
        "range": [low - room, high + room],
        "nticks": 5,
    }
    axis |= {"automargin": True, "ticklabelstandoff": 5}
    fig.update_layout(xaxis2={**quiet, **axis, "title": title})
    head = {"x": 0, "xref": "x2 domain", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
    fig.add_annotation(**head, text=_legend(points), font={"color": GREY, "size": 12}, showarrow=False)


def _add_numbers(fig: Chart, numbers: Sequence[tuple[int, Number]], symbol: str, edge: float) -> None:
    fails = [math.isinf(number.value) for _row, number in numbers]
    bounded = [fail or number.more for fail, (_row, number) in zip(fails, numbers, strict=True)]
    fig.add_scatter(
        x=[edge if fail else number.value for fail, (_row, number) in zip(fails, numbers, strict=True)],
        y=[row for row, _number in numbers],
        text=[html.escape(number_words(number)) for _row, number in numbers],
        hovertemplate="%{text}<extra></extra>",
        name=_("published"),
        mode="markers",
        xaxis="x2",
        marker={
            "color": GREY,
            "size": 9,
            "symbol": ["triangle-right" if one else symbol for one in bounded],
            "line": {"color": GREY, "width": 1.6},
        },
        cliponaxis=False,
    )


def _legend(points: Sequence[RowPoint]) -> str:
    """What the symbols stand for, where a row has several numbers; and the mark of what failed."""
    most = max(points, key=lambda point: len(point.numbers)).numbers
    parts = []
    if len(most) > 1:
        marks = [GLYPHS[name.removesuffix("-open")][name.endswith("-open")] for name in SYMBOLS]
        parts = [f"{mark} {html.escape(number.of)}" for mark, number in zip(marks, most, strict=False)]
    if any(math.isinf(number.value) for point in points for number in point.numbers):
        parts.append("▶ " + _("“fail”"))
    return "  ".join(parts)
