"""Charts of the gradient lab: the board of profiles, the equations, shattered gradients, path lengths."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from resnet.analyses.results import Equations, PathLengths, Shattered
from resnet.charts.axes import (
    GREY,
    Axis,
    EndLabel,
    end_labels,
    figure,
    line_of,
    log_ticks,
    marker_of,
    padded_range,
)
from resnet.charts.bands import add_band, edges
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.charts.profiles import decades
from resnet.charts.stacked import stack
from resnet.findings.profiles import kind, ratio
from resnet.i18n import _, plural

_FRAME = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "uirevision": "constant"}
KINDS = {"vanish": "#6b7f8f", "explode": "#c9301c", "healthy": "#1f8a5b"}
SIGNS = {"vanish": "↓", "explode": "↑", "healthy": "→"}


@dataclass(frozen=True)
class BoardCell:
    """One small profile: `values` (L,) of the output gradient in layer order; `plain` nets are dashed."""

    title: str
    plain: bool
    values: np.ndarray


def board_figure(cells: Sequence[BoardCell], columns: int, height: int = 130) -> go.Figure:
    """Small profiles on common axes, input left; the colour and an arrow say what becomes of the gradient."""
    rows = -(-len(cells) // columns)
    titles = [f"{cell.title}<br><b>{SIGNS[kind(cell.values)]} {ratio(cell.values)}</b>" for cell in cells]
    space = {"horizontal_spacing": 0.03, "vertical_spacing": 0.36 / rows if rows > 1 else 0.0}
    fig = make_subplots(rows, columns, shared_xaxes="all", shared_yaxes="all", subplot_titles=titles, **space)
    low, high = decades([cell.values for cell in cells])
    for place, cell in enumerate(cells):
        _add_cell(fig, cell, 1 + place // columns, 1 + place % columns, (low, high))
    fig.update_yaxes(type="log", range=[low - 0.5, high + 0.5], exponentformat="power", nticks=4, showgrid=True)
    fig.update_yaxes(title={"text": _("L2 norm"), "font": {"size": 11}, "standoff": 2}, col=1)
    fig.update_xaxes(showgrid=False, showticklabels=False)
    fig.update_xaxes(title={"text": _("input → output"), "font": {"size": 11}, "standoff": 4}, row=rows)
    fig.update_annotations(font_size=12)
    margin = {"l": 50, "r": 10, "t": 46, "b": 30}
    fig.update_layout(height=rows * height + 60, margin=margin, showlegend=False, **_FRAME)
    stack(fig, len(cells), columns=min(2, columns), row=70, gap=56)
    return fig


def _add_cell(fig: go.Figure, cell: BoardCell, row: int, column: int, limits: tuple[float, float]) -> None:
    colour = KINDS[kind(cell.values)]
    proper = np.isfinite(cell.values) & (cell.values > 0)
    x = np.linspace(0, 1, len(cell.values))
    line = {"color": colour, "width": 2, "dash": "dash" if cell.plain else "solid"}
    shown = np.where(proper, cell.values, np.nan)
    hover = "%{y:.2e}<extra></extra>"
    fig.add_trace(go.Scatter(x=x, y=shown, mode="lines", line=line, hovertemplate=hover), row, column)
    if not proper.all():
        odd = ~proper
        heights = [10 ** (limits[0] if value == 0 else limits[1]) for value in cell.values[odd]]
        symbols = ["triangle-down" if value == 0 else "x" for value in cell.values[odd]]
        marker = {"color": colour, "size": 6, "symbol": symbols}
        texts = [_("exactly 0") if value == 0 else _("not finite") for value in cell.values[odd]]
        marks = go.Scatter(x=x[odd], y=heights, mode="markers", marker=marker, text=texts, hoverinfo="text")
        fig.add_trace(marks, row, column)


def equations_figure(look: Look, found: Equations, height: int = 330) -> go.Figure:
    """Left: direct term and branches' part of the gradient for each block; right: the cosine between them."""
    titles = [_("Gradient at each block's input"), _("Angle between the two parts")]
    fig = make_subplots(1, 2, subplot_titles=titles, column_widths=[0.62, 0.38], horizontal_spacing=0.14)
    _add_parts(fig, look, found, height)
    x = np.arange(1, len(found.names) + 1)
    marker = {"color": look.colour, "size": 8}
    cosine = go.Scatter(x=x, y=found.cosine, mode="markers", marker=marker, text=found.names, showlegend=False,
                        hovertemplate="%{text}<br>%{y:.2f}<extra></extra>")  # fmt: skip
    fig.add_trace(cosine, 1, 2)
    fig.add_hline(y=0, line={"color": GREY, "dash": "dot", "width": 1.2}, col=2)
    fig.update_yaxes(range=[-1.05, 1.05], title_text=_("cosine (0: at right angles)"), col=2)
    title = _("block of the stage, from input to output")
    fig.update_xaxes(title_text=title, showgrid=False, dtick=max(1, len(x) // 8))
    margin = {"l": 64, "r": 16, "t": 34, "b": 48}
    fig.update_layout(height=height, margin=margin, showlegend=False, **_FRAME)
    stack(fig, 2, columns=1, row=210, gap=64)
    room = 0.04 * max(len(x) - 1, 1)
    fig.layout.meta["compact"]["xaxis"]["range"] = [1 - room, len(x) + room]  # there the names stand below
    return fig


def _add_parts(fig: go.Figure, look: Look, found: Equations, height: int) -> None:
    """The three curves, named behind their last points, where room is left for the names."""
    x = np.arange(1, len(found.names) + 1)
    parts = (
        (np.full(len(x), found.direct), _("direct term"), "dot", "square-open"),
        (found.branch, _("branches' part"), "dash", "diamond-open"),
        (found.total, _("whole"), "solid", "circle"),
    )
    low, high = padded_range([np.log10(y[y > 0]) for y, *_ in parts], share=0.1)
    axis, ends = Axis(True, low, high), []
    for y, name, dash, symbol in parts:
        part = Look(name, look.colour, dash, symbol)
        hover = f"{name}<br>%{{text}}<br>%{{y:.3g}}<extra></extra>"
        style = {"mode": "lines+markers", "line": line_of(part, 2), "marker": marker_of(part), "hovertemplate": hover}
        trace = go.Scatter(x=x, y=axis.shown(y), name=name, legendgroup=name, text=found.names, **style)
        fig.add_trace(trace, 1, 1)
        ends.append(EndLabel(part, axis.height(y[-1])))
    end_labels(fig, ends, low, high, gap=22 / (height - 82), side="right")
    share = 0.42  # of the panel on a screen of 1024, for the longest name
    span = max(len(x) - 1, 1)
    fig.update_xaxes(range=[1 - 0.04 * span, len(x) + span * share / (1 - share)], col=1)
    fig.update_yaxes(type="log", title_text=_("L2 norm"), range=[low, high], **log_ticks(low, high), col=1)


def slopes_figure(series: Sequence[tuple[Look, Shattered]], height: int = 90) -> go.Figure:
    """The slope of the logit along the way, one row for each net, each in units of its own spread; with a cursor."""
    titles = [f"<b>{look.html}</b>" for look, _found in series]
    rows = len(series)
    spacing = 0.2 / rows if rows > 1 else 0.0
    fig = make_subplots(rows, 1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=spacing)
    for row, (look, found) in enumerate(series, start=1):
        spread = float(found.slope.std()) or 1.0
        t = np.arange(len(found.slope))
        y = (found.slope / spread).astype("f4")
        line = {"color": look.colour, "width": 1.6}  # dashes would hide how rough a curve is; the title names the net
        fig.add_trace(go.Scatter(x=t, y=y, mode="lines", line=line, hovertemplate="%{y:.2f}<extra></extra>"), row, 1)
    fig.update_yaxes(showgrid=False, nticks=3, zeroline=True)
    fig.update_xaxes(showgrid=False)
    fig.update_xaxes(
        title_text=_(
            "point on the way from the first image (0) to the second ({last})", last=len(series[0][1].slope) - 1
        ),
        row=rows,
    )
    fig.update_yaxes(title_text=_("slope ÷ its spread"), row=(rows + 1) // 2)
    margin = {"l": 64, "r": 16, "t": 26, "b": 48}
    line = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "line": {"color": GREY, "width": 1.6}}
    places = ["" if row == 0 else str(row + 1) for row in range(rows)]
    shapes = [{**line, "xref": f"x{place}", "yref": f"y{place} domain"} for place in places]
    cursor = {"shapes": shapes, "meta": {"cursor": list(range(rows))}}  # the browser moves it (assets/ui/plot.js)
    return fig.update_layout(height=rows * height + 80, margin=margin, showlegend=False, **cursor, **_FRAME)


def correlation_figure(
    series: Sequence[tuple[Look, Shattered]], references: dict[str, np.ndarray], height: int = 380
) -> Chart:
    """Autocorrelation of the input gradient over the distance on the way, with white noise and Brownian motion.

    Of several pairs of images the mean, and a band from the lowest to the highest; from five on the middle half.
    """
    fig = figure(height, _("distance on the way, points"), _("autocorrelation (1: unchanged)"), right=128)
    ends = []
    for look, found in series:
        if len(found.each) > 1 and np.isfinite(found.each).all():
            low, high = edges(found.each, np.ones(found.each.shape, dtype=bool))
            add_band(fig, look, np.arange(len(low)), low, high, Axis(False, -0.25, 1.05))
    for look, found in series:
        lags = np.arange(len(found.correlation))
        hover = f"{look.html}<br>%{{x}}<br>%{{y:.2f}}<extra></extra>"
        fig.add_scatter(
            x=lags,
            y=found.correlation,
            mode="lines+markers",
            line=line_of(look),
            marker=marker_of(look, 7, most=10),
            name=look.label,
            legendgroup=look.label,
            hovertemplate=hover,
        )
        ends.append(EndLabel(look, float(found.correlation[-1]) if np.isfinite(found.correlation[-1]) else 0.0))
    names = {"white": _("white noise"), "brown": _("Brownian motion")}
    for word, values in references.items():
        line = {"color": GREY, "width": 1.4, "dash": "dot" if word == "white" else "dashdot"}
        name = names[word]
        fig.add_scatter(x=np.arange(len(values)), y=values, mode="lines", line=line, name=name, hoverinfo="name",
                        legendgroup=name)  # fmt: skip
        ends.append(EndLabel(Look(name, GREY, "dot", ""), float(values[-1])))
    fig.update_yaxes(range=[-0.25, 1.05])
    end_labels(fig, ends, -0.25, 1.05, gap=22 / (height - 60))
    return fig


def paths_figure(series: Sequence[tuple[Look, PathLengths]], height: int = 250) -> go.Figure:
    """For each residual net, of all paths and of the gradient the share with each number of blocks."""
    rows = len(series)
    titles = [
        f"<b>{look.html}</b>, {plural('{count} block', '{count} blocks', found.blocks)}" for look, found in series
    ]
    spacing = 0.28 / rows if rows > 1 else 0.0
    fig = make_subplots(rows, 1, subplot_titles=titles, vertical_spacing=spacing)
    for row, (look, found) in enumerate(series, start=1):
        shares = 100 * found.share / found.share.sum()
        bars = go.Bar(x=found.lengths, y=100 * found.total, marker_color=look.colour, name=_("gradient"),
                      hovertemplate=_("%{x} blocks: %{y:.1f} % of the summed norms") + "<extra></extra>")  # fmt: skip
        if len(found.error):
            bars.error_y = {"array": 100 * found.error, "color": GREY, "thickness": 1.2, "width": 2}
        line = {"color": GREY, "width": 2, "dash": "dot"}
        curve = go.Scatter(x=found.lengths, y=shares, mode="lines+markers", line=line, marker={"size": 5},
                           hovertemplate=_("%{x} blocks: %{y:.1f} % of the paths") + "<extra></extra>")  # fmt: skip
        fig.add_trace(bars, row, 1)
        fig.add_trace(curve, row, 1)
    fig.update_yaxes(title_text=_("share, %"), rangemode="tozero")
    fig.update_xaxes(showgrid=False)
    fig.update_xaxes(title_text=_("blocks that a path runs through"), row=rows)
    margin = {"l": 64, "r": 16, "t": 30, "b": 48}
    return fig.update_layout(height=rows * height, margin=margin, showlegend=False, bargap=0.15, **_FRAME)
