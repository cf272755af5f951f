"""What arrives through shortcuts that are multiplied by λ: the product λⁿ beside what was measured."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from resnet.charts.axes import GREY, Axis, EndLabel, end_labels, figure, line_of, log_ticks, marker_of
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.i18n import _

DEEPEST = -12.0  # as a power of ten: λⁿ of deep nets leaves every axis
POINTS = 40  # of the curve of λⁿ


@dataclass(frozen=True)
class Arrived:
    """At one λ: `gradient` and `signal`, each where it ends over where it begins."""

    gradient: float
    signal: float


def arrived_figure(look: Look, found: Mapping[int, Arrived], blocks: int, percent: int, height: int = 300) -> Chart:
    """Over λ, by percent, 1 on the left: what is left of gradient and signal, and λⁿ of n blocks; a cursor."""
    fig = figure(height, _("λ"), _("at its end ÷ at its beginning"), right=110)
    places = sorted(found, reverse=True)
    gradient, signal = (np.array([getattr(found[place], of) for place in places]) for of in ("gradient", "signal"))
    low, high = _limits([gradient, signal])
    axis, ends = Axis(True, low, high), []
    for name, values, dash, symbol in (
        (_("gradient"), gradient, "solid", "circle"),
        (_("signal"), signal, "dashdot", "square"),
    ):
        part = Look(name, look.colour, dash, symbol)
        hover = f"{name}<br>λ = %{{customdata}}<br>×%{{y:.3~g}}<extra></extra>"
        shown = axis.shown(values)
        fig.add_scatter(
            x=places, y=shown, customdata=[f"{place / 100:g}" for place in places], mode="lines+markers",
            line=line_of(part), marker=marker_of(part), name=name, legendgroup=name, hovertemplate=hover,
        )  # fmt: skip
        ends.append(EndLabel(part, axis.height(values[-1])))
    _add_product(fig, blocks, low)
    ends.append(EndLabel(Look("λⁿ", GREY, "dot", ""), low))
    end_labels(fig, ends, low, high, gap=22 / (height - 76))
    ticks = {"tickvals": [100, 80, 60, 40, 20, 0], "ticktext": ["1", "0.8", "0.6", "0.4", "0.2", "0"]}
    fig.update_xaxes(range=[104, -4], **ticks)
    fig.update_yaxes(type="log", range=[low, high], **log_ticks(low, high))
    fig.add_cursor(percent, {"color": GREY, "width": 1.6})
    return fig


def _add_product(fig: Chart, blocks: int, low: float) -> None:
    """λⁿ from 1 down to where it leaves the axis."""
    places = (100 * 10 ** (np.linspace(0, low, POINTS) / blocks)).round(3)
    line = {"color": GREY, "width": 1.8, "dash": "dot"}
    fig.add_scatter(
        x=places.tolist(), y=((places / 100) ** blocks).tolist(), mode="lines", line=line, name="λⁿ", legendgroup="λⁿ",
        hovertemplate="λⁿ<br>%{y:.2~g}<extra></extra>",
    )  # fmt: skip


def _limits(measured: list[np.ndarray]) -> tuple[float, float]:
    """Powers of ten around what was measured and 1, with room for some of λⁿ below."""
    values = np.concatenate([*measured, np.ones(1)]).astype(float)
    powers = np.log10(values[np.isfinite(values) & (values > 0)])
    return max(DEEPEST, min(float(powers.min()), 0.0) - 3) if len(powers) else -3.0, math.ceil(powers.max() + 0.3)
