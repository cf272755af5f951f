"""Charts of the attribution lab: scores with intervals, the sanity check, a confusion matrix."""

from collections.abc import Mapping, Sequence

import numpy as np

from resnet import catalog
from resnet.charts.axes import EndLabel, end_labels, figure, level_line, line_of, marker_of
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.findings.scores import Interval
from resnet.i18n import _


def scores_figure(
    score: str, methods: Sequence[str], rows: Sequence[tuple[Look, Mapping[str, Interval]]], chance: float | None = None
) -> Chart:
    """One score: a group for each method, in it a point with its interval for each net; the chance level."""
    record = catalog.SCORES[score]
    better = _("higher is better") if record.better == "higher" else _("lower is better")
    fig = figure(330, "", f"{_(record.label)} ({better})", right=30)
    width = 0.7 / max(1, len(rows))
    for place, (look, found) in enumerate(rows):
        shown = [(at, found[method]) for at, method in enumerate(methods) if method in found]
        x = [at + (place - (len(rows) - 1) / 2) * width for at, _interval in shown]
        mean = np.array([interval[0] for _at, interval in shown])
        low, high = (np.array([interval[end] for _at, interval in shown]) for end in (1, 2))
        fig.add_scatter(
            x=x,
            y=mean,
            mode="markers",
            marker=marker_of(look, 9),
            error_y={"array": high - mean, "arrayminus": mean - low, "color": look.colour, "thickness": 1.4},
            name=look.label,
            hovertemplate=f"{look.html}<br>%{{y:.2f}}<extra></extra>",
        )
    labels = [_(catalog.METHODS[method].label) for method in methods]
    fig.update_xaxes(tickvals=list(range(len(methods))), ticktext=labels, range=[-0.5, len(methods) - 0.5])
    if chance is not None:
        level_line(fig, chance, _("chance"), "right", log=False)
    return fig


def sanity_figure(parts: Sequence[str], rows: Sequence[tuple[Look, np.ndarray]], title: str) -> Chart:
    """Likeness (parts,) of the maps to those of the trained net while parts are randomised, head first."""
    longest = max((len(look.label) for look, _values in rows), default=0)
    fig = figure(330, _("randomised part, from the head to the stem"), title, right=min(48 + 8 * longest, 220))
    x = np.arange(len(parts))
    lowest = min([-0.3, *(float(np.nanmin(values)) - 0.07 for _look, values in rows if np.isfinite(values).any())])
    ends = []
    for look, values in rows:
        hover = f"{look.html}<br>%{{text}}<br>%{{y:.2f}}<extra></extra>"
        fig.add_scatter(
            x=x,
            y=values,
            text=list(parts),
            mode="lines+markers",
            line=line_of(look),
            marker=marker_of(look, 7),
            cliponaxis=False,  # or the first and the last marker are cut in halves
            name=look.label,
            legendgroup=look.label,
            hovertemplate=hover,
        )
        known = values[np.isfinite(values)]
        ends.append(EndLabel(look, float(known[-1]) if known.size else 0.0))
    fig.update_xaxes(tickvals=x, ticktext=[part.replace("stage", "s").replace(".block", ".b") for part in parts])
    fig.update_yaxes(range=[lowest, 1.05])
    level_line(fig, 0.0, _("no relation"), "left", log=False)
    end_labels(fig, ends, lowest, 1.05, gap=22 / 270)
    return fig


def confusion_figure(look: Look, counts: np.ndarray, classes: Sequence[str]) -> Chart:
    """The share of every class's images (row) that a net takes for each class (column), in percent.

    As small as a fifth of a wide page; the paler a cell, the smaller its share, on any background.
    """
    names = [_(name) for name in classes]
    shares = 100 * counts / np.maximum(counts.sum(1, keepdims=True), 1)
    hover = f"{look.html}<br>%{{y}} → %{{x}}: %{{z:.0f}} %<extra></extra>"
    frame = {"showgrid": False, "tickfont": {"size": 10}, "showline": True, "mirror": True, "automargin": True}
    title = {"standoff": 4, "font": {"size": 12}}
    layout = {
        "height": 255,
        "margin": {"l": 20, "r": 4, "t": 6, "b": 20},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "uirevision": "constant",
        "xaxis": {**frame, "tickangle": 90, "title": {**title, "text": _("answer")}},
        "yaxis": {**frame, "autorange": "reversed", "title": {**title, "text": _("label")}},
    }
    fig = Chart(layout)
    scale = {"colorscale": [[0, "rgba(46,125,200,0)"], [1, "rgba(46,125,200,1)"]], "zmin": 0, "zmax": 100}
    fig.add_heatmap(z=shares.astype("f4"), x=names, y=names, **scale, showscale=False, hovertemplate=hover)
    return fig
