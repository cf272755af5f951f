"""The nets of a family below each other: blocks, parameters and multiply-adds as bars, each with an axis of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resnet.charts.axes import figure
from resnet.charts.chart import Chart
from resnet.charts.look import look
from resnet.i18n import _
from resnet.specs import NetSpec

ROW, FRAME = 30, 70  # pixels: of a net, and around all
GAP = 0.05  # share of the width between two columns


@dataclass(frozen=True)
class Member:
    """A net of the family with what it counts."""

    net: NetSpec
    label: str
    blocks: int
    parameters: int
    multiply_adds: int


def family_figure(members: Sequence[Member]) -> Chart:
    """Three columns of bars with their numbers."""
    fig = figure(FRAME + ROW * len(members), "", "", right=10)
    width = (1 - 2 * GAP) / 3
    columns: tuple[tuple[str, list[float], str], ...] = (
        (_("blocks"), [member.blocks for member in members], "{:,.0f}"),
        (_("parameters, M"), [member.parameters / 1e6 for member in members], "{:.1f}"),
        (_("multiply-adds, G"), [member.multiply_adds / 1e9 for member in members], "{:.2f}"),
    )
    axes: dict[str, Any] = {}
    for place, (title, values, written) in enumerate(columns):
        name = "" if place == 0 else str(place + 1)
        start = place * (width + GAP)
        axes[f"xaxis{name}"] = _axis(title, start, start + width, max(values))
        _bars(fig, members, values, written, f"x{name}", title)
    fig.update_layout(**axes)
    labels = [member.label for member in members]
    places = {"tickvals": list(range(len(members))), "ticktext": labels}
    fig.update_yaxes(range=[len(members) - 0.5, -0.5], **places, fixedrange=True, title=None)
    return fig


def _axis(title: str, start: float, end: float, most: float) -> dict[str, Any]:
    """Room for the number behind the longest bar."""
    return {
        "title": {"text": title, "standoff": 6, "font": {"size": 13}},
        "domain": [start, end],
        "anchor": "y",
        "range": [0, 1.45 * most],
        "showgrid": False,
        "zeroline": False,
        "showticklabels": False,
        "fixedrange": True,
    }


def _bars(fig: Chart, members: Sequence[Member], values: Sequence[float], written: str, axis: str, title: str) -> None:
    numbers = [written.format(value) for value in values]
    fig.add_bar(
        orientation="h",
        x=list(values),
        y=list(range(len(members))),
        xaxis=axis,
        text=numbers,
        textposition="outside",
        cliponaxis=False,
        customdata=[member.label for member in members],
        hovertemplate="%{customdata}: %{text}<extra></extra>",
        name=title,
        marker={"color": [look(member.net).colour for member in members], "opacity": 0.8},
        width=0.62,
    )
