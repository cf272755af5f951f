"""Final loss or error against depth: plain and residual nets of one recipe, filling in as their runs end."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from resnet.catalog.published import PublishedErrors
from resnet.charts.axes import GREY, Axis, EndLabel, end_labels, figure, level_line
from resnet.charts.chart import Chart
from resnet.charts.look import Look, look
from resnet.findings.text import nats
from resnet.i18n import C_, N_, _
from resnet.specs import NetSpec

MIDDLE = 32  # the depth whose shade the line between the points has
TOP = 1.12  # times the chance level: what ends higher is marked at the edge
MARGIN = 0.06  # powers of ten beside the outermost depths
CLOSE = 0.12  # powers of ten to the next tick: too close for both their numbers, as 44 before 56
GHOST = 0.6  # opacity of what is not final
TITLES = {
    "loss": N_("final training loss, nats (lower is better)"),
    "error": N_("test error, % (lower is better)"),
}


class HasNet(Protocol):
    """What lies at the depth of its net."""

    @property
    def net(self) -> NetSpec: ...


At = TypeVar("At", bound=HasNet)
AddKind = Callable[[Chart, Look, Sequence[At], Axis, str], Iterable[EndLabel]]


@dataclass(frozen=True)
class Point:
    """One net: the `values` of its seeds that have ended, and of those at work what they have come to by now.

    `progress` says in words how far these are. What is not finite has diverged.
    """

    net: NetSpec
    values: tuple[float, ...] = ()
    going: tuple[float, ...] = ()
    progress: str = ""

    @property
    def mean(self) -> float:
        """Of the seeds that ended; NaN where there is none, or one diverged."""
        return math.fsum(self.values) / len(self.values) if self.values else math.nan


def sweep_figure(points: Sequence[Point], quantity: str, classes: int, height: int = 320) -> Chart:
    """A line each for plain and residual nets; bars from the lowest to the highest seed; ghosts for runs at work.

    `quantity` is "loss" (nats) or "error" (%).
    """
    return depth_figure(points, quantity, classes, height, _add_kind)


def depth_figure(points: Sequence[At], quantity: str, classes: int, height: int, add_kind: AddKind[At]) -> Chart:
    """An end of training against depth; `add_kind` draws the points of plain and of residual nets and names them."""
    fig = figure(height, _("depth, layers"), _(TITLES[quantity]), right=110)
    chance = math.log(classes) if quantity == "loss" else 100 * (1 - 1 / classes)
    axis = Axis(False, -math.inf, TOP * chance)
    labels: list[EndLabel] = []
    for block in ("plain", "residual"):
        if own := [point for point in points if point.net.block == block]:
            labels += add_kind(fig, kind_look(block), own, axis, quantity)
    level_line(fig, chance, "", "right", False)
    labels.append(EndLabel(Look(_("chance"), GREY, "dot", ""), chance, curve=False))
    high = 1.06 * axis.ceiling
    end_labels(fig, labels, 0.0, high, gap=22 / (height - 60))
    fig.update_yaxes(range=[0.0, high])
    depth_axis(fig, sorted({point.net.depth for point in points}))
    return fig


def _add_kind(fig: Chart, line: Look, points: Sequence[Point], axis: Axis, quantity: str) -> Iterator[EndLabel]:
    """The points of one kind of net, and the name at their end."""
    done = [point for point in points if point.values]
    if done:
        _add_done(fig, line, done, axis, quantity)
    going = [point for point in points if point.going]
    if going:
        _add_ghosts(fig, line, going, axis)
    finite = [point.mean for point in done if math.isfinite(point.mean)]
    if finite:
        yield EndLabel(line, axis.height(min(finite[-1], axis.ceiling)), written(finite[-1], quantity))


def kind_look(block: str) -> Look:
    """How all nets of a kind are drawn together."""
    return look(
        NetSpec(block=block, depth=MIDDLE), {"plain": C_("net", "plain"), "residual": C_("net", "residual")}[block]
    )


def _add_done(fig: Chart, line: Look, points: Sequence[Point], axis: Axis, quantity: str) -> None:
    finite = [[value for value in point.values if math.isfinite(value)] for point in points]
    means = np.array([point.mean for point in points])
    lost = ~np.isfinite(means)  # a seed diverged
    heights = np.minimum(np.where(lost, axis.ceiling, means), axis.ceiling)
    symbol = np.where(lost | (means > axis.ceiling), "triangle-up", line.symbol)
    colours = [look(point.net).colour for point in points]
    fig.add_scatter(
        x=[point.net.depth for point in points],
        y=heights,
        customdata=[str(point.net) for point in points],
        text=[_told(point, quantity) for point in points],
        hovertemplate="%{text}<extra></extra>",
        name=line.label,
        legendgroup=line.label,
        mode="lines+markers",
        line={"color": line.colour, "dash": line.dash, "width": 2},
        marker={"color": colours, "symbol": symbol.tolist(), "size": 10, "line": {"color": colours, "width": 2}},
        error_y=_bars(heights, finite, line),
    )


def _bars(heights: np.ndarray, seeds: Sequence[Sequence[float]], line: Look) -> dict[str, object] | None:
    """From the lowest to the highest seed, where there are several."""
    if max(map(len, seeds)) < 2:
        return None
    up = [max(0.0, max(own, default=height) - height) for own, height in zip(seeds, heights, strict=True)]
    down = [max(0.0, height - min(own, default=height)) for own, height in zip(seeds, heights, strict=True)]
    bars = {"type": "data", "symmetric": False, "array": up, "arrayminus": down}
    return {**bars, "color": line.colour, "thickness": 1.6, "width": 5}


def _add_ghosts(fig: Chart, line: Look, points: Sequence[Point], axis: Axis) -> None:
    """Where runs at work have come to: pale, with their progress in words beside them."""
    values = [float(np.mean([min(value, axis.ceiling) for value in point.going])) for point in points]
    fig.add_scatter(
        x=[point.net.depth for point in points],
        y=[value if math.isfinite(value) else axis.ceiling for value in values],
        customdata=[str(point.net) for point in points],
        text=[point.progress for point in points],
        textposition="top center",
        textfont={"size": 11},
        hovertemplate="%{customdata}<br>%{text}<extra></extra>",
        name=f"{line.label} ghost",
        legendgroup=line.label,
        mode="markers+text",
        marker={**_ghost(line), "size": 11},
        opacity=GHOST,
        cliponaxis=False,
    )


def _ghost(line: Look) -> dict[str, object]:
    """Dotted inside, so that it is no final point in grey either."""
    return {"color": line.colour, "symbol": "circle-open-dot", "line": {"color": line.colour, "width": 1.4}}


def _told(point: Point, quantity: str) -> str:
    """What is said of a point under the mouse."""
    values = [written(value, quantity) for value in point.values]
    text = f"{look(point.net).html}<br>{written(point.mean, quantity)}"
    if len(values) > 1:
        text += "<br>" + _("{count} seeds: {values}", count=len(values), values=", ".join(values))
    return text


def written(value: float, quantity: str) -> str:
    """A final value with its unit, as it stands at a curve; the loss in nats without."""
    if not math.isfinite(value):
        return _("diverged")
    return nats(value) if quantity == "loss" else f"{value:.1f} %"


def depth_axis(fig: Chart, depths: Sequence[int]) -> None:
    """Logarithmic: a step to twice the depth is as wide everywhere."""
    ends = [math.log10(depths[0]) - MARGIN, math.log10(depths[-1]) + MARGIN] if depths else [0.9, 2.1]
    after = [*depths[1:], *[math.inf] * bool(depths)]
    pairs = zip(depths, after, strict=True)
    texts = [str(depth) if math.log10(other / depth) > CLOSE else "" for depth, other in pairs]
    fig.update_xaxes(type="log", range=ends, tickvals=list(depths), ticktext=texts, tickangle=0)


def published_figure(records: Sequence[PublishedErrors], height: int = 320) -> Chart:
    """What a paper printed, in grey: other data and another recipe than anything trained here."""
    fig = figure(height, _("depth, layers"), _(TITLES["error"]), right=170)
    highest = max(error for record in records for _depth, error in record.errors)
    labels = []
    for record in records:
        own = kind_look(record.block)
        grey = Look(_(record.label), GREY, own.dash, own.symbol)
        depths, errors = zip(*record.errors, strict=True)
        fig.add_scatter(
            x=list(depths),
            y=list(errors),
            name=grey.label,
            legendgroup=grey.label,
            mode="lines+markers",
            line={"color": GREY, "dash": grey.dash, "width": 1.6},
            marker={"color": GREY, "symbol": grey.symbol, "size": 8, "line": {"color": GREY, "width": 1.6}},
            hovertemplate="%{x}: %{y:.2f} %<extra></extra>",
        )
        labels.append(EndLabel(grey, errors[-1]))
    end_labels(fig, labels, 0.0, 1.1 * highest, gap=22 / (height - 60))
    head = {"text": _("published, 2015"), "font": {"color": GREY, "size": 13}, "showarrow": False}
    fig.add_annotation(**head, x=0, xref="paper", xanchor="left", y=1, yref="paper", yanchor="bottom", yshift=6)
    fig.update_yaxes(range=[0.0, 1.1 * highest])
    depth_axis(fig, sorted({depth for record in records for depth, _error in record.errors}))
    return fig
