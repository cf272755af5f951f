"""Loss or error of several runs over steps or seconds, in one chart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from resnet.charts.axes import GREY, EndLabel, end_labels, figure, level_line, line_of, marker_of, padded_range, thin
from resnet.charts.look import Look
from resnet.i18n import _
from resnet.runs.store import Curves

# 1, 2 and 5 of each decade: Plotly would write the digits between two decades without their decade.
LOG_TICKS = [digit * 10.0**power for power in range(-4, 4) for digit in (1, 2, 5)]


@dataclass(frozen=True)
class View:
    """What of the curves is drawn: `quantity` loss or error, `split` train, test or both, `x` step or seconds."""

    quantity: str = "loss"
    split: str = "train"
    smoothing: int = 20
    log: bool = False
    x: str = "step"


@dataclass(frozen=True)
class Series:
    """One run in the look of its net."""

    look: Look
    curves: Curves


def curves_figure(
    series: Sequence[Series],
    view: View,
    steps: int,
    classes: int = 10,
    floors: Sequence[float] = (),
    height: int = 380,
    cursor: int | None = None,
) -> go.Figure:
    """Training as a line, test as markers; the chance level; each curve labelled at its end with its last value.

    `floors` are losses below which nets with softmax inside cannot fall; `cursor` marks a step.
    """
    longest = max((len(one.look.label) for one in series), default=0)
    fig = figure(height, _x_title(view), _y_title(view), right=min(max(128, 48 + 8 * longest), 250))
    drawn = [(one.look, *_train(one.curves, view)) for one in series if view.split != "test"]
    tested = [(one.look, *_test(one.curves, view)) for one in series if view.split != "train"]
    for look, x, y in drawn:
        _line(fig, look, x, y, view)
    for look, x, y in tested:
        _markers(fig, look, x, y, view)
    chance = math.log(classes) if view.quantity == "loss" else 100 * (1 - 1 / classes)
    low, high = _range([y for _, _, y in drawn + tested], view, chance)
    _chance(fig, chance, view, classes)
    for floor in floors if view.quantity == "loss" else ():
        level_line(fig, _on_axis(floor, view), _("floor of softmax inside"), "left", view.log)
    ends = [(look, y[np.isfinite(y)]) for look, _, y in (drawn or tested)]
    labels = [EndLabel(look, _on_axis(y[-1], view), _end_text(y[-1], view)) for look, y in ends if y.size]
    end_labels(fig, labels, low, high, gap=22 / (height - 60))
    fig.update_yaxes(range=[low, high], type="log" if view.log else "linear")
    if view.log:
        fig.update_yaxes(tickvals=LOG_TICKS, ticktext=[f"{tick:g}" for tick in LOG_TICKS])
    if view.x == "step":
        fig.update_xaxes(range=[0, steps])
        if cursor is not None:
            fig.add_vline(x=cursor, line={"color": GREY, "width": 1.6})
    return fig


def smooth(values: np.ndarray, window: int) -> np.ndarray:
    """Mean of the last `window` values (of all so far at the start); a value that is not finite leaves a gap."""
    if window <= 1 or not len(values):
        return values
    finite = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(finite, values, 0.0))])
    starts = np.maximum(np.arange(len(values)) - window + 1, 0)
    means = (sums[1:] - sums[starts]) / (np.arange(len(values)) - starts + 1)
    return np.where(finite, means, np.nan)


def _train(curves: Curves, view: View) -> tuple[np.ndarray, np.ndarray]:
    values = curves.loss if view.quantity == "loss" else 100 * (1 - curves.accuracy)
    keep = thin(len(values))
    x = curves.step if view.x == "step" else curves.seconds
    return x[keep], smooth(values, view.smoothing)[keep]


def _test(curves: Curves, view: View) -> tuple[np.ndarray, np.ndarray]:
    values = curves.test_loss if view.quantity == "loss" else 100 * (1 - curves.test_accuracy)
    x = curves.test_step if view.x == "step" else np.interp(curves.test_step, curves.step, curves.seconds)
    return x, values


def _line(fig: go.Figure, look: Look, x: np.ndarray, y: np.ndarray, view: View) -> None:
    hover = f"{look.html}<br>%{{x:.0f}} {_x_unit(view)}<br>%{{y:.3f}}<extra></extra>"
    fig.add_scatter(
        x=x.astype("f4"),
        y=y.astype("f4"),
        name=look.label,
        legendgroup=look.label,
        mode="lines",
        line=line_of(look),
        hovertemplate=hover,
    )


def _markers(fig: go.Figure, look: Look, x: np.ndarray, y: np.ndarray, view: View) -> None:
    hover = f"{look.html}, {_('test')}<br>%{{x:.0f}} {_x_unit(view)}<br>%{{y:.3f}}<extra></extra>"
    fig.add_scatter(
        x=x.astype("f4"),
        y=y.astype("f4"),
        name=f"{look.label} {_('test')}",
        legendgroup=look.label,
        mode="lines+markers",
        line=line_of(look, 1.2),
        marker=marker_of(look, 8),
        hovertemplate=hover,
    )


def _chance(fig: go.Figure, chance: float, view: View, classes: int) -> None:
    text = _("chance, ln {classes}", classes=classes) if view.quantity == "loss" else _("chance")
    level_line(fig, _on_axis(chance, view), text, "right", view.log)


def _range(values: Sequence[np.ndarray], view: View, chance: float) -> tuple[float, float]:
    """The axis range, in powers of ten on a log axis; a few wild first values do not set the scale."""
    calm = [y[np.isfinite(y)] for y in values]
    calm = [np.minimum(y, max(1.25 * chance, float(np.percentile(y, 98)))) for y in calm if y.size]
    if view.log:
        positive = [np.log10(y[y > 0]) for y in [*calm, np.array([chance])]]
        return padded_range(positive)
    return 0.0, padded_range([*calm, np.array([0.0, chance])])[1]


def _on_axis(value: float, view: View) -> float:
    return math.log10(value) if view.log and value > 0 else value


def _end_text(value: float, view: View) -> str:
    return f"{value:.2f}" if view.quantity == "loss" else f"{value:.0f} %"


def _x_unit(view: View) -> str:
    return _("steps") if view.x == "step" else _("s")


def _x_title(view: View) -> str:
    return _("step") if view.x == "step" else _("training time, seconds")


def _y_title(view: View) -> str:
    if view.quantity == "error":
        return _("error, % (lower is better)")
    return _("loss, nats (lower is better)")
