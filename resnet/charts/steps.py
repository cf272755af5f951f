"""Layers × steps of each net as heat maps side by side, on one common colour scale."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from resnet import catalog
from resnet.charts.axes import thin
from resnet.charts.look import Look
from resnet.charts.stacked import stack
from resnet.i18n import N_, _

MOST = 120  # rows and columns of a map that are sent; more would not be seen at this size
MARKS = [[0, "#9aa0a6"], [0.5, "#9aa0a6"], [0.5, "#d6336c"], [1, "#d6336c"]]  # exactly 0: grey; not finite: pink


@dataclass(frozen=True)
class History:
    """One net: `values` (S, L) recorded at `steps` (S,) for the layers `names`; step 0 alone before any training.

    Of several seeds it is their mean, with edges `low` and `high` (S, L); `seeds` (S,) have come to each step.
    """

    look: Look
    names: tuple[str, ...]
    steps: np.ndarray
    values: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    seeds: np.ndarray | None = None


def steps_figure(histories: Sequence[History], probe: str, height: int = 340) -> go.Figure:
    """One map per net: step to the right, layers from input (bottom) to output (top), colour the power of ten."""
    record = catalog.PROBES[probe]
    rows, columns = _panels(len(histories))
    titles = [_title(history.look) for history in histories]
    space = {"horizontal_spacing": 0.3 / (columns + 1), "vertical_spacing": 0.2}
    fig = make_subplots(rows=rows, cols=columns, subplot_titles=titles, **space)
    for place, history in enumerate(histories):
        _add(fig, history, 1 + place // columns, 1 + place % columns, record.log)
    powers = {"tickprefix": "10<sup>", "ticksuffix": "</sup>"} if record.log else {}
    unit = {"text": _(record.unit), "side": "right"}
    fig.update_layout(
        height=height if rows == 1 else 2 * height - 100,
        margin={"l": 64, "r": 20, "t": 46, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        uirevision="constant",
        coloraxis={"colorscale": "Viridis", "colorbar": {"title": unit, "thickness": 20, **powers}},
    )
    fig.update_annotations(font_size=13)
    fig.update_xaxes(showgrid=False)
    fig.update_xaxes(title_text=_("step"), row=rows)
    fig.update_yaxes(showgrid=False)
    fig.update_yaxes(title_text=_(_TITLES[record.of]), col=1)
    for empty in range(len(histories), rows * columns):
        fig.update_xaxes(visible=False, row=1 + empty // columns, col=1 + empty % columns)
        fig.update_yaxes(visible=False, row=1 + empty // columns, col=1 + empty % columns)
    stack(fig, len(histories), columns=1, row=130, gap=56, right=20)
    _add_cursors(fig, len(histories))
    return fig


def _add_cursors(fig: go.Figure, count: int) -> None:
    """A line in each map that the browser moves to the step that is looked at (assets/ui/plot.js)."""
    line = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "line": {"color": "#ffffff", "width": 1.6}}
    places = ["" if number == 0 else str(number + 1) for number in range(count)]
    shapes = [{**line, "xref": f"x{place}", "yref": f"y{place} domain"} for place in places]
    fig.update_layout(shapes=shapes, meta={**(fig.layout.meta or {}), "cursor": list(range(count))})


def _panels(count: int) -> tuple[int, int]:
    """Rows and columns: four maps still stand side by side, more would be too narrow for their names."""
    return (1, count) if count <= 4 else (2, 3)


def _title(look: Look) -> str:
    """The name over a map, in two lines when it is long."""
    lines = wrap(look.label, 13, max_lines=2, placeholder="…")
    return "<b>" + "<br>".join(html.escape(line) for line in lines) + "</b>"


_TITLES = {
    "block": N_("block, input to output"),
    "gap": N_("block, input to output"),
    "weight": N_("weighted layer, input to output"),
    "response": N_("convolution, input to output"),
    "activation": N_("activation, input to output"),
}


def _add(fig: go.Figure, history: History, row: int, column: int, log: bool) -> None:
    rows, columns = thin(len(history.names), MOST), thin(len(history.steps), MOST)
    values = history.values[np.ix_(columns, rows)].T.astype(float)  # (layers, steps)
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.log10(values) if log else values
    odd = np.where(log & (values == 0), 0.0, np.where(np.isfinite(values), np.nan, 1.0))
    place = {"x": history.steps[columns], "y": rows + 1}
    powers = np.where(np.isfinite(powers), powers, np.nan).astype("f4")
    value = "10^%{z:.2f}" if log else "%{z:.2f}"
    hover = f"{history.look.html}<br>{_('step')} %{{x}}<br>{_('layer')} %{{y}}<br>{value}<extra></extra>"
    fig.add_trace(go.Heatmap(z=powers, coloraxis="coloraxis", hovertemplate=hover, **place), row, column)
    if np.isfinite(odd).any():
        names = np.where(odd == 0, _("exactly 0"), _("not finite"))
        marks = go.Heatmap(
            z=odd,
            zmin=0,
            zmax=1,
            colorscale=MARKS,
            showscale=False,
            text=names,
            hovertemplate="%{text}<extra></extra>",
            **place,
        )
        fig.add_trace(marks, row, column)
