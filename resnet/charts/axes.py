"""What all figures share: quiet axes, no background, labels at the ends of curves instead of a legend.

Text and grid colours are left to the page, which knows whether it is light or dark. So is the width: where the page is
narrow it puts the labels below the plot and lays ``layout.meta["compact"]`` over the layout (assets/ui/plot.js).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.findings.text import number
from resnet.i18n import _

if TYPE_CHECKING:
    import plotly.graph_objects as go

GREY = "#808890"  # readable on both backgrounds: chance lines, notes


def figure(height: int, x_title: str, y_title: str, right: int = 20) -> Chart:
    """An empty figure with titled axes; `right` pixels are kept free for labels."""
    size = {"size": 13}
    x_axis = {"title": {"text": x_title, "standoff": 8, "font": size}, "showgrid": False, "zeroline": False}
    y_axis = {"title": {"text": y_title, "standoff": 6, "font": size}, "zeroline": False, "automargin": True}
    layout = {
        "height": height,
        "margin": {"l": 64, "r": right, "t": 28, "b": 48},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "uirevision": "constant",
        "font": size,
        # the 0 of this axis off the 0 of the other
        "xaxis": {**x_axis, "automargin": True, "ticklabelstandoff": 5},
        "yaxis": y_axis,
    }
    return Chart(layout)


def line_of(look: Look, width: float = 2.4) -> dict[str, object]:
    """A Plotly line in the look of a net."""
    return {"color": look.colour, "dash": look.dash, "width": width}


def marker_of(look: Look, size: int = 7, most: int = 0) -> dict[str, object]:
    """A Plotly marker in the look of a net; of a curve with many points at most `most` are marked."""
    line = {"color": look.colour, "width": 1.6}
    sparse = {"maxdisplayed": most} if most else {}
    return {"color": look.colour, "symbol": look.symbol, "size": size, "line": line, **sparse}


def level_line(fig: Chart, height: float, text: str, side: Literal["left", "right"], log: bool) -> None:
    """A dotted line across the plot with its name, if any; `height` as on the axis: a power of ten on a log axis.

    Plotly wants a shape on a log axis as a value but an annotation as a power, which its ``add_hline`` does not know.
    """
    value = 10**height if log else height
    fig.add_hline(y=value, line={"color": GREY, "dash": "dot", "width": 1.2})
    if not text:
        return
    fig.add_annotation(
        x={"left": 0, "right": 1}[side],
        xref="paper",
        xanchor=side,
        y=height,
        yanchor="top" if side == "right" else "bottom",
        text=text,
        font={"color": GREY, "size": 12},
        showarrow=False,
    )


@dataclass(frozen=True)
class Axis:
    """A y axis, logarithmic or not; marks for 0 stand at `floor`, for what is not finite at `ceiling`.

    Both are powers of ten on a logarithmic axis. On a linear one 0 is a value like any other.
    """

    log: bool
    floor: float
    ceiling: float

    def shown(self, values: np.ndarray) -> np.ndarray:
        """The values that have a place of their own, NaN for the others."""
        proper = np.isfinite(values) & ((values > 0) | (not self.log))
        return np.where(proper, values, np.nan)

    def height(self, value: float) -> float:
        """Where a value is drawn, as a power of ten on a logarithmic axis."""
        if not np.isfinite(value):
            return self.ceiling
        if not self.log:
            return float(value)
        return math.log10(value) if value > 0 else self.floor

    def value(self, value: float) -> float:
        """The same as Plotly wants it for a marker."""
        return float(10 ** self.height(value)) if self.log else self.height(value)


@dataclass(frozen=True)
class EndLabel:
    """`height` on the axis, a `text` after the net's name, in the look of the net; `curve` can be hidden by a click."""

    look: Look
    height: float
    text: str = ""
    curve: bool = True


def end_labels(
    fig: "Chart | go.Figure",
    labels: Sequence[EndLabel],
    low: float,
    high: float,
    gap: float,
    side: Literal["outside", "left", "right"] = "outside",
    subplot: str = "",
) -> None:
    """Names at an end of the curves, moved apart until they are `gap` of the axis apart; a click hides the curve.

    They stand outside, right of the plot, or inside at its left or right edge; `subplot` is its number after the first.
    """
    anchor, x, shift = {"outside": ("left", 1, 8), "left": ("left", 0, 6), "right": ("right", 1, -6)}[side]
    order = sorted(labels, key=lambda label: label.height)
    positions = spread([(label.height - low) / (high - low or 1) for label in order], gap)
    for label, position in zip(order, positions, strict=True):
        fig.add_annotation(
            x=x,
            xref=f"x{subplot} domain",
            xanchor=anchor,
            xshift=shift,
            y=position,
            yref=f"y{subplot} domain",
            yanchor="middle",
            name=label.look.label,
            text=f"{label.look.glyph} <b>{label.look.html}</b>  {label.text}".strip(),
            font={"color": label.look.colour, "size": 13},
            showarrow=False,
            captureevents=label.curve,
            hovertext=_("Click to hide or show this curve") if label.curve else None,
        )


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Sorted positions in 0–1, moved as little as simple sweeps can so that neighbours are `gap` apart."""
    placed: list[float] = []
    for position in positions:
        placed.append(max(min(max(position, 0.0), 1.0), placed[-1] + gap if placed else 0.0))
    top = 1.0
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], top)
        top = placed[index] - gap
    return placed


def thin(count: int, most: int = 400) -> np.ndarray:
    """Indices of at most `most` of `count` points, evenly, the last one always among them."""
    if count <= most:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, most).round().astype(int))


def log_ticks(low: float, high: float) -> dict[str, list[object]]:
    """Ticks for a log axis between two powers of ten: at least three, also where it covers less than a decade.

    Plotly would write the digits between two decades without their decade. A zoom finds ticks around the range too.
    """
    for digits in _DIGITS:
        near = [digit * 10.0**power for power in range(math.floor(low) - 2, math.ceil(high) + 3) for digit in digits]
        inside = sum(low <= math.log10(tick) <= high for tick in near)
        if inside >= 3:
            break
    ticks = near[:: max(1, math.ceil(inside / 8))]
    return {"tickvals": list(ticks), "ticktext": [_tick(tick) for tick in ticks]}


_DIGITS = (
    (1,),
    (1, 2, 5),
    (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9),
    tuple(digit / 10 for digit in range(10, 100)),
    tuple(digit / 100 for digit in range(100, 1000)),
)


def _tick(value: float) -> str:
    return f"{value:g}" if 1e-4 <= value < 1e5 else number(value)


def padded_range(values: Sequence[np.ndarray], share: float = 0.06) -> tuple[float, float]:
    """Smallest and largest finite value with some room; (0, 1) when there is none."""
    finite = np.concatenate([value[np.isfinite(value)] for value in values] or [np.array([])])
    if not finite.size:
        return 0.0, 1.0
    room = (finite.max() - finite.min()) * share or 0.5
    return float(finite.min() - room), float(finite.max() + room)
