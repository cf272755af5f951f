"""Per-layer profiles of several nets on one logarithmic axis; zeros, NaN and infinity have marks of their own."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from resnet import catalog
from resnet.charts.axes import Axis, EndLabel, end_labels, figure, level_line, line_of, marker_of, padded_range, thin
from resnet.charts.bands import add_band
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.i18n import N_, _

LETTER, WIDTH = 8, 560  # pixels: of a bold letter, and of the plot on a screen of 1024
FEW = 64  # layers: each is marked; of more only some, and the line shows the rest
ROOM = 0.08  # share of the axis between the drawn values and the marks for 0 and for what is not finite


@dataclass(frozen=True)
class Profile:
    """One value per layer, in the order of the signal, in the look of its net.

    Of several `seeds` it is their mean, with the edges of a band around it.
    """

    look: Look
    names: tuple[str, ...]
    values: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    seeds: int = 1


def profile_figure(
    profiles: Sequence[Profile],
    probe: str,
    relative_depth: bool = False,
    limits: tuple[float, float] | None = None,
    height: int = 400,
    named: bool = True,
) -> Chart:
    """All profiles overlaid, input left, output right; `limits` (powers of ten) hold the axis still in a playback.

    They are not `named` where another chart beside it names the same nets.
    """
    record = catalog.PROBES[probe]
    fig = figure(
        height,
        _x_title(record.of, relative_depth),
        _("{quantity}, {unit}", quantity=_(record.label), unit=_(record.unit)),
    )
    low, high = limits or axis_limits([profile.values for profile in profiles], record.log)
    room = ROOM * (high - low)
    axis = Axis(record.log, low - room, high + room)
    for profile in profiles:
        _add_spread(fig, profile, relative_depth, axis)
    for profile in profiles:
        _add(fig, profile, relative_depth, axis)
    _edges(fig, profiles, axis)
    if named:
        _label(fig, profiles, record.backward, axis, height)
    _x_axis(fig, profiles, relative_depth, record.backward, named)
    kind = {"type": "log", "exponentformat": "power"} if record.log else {"type": "linear"}
    fig.update_yaxes(range=[low - 2 * room, high + 2 * room], showgrid=True, **kind)
    return fig


def axis_limits(values: Sequence[np.ndarray], log: bool = True) -> tuple[float, float]:
    """The limits of the axis for a probe: powers of ten, or the values themselves."""
    return decades(values) if log else linear_limits(values)


def linear_limits(values: Sequence[np.ndarray]) -> tuple[float, float]:
    """0 and all finite values, with a little room."""
    low, high = padded_range([np.ravel(value) for value in values] + [np.zeros(1)])
    return low, high


def decades(values: Sequence[np.ndarray]) -> tuple[float, float]:
    """Powers of ten around all positive finite values, at least two decades; (-1, 1) when there is none."""
    everything = np.concatenate([np.ravel(value) for value in values]).astype(float) if values else np.array([])
    positive = everything[np.isfinite(everything) & (everything > 0)]
    if not positive.size:
        return -1.0, 1.0
    low, high = math.floor(np.log10(positive.min())), math.ceil(np.log10(positive.max()))
    return float(low), float(max(high, low + 2))


def _add_spread(fig: Chart, profile: Profile, relative_depth: bool, axis: Axis) -> None:
    if profile.low is not None and profile.high is not None:
        layers = np.arange(len(profile.values))
        add_band(fig, profile.look, _places(layers, profile, relative_depth), profile.low, profile.high, axis)


def _places(layers: np.ndarray, profile: Profile, relative_depth: bool) -> np.ndarray:
    """Where layers lie on the x axis, counted from 0."""
    return layers / max(1, len(profile.values) - 1) if relative_depth else layers + 1


def _add(fig: Chart, profile: Profile, relative_depth: bool, axis: Axis) -> None:
    keep = thin(len(profile.values))
    values = profile.values[keep].astype(float)
    x = _places(keep, profile, relative_depth)
    shown = axis.shown(values)
    names = [f"{profile.look.html}<br>{profile.names[index]}" for index in keep]
    fig.add_scatter(
        x=x,
        y=shown,
        text=names,  # the same in all frames of a playback
        hovertemplate="%{text}<br>%{y:.3~g}<extra></extra>",
        name=profile.look.label,
        legendgroup=profile.look.label,
        mode="lines+markers",
        line=line_of(profile.look),
        marker=marker_of(profile.look, 6, most=0 if len(values) <= FEW else FEW // 4),
    )
    odd = ~np.isfinite(shown)
    if odd.any():
        heights = [axis.value(value) for value in values[odd]]
        marker = {**marker_of(profile.look, 8), "symbol": [_mark(value) for value in values[odd]]}
        fig.add_scatter(
            x=x[odd],
            y=heights,
            text=[f"{names[index]}<br>{values[index]:.3g}" for index in np.flatnonzero(odd)],
            hovertemplate="%{text}<extra></extra>",
            mode="markers",
            marker=marker,
            showlegend=False,
            name=profile.look.label,
            legendgroup=profile.look.label,
        )


def _label(fig: Chart, profiles: Sequence[Profile], backward: bool, axis: Axis, height: int) -> None:
    """Names at the end where the curves have run apart: a gradient at the input, an activation at the output."""
    floor, ceiling = axis.floor, axis.ceiling
    room = (ceiling - floor) * ROOM / (1 + 2 * ROOM)
    end = 0 if backward else -1
    heights = [axis.height(profile.values[end]) for profile in profiles]
    beside = 0.05 * (ceiling - floor)  # off the lines for 0 and for what is not finite: on them a name looks struck out
    labels = [
        EndLabel(profile.look, min(max(height, floor + beside), ceiling - beside))
        for profile, height in zip(profiles, heights, strict=True)
    ]
    side: Literal["left", "right"] = "left" if backward else "right"
    end_labels(fig, labels, floor - room, ceiling + room, gap=22 / (height - 60), side=side)


def _x_axis(fig: Chart, profiles: Sequence[Profile], relative_depth: bool, backward: bool, named: bool) -> None:
    """Room for the longest name beside the first or last layer; ticks on layers only."""
    layers = max((len(profile.values) for profile in profiles), default=1)
    low, high = (0.0, 1.0) if relative_depth else (1.0, float(max(layers, 2)))
    longest = max((len(profile.look.label) for profile in profiles), default=0)
    share = min(0.4, (LETTER * longest + 44) / WIDTH)
    name, margin = share / (1 - share) * (high - low), 0.02 * (high - low)
    name = name if named else margin
    left, right = (name, margin) if backward else (margin, name)
    spacing = 0.25 if relative_depth else max(1, 5 * round(layers / 30))
    ticks = np.arange(0 if relative_depth else spacing, high + 1e-9, spacing)
    fig.update_xaxes(range=[low - left, high + right], tickvals=ticks)
    fig.update_layout(meta={"compact": {"xaxis": {"range": [low - margin, high + margin]}}})  # there names stand below


def _edges(fig: Chart, profiles: Sequence[Profile], axis: Axis) -> None:
    """A line each, named, for exact zeros and for what is not finite, where there is such a value."""
    everything = np.concatenate([profile.values for profile in profiles]) if profiles else np.array([])
    for there, power, text in (
        (axis.log and (everything == 0).any(), axis.floor, _("exactly 0")),
        ((~np.isfinite(everything)).any(), axis.ceiling, _("not finite")),
    ):
        if there:
            level_line(fig, power, text, "right", axis.log)


def _mark(value: float) -> str:
    if np.isnan(value):
        return "x-thin"
    return "triangle-up" if np.isinf(value) else "triangle-down"


def _x_title(of: str, relative_depth: bool) -> str:
    if relative_depth:
        return _("place in the net, from input (0) to output (1)")
    return _(_X_TITLES[of])


_X_TITLES = {
    "block": N_("block, from input to output"),
    "gap": N_("block, from input to output"),
    "weight": N_("weighted layer, from input to output"),
    "response": N_("convolution, from input to output"),
    "activation": N_("activation, from input to output"),
}
