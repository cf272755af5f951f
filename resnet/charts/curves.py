"""Loss or error of several runs over steps or seconds, in one chart."""

import math
from collections.abc import Sequence

import numpy as np

from resnet.charts.axes import (
    GREY,
    Axis,
    EndLabel,
    end_labels,
    figure,
    level_line,
    line_of,
    log_ticks,
    marker_of,
    padded_range,
    thin,
)
from resnet.charts.bands import add_band
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.charts.series import Series, View, all_values, band_of, mean_of, smooth, test_curve, train_curve
from resnet.findings.text import nats, number
from resnet.i18n import _

__all__ = ["Series", "View", "curves_figure", "smooth"]

MARKS = 7  # symbols on a curve: enough to follow it, few enough to see the line
NEAR = 2  # times the loss by chance: a run that ends below it has something to show
FAR = 4  # times the loss by chance: nothing stretches the axis farther
NARROWEST = 0.15  # powers of ten on a log axis: less would have no ticks
EDGE = 0.985  # of the axis: marks for what leaves it stand there, for Plotly drops a marker that is beyond the range
MOST = 1e30  # float32 holds it; a diverged loss may be larger


def curves_figure(
    series: Sequence[Series],
    view: View,
    steps: int,
    classes: int = 10,
    floors: Sequence[float] = (),
    height: int = 380,
    cursor: int | None = None,
    whole: Sequence[Series] = (),
) -> Chart:
    """Training as a line, test as markers; the chance level; each curve labelled at its end with its last value.

    `floors` are losses below which nets with softmax inside cannot fall; `cursor` marks a step. `whole` is what the
    axis has room for, where more will be drawn than `series`.
    """
    longest = max((len(one.look.label) for one in series), default=0)
    fig = figure(height, _x_title(view), _y_title(view), right=min(max(140, 64 + 8 * longest), 266))
    drawn = [(one.look, *mean_of(one, view, train_curve)) for one in series if view.split != "test"]
    tested = [(one.look, *mean_of(one, view, test_curve)) for one in series if view.split != "train"]
    chance = math.log(classes) if view.quantity == "loss" else 100 * (1 - 1 / classes)
    low, high, axis = _axis(list(all_values(whole or series, view)), view, chance)
    _spreads(fig, series, view, axis)
    for one, (look, x, y) in zip(series, drawn, strict=False):
        _line(fig, look, x, y, view, axis, one.html)
    for one, (look, x, y) in zip(series, tested, strict=False):
        _markers(fig, look, x, y, view, axis, one.html)
    last = steps if view.x == "step" else max((x[-1] for _, x, _ in drawn if len(x)), default=0)
    for look, x, y in drawn if view.split == "train" else ():
        _symbols(fig, look, x, y, last, axis)
    for look, x, y in drawn + tested:
        _odd(fig, look, x, y, axis)
    _levels(fig, chance, floors, view, axis)
    labels = [_end(look, float(y[-1]), view, axis) for look, _, y in (drawn or tested) if len(y)]
    labels.append(_chance_label(chance, view, classes, axis))
    end_labels(fig, labels, low, high, gap=22 / (height - 60))
    fig.update_yaxes(
        range=[low, high], type="log" if view.log else "linear", **(log_ticks(low, high) if view.log else {})
    )
    if view.x == "step":
        fig.update_xaxes(range=[0, steps])
        if cursor is not None:
            fig.add_cursor(cursor, {"color": GREY, "width": 1.6})
    return fig


def _spreads(fig: Chart, series: Sequence[Series], view: View, axis: Axis) -> None:
    """Behind the means what the seeds make of it: a band, or a thin line each; of training where that is drawn."""
    of = test_curve if view.split == "test" else train_curve
    for one in series:
        if len(one.runs) > 1 and not view.each:
            x, _middle, low, high = band_of(one, view, of)
            add_band(fig, one.look, x, low, high, axis)
        for seed, run in one.seeds.items() if view.each and len(one.runs) > 1 else ():
            _thin_line(fig, one.look, seed, *of(run, view)[1:], axis)


def _thin_line(fig: Chart, look: Look, seed: int, x: np.ndarray, y: np.ndarray, axis: Axis) -> None:
    keep = thin(len(x))
    fig.add_scatter(
        x=x[keep].astype("f4"),
        **_heights(y[keep], axis, _("{net}, seed {seed}", net=look.html, seed=seed)),
        name=f"{look.label} {seed}",
        legendgroup=look.label,
        mode="lines",
        line=line_of(look, 1),
        opacity=0.6,
    )


def _line(fig: Chart, look: Look, x: np.ndarray, y: np.ndarray, view: View, axis: Axis, html: str) -> None:
    fig.add_scatter(
        x=x.astype("f4"),
        **_heights(y, axis, f"{html}<br>%{{x:.0f}} {_x_unit(view)}"),
        name=look.label,
        legendgroup=look.label,
        mode="lines",
        line=line_of(look),
    )


def _markers(fig: Chart, look: Look, x: np.ndarray, y: np.ndarray, view: View, axis: Axis, html: str) -> None:
    fig.add_scatter(
        x=x.astype("f4"),
        **_heights(y, axis, _("{net}, test", net=html) + f"<br>%{{x:.0f}} {_x_unit(view)}"),
        name=f"{look.label} {_('test')}",
        legendgroup=look.label,
        mode="lines+markers",
        line=line_of(look, 1.2),
        marker=marker_of(look, 8),
    )


def _heights(y: np.ndarray, axis: Axis, head: str) -> dict[str, object]:
    """The drawn values and what is told of them: a 0 on a log axis is drawn at the floor and told as 0."""
    y = np.minimum(y, MOST)
    if not axis.log or not (y == 0).any():
        return {"y": y.astype("f4"), "hovertemplate": f"{head}<br>%{{y:.4~g}}<extra></extra>"}
    heights = np.where(y == 0, axis.value(0), y).astype("f4")
    return {
        "y": heights,
        "customdata": y.astype("f4"),
        "hovertemplate": f"{head}<br>%{{customdata:.4~g}}<extra></extra>",
    }


def _symbols(fig: Chart, look: Look, x: np.ndarray, y: np.ndarray, last: float, axis: Axis) -> None:
    """The net's symbol at a few places that all curves share."""
    places = last * (np.arange(MARKS) + 0.5) / MARKS
    near = np.unique(np.searchsorted(x, places[places <= x[-1]])).tolist() if len(x) else []
    at = [index for index in near if np.isfinite(y[index]) and 0 != y[index] <= axis.value(np.inf)]
    if at:
        _add_marks(fig, look, x[at], y[at], marker_of(look, 9))


def _odd(fig: Chart, look: Look, x: np.ndarray, y: np.ndarray, axis: Axis) -> None:
    """Marks for zeros at the floor of a log axis, and at the top edge where a curve leaves the axis."""
    zero = axis.log & (y == 0)
    if zero.any():
        _add_marks(fig, look, x[zero], [axis.value(0)] * zero.sum(), {**marker_of(look, 6), "symbol": "triangle-down"})
    above = np.r_[False, (y > axis.value(np.inf)) | ~np.isfinite(y)]
    leaves = np.flatnonzero(above[1:] & ~above[:-1])
    if len(leaves):
        leaves = leaves[thin(len(leaves), MARKS)]
        _add_marks(
            fig, look, x[leaves], [axis.value(np.inf)] * len(leaves), {**marker_of(look, 10), "symbol": "triangle-up"}
        )


def _add_marks(fig: Chart, look: Look, x: np.ndarray, y: np.ndarray | list[float], marker: dict[str, object]) -> None:
    place = {"x": np.asarray(x, "f4"), "y": np.asarray(y, "f4")}
    named = {"name": f"{look.label} {marker['symbol']}", "legendgroup": look.label, "showlegend": False}
    fig.add_scatter(**place, **named, mode="markers", marker=marker, hoverinfo="skip", cliponaxis=False)


def _levels(fig: Chart, chance: float, floors: Sequence[float], view: View, axis: Axis) -> None:
    """Lines for the chance level, the floor of nets with softmax inside, and 0 on a log axis."""
    level_line(fig, axis.height(chance), "", "right", view.log)
    for floor in floors if view.quantity == "loss" else ():
        level_line(fig, axis.height(floor), _("floor of softmax inside"), "left", view.log)
    if axis.floor > -math.inf:
        level_line(fig, axis.floor, _("exactly 0"), "left", view.log)


def _chance_label(chance: float, view: View, classes: int, axis: Axis) -> EndLabel:
    text = _("chance, ln {classes}", classes=classes) if view.quantity == "loss" else _("chance")
    return EndLabel(Look(text, GREY, "dot", ""), axis.height(chance), curve=False)


def _axis(values: Sequence[np.ndarray], view: View, chance: float) -> tuple[float, float, Axis]:
    """The range, in powers of ten on a log axis, and the places of what has none in it.

    Runs that learn set the scale: a diverged one, or a few wild first values, leave it at the top.
    """
    calm = [y[np.isfinite(y)] for y in values if np.isfinite(y).any()]
    learning = [y for y in calm if y[-1] <= NEAR * chance] or calm
    top = max([1.25 * chance, *(min(float(np.percentile(y, 98)), FAR * chance) for y in learning)])
    kept = [np.minimum(y, top) for y in calm]
    if not view.log:
        high = padded_range([*kept, np.array([0.0, chance])])[1]
        return 0.0, high, Axis(False, -math.inf, EDGE * high)
    low, high = padded_range([np.log10(y[y > 0]) for y in [*kept, np.array([chance])]])
    low, high = min(low, (low + high - NARROWEST) / 2), max(high, (low + high + NARROWEST) / 2)
    if not any((y == 0).any() for y in kept):
        return low, high, Axis(True, -math.inf, low + EDGE * (high - low))
    room = 0.08 * (high - low)
    return low - 2 * room, high, Axis(True, low - room, low + EDGE * (high - low))


def _end(look: Look, last: float, view: View, axis: Axis) -> EndLabel:
    """The last value; an arrow before one that is above the axis, and a bare 0 at the floor."""
    away = "↑ " if last > axis.value(np.inf) else ""
    return EndLabel(look, min(axis.height(last), axis.ceiling), away + _end_text(last, view))


def _end_text(value: float, view: View) -> str:
    if not math.isfinite(value):
        return _("not finite")
    if view.quantity == "loss":
        return nats(value) if value >= 0.01 else number(value)
    return f"{value:.0f} %" if value >= 1 or value == 0 else f"{number(value)} %"


def _x_unit(view: View) -> str:
    return _("steps") if view.x == "step" else _("s")


def _x_title(view: View) -> str:
    return _("step") if view.x == "step" else _("training time, seconds")


def _y_title(view: View) -> str:
    if view.quantity == "error":
        return _("error, % (lower is better)")
    return _("loss, nats (lower is better)")
