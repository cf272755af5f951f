"""What all figures share: quiet axes, no background, labels at the ends of curves instead of a legend.

Text and grid colours are left to the page, which knows whether it is light or dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from resnet.charts.look import Look
from resnet.i18n import _

GREY = "#808890"  # readable on both backgrounds: chance lines, notes


def figure(height: int, x_title: str, y_title: str, right: int = 20) -> go.Figure:
    """An empty figure with titled axes; `right` pixels are kept free for labels."""
    layout = go.Layout(
        height=height,
        margin={"l": 64, "r": right, "t": 28, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        hovermode="closest",
        uirevision="constant",
        font={"size": 13},
        xaxis={
            "title": {"text": x_title, "standoff": 8, "font": {"size": 13}},
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
        },
        yaxis={"title": {"text": y_title, "standoff": 6, "font": {"size": 13}}, "zeroline": False, "automargin": True},
    )
    return go.Figure(layout=layout)


def line_of(look: Look, width: float = 2.4) -> dict[str, object]:
    """A Plotly line in the look of a net."""
    return {"color": look.colour, "dash": look.dash, "width": width}


def marker_of(look: Look, size: int = 7) -> dict[str, object]:
    """A Plotly marker in the look of a net."""
    return {"color": look.colour, "symbol": look.symbol, "size": size, "line": {"color": look.colour, "width": 1.6}}


def level_line(fig: go.Figure, height: float, text: str, side: Literal["left", "right"], log: bool) -> None:
    """A dotted line across the plot with its name; `height` as on the axis, that is a power of ten on a log axis.

    Plotly wants a shape on a log axis as a value but an annotation as a power, which its ``add_hline`` does not know.
    """
    value = 10**height if log else height
    fig.add_hline(y=value, line={"color": GREY, "dash": "dot", "width": 1.2})
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
class EndLabel:
    """`height` on the axis, a `text` after the net's name, in the look of the net."""

    look: Look
    height: float
    text: str = ""


def end_labels(
    fig: go.Figure,
    labels: Sequence[EndLabel],
    low: float,
    high: float,
    gap: float,
    side: Literal["outside", "left", "right"] = "outside",
) -> None:
    """Names at an end of the curves, moved apart until they are `gap` of the axis apart; a click hides the curve.

    They stand outside, right of the plot, or inside at its left or right edge.
    """
    anchor, x, shift = {"outside": ("left", 1, 8), "left": ("left", 0, 6), "right": ("right", 1, -6)}[side]
    order = sorted(labels, key=lambda label: label.height)
    positions = spread([(label.height - low) / (high - low or 1) for label in order], gap)
    for label, position in zip(order, positions, strict=True):
        fig.add_annotation(
            x=x,
            xref="paper",
            xanchor=anchor,
            xshift=shift,
            y=position,
            yref="y domain",
            yanchor="middle",
            name=label.look.label,
            text=f"<b>{label.look.html}</b>  {label.text}".strip(),
            font={"color": label.look.colour, "size": 13},
            showarrow=False,
            captureevents=True,
            hovertext=_("Click to hide or show this curve"),
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


def padded_range(values: Sequence[np.ndarray], share: float = 0.06) -> tuple[float, float]:
    """Smallest and largest finite value with some room; (0, 1) when there is none."""
    finite = np.concatenate([value[np.isfinite(value)] for value in values] or [np.array([])])
    if not finite.size:
        return 0.0, 1.0
    room = (finite.max() - finite.min()) * share or 0.5
    return float(finite.min() - room), float(finite.max() + room)
