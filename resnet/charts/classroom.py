"""All runs of a class against depth: a point for each, the lowest of each depth joined, a visitor's own runs marked."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from resnet.charts.axes import Axis, EndLabel
from resnet.charts.chart import Chart
from resnet.charts.look import Look, look
from resnet.charts.sweep import depth_figure, written
from resnet.specs import NetSpec

MOST = 500  # points of a trace
FAINT = 0.45  # opacity of what is somebody else's
OTHERS, OWN = 8, 14  # pixels


@dataclass(frozen=True)
class Point:
    """A run that has ended: its final `value`, NaN where it diverged; `label` is what is told of it."""

    net: NetSpec
    value: float
    label: str
    own: bool = False


def class_figure(points: Sequence[Point], quantity: str, classes: int, height: int = 360) -> Chart:
    """`quantity` is "loss" (nats) or "error" (%); of more than `MOST` points of a trace the last ones are drawn."""
    return depth_figure(points, quantity, classes, height, _add_kind)


def _add_kind(fig: Chart, line: Look, points: Sequence[Point], axis: Axis, quantity: str) -> Iterator[EndLabel]:
    """The points of others, the lowest of each depth as a line, own points on top, and the name at the end."""
    others = [point for point in points if not point.own]
    if others:
        _add_points(fig, line, others[-MOST:], axis, f"{line.label} others", OTHERS, FAINT)
    lowest = _lowest(points)
    if lowest:
        _add_lowest(fig, line, lowest, axis)
        last = lowest[-1]
        yield EndLabel(line, axis.height(min(last.value, axis.ceiling)), written(last.value, quantity))
    own = [point for point in points if point.own]
    if own:
        _add_points(fig, line, own[-MOST:], axis, f"{line.label} own", OWN, 1.0)


def _lowest(points: Sequence[Point]) -> list[Point]:
    """The lowest run of each depth, the shallow ones first."""
    found: dict[int, Point] = {}
    for point in points:
        known = found.get(point.net.depth)
        if math.isfinite(point.value) and (known is None or point.value < known.value):
            found[point.net.depth] = point
    return [found[depth] for depth in sorted(found)]


def _add_points(
    fig: Chart, line: Look, points: Sequence[Point], axis: Axis, name: str, size: int, opacity: float
) -> None:
    off = [not math.isfinite(point.value) or point.value > axis.ceiling for point in points]
    edge = "triangle-up-open" if line.open else "triangle-up"
    fig.add_scatter(
        x=[point.net.depth for point in points],
        y=[axis.ceiling if out else point.value for point, out in zip(points, off, strict=True)],
        text=[f"{look(point.net).html}<br>{escape(point.label)}" for point in points],
        hovertemplate="%{text}<extra></extra>",
        name=name,
        legendgroup=line.label,
        mode="markers",
        opacity=opacity,
        marker={
            "color": line.colour,
            "symbol": [edge if out else line.symbol for out in off],
            "size": size,
            "line": {"color": line.colour, "width": 2},
        },
        cliponaxis=False,
    )


def _add_lowest(fig: Chart, line: Look, points: Sequence[Point], axis: Axis) -> None:
    fig.add_scatter(
        x=[point.net.depth for point in points],
        y=[min(point.value, axis.ceiling) for point in points],
        name=line.label,
        legendgroup=line.label,
        mode="lines",
        line={"color": line.colour, "dash": line.dash, "width": 2},
        hoverinfo="skip",
    )
