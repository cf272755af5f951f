"""Several seeds of one net as one curve: their mean, and a band around it that needs no colour to be seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resnet.charts.axes import Axis, thin
from resnet.charts.chart import Chart
from resnet.charts.look import Look

QUARTILES_FROM = 5  # seeds: of fewer, a quarter is less than one of them
MOST = 240  # points on each edge of a band


@dataclass(frozen=True)
class Band:
    """Over the places that any seed has reached, all (S,): `x`, `mean`, and the edges; of `count` seeds there."""

    x: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: np.ndarray


def band(steps: Sequence[np.ndarray], xs: Sequence[np.ndarray], ys: Sequence[np.ndarray], log: bool = False) -> Band:
    """Each seed's `ys` at its own `steps`, drawn over `xs`; the mean is of the seeds that have reached a step.

    With `log` it is the geometric mean, 0 where one of them is 0. Edges: see `edges`. What is not finite in one seed is
    NaN in all three.
    """
    places = np.unique(np.concatenate([np.empty(0), *steps]))
    x, y = (np.full((len(steps), len(places)), np.nan) for _ in range(2))
    there = np.zeros((len(steps), len(places)), dtype=bool)
    for row, (own, across, up) in enumerate(zip(steps, xs, ys, strict=True)):
        at = np.searchsorted(places, own)
        x[row, at], y[row, at], there[row, at] = across, up, True
    odd = (there & ~np.isfinite(y)).any(axis=0)
    y[:, odd] = np.nan
    low, high = edges(y, there)
    return Band(_mean(x, there), mean(y, there, log), low, high, there.sum(axis=0))


def mean(values: np.ndarray, there: np.ndarray, log: bool = False) -> np.ndarray:
    """The mean, with `log` the geometric one, of the `values` (seeds, …) that are `there`."""
    if not log:
        return _mean(values, there)
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.log(np.where(there, values, 1.0))
        found: np.ndarray = np.exp(powers.sum(axis=0) / there.sum(axis=0))
    return found


def edges(values: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest of the `values` (seeds, …) that are `there`; from five seeds on the quartiles."""
    if len(values) < QUARTILES_FROM or not values.size:  # nanquantile of nothing gives one empty array, not two
        return np.where(there, values, np.inf).min(axis=0), np.where(there, values, -np.inf).max(axis=0)
    odd = (there & ~np.isfinite(values)).any(axis=0)
    known = np.where(odd, 0.0, np.where(there, values, np.nan))
    low, high = np.nanquantile(known, (0.25, 0.75), axis=0)
    return np.where(odd, np.nan, low), np.where(odd, np.nan, high)


def _mean(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.where(there, values, 0.0).sum(axis=0) / there.sum(axis=0)
    return found


def add_band(fig: Chart, look: Look, x: np.ndarray, low: np.ndarray, high: np.ndarray, axis: Axis) -> None:
    """One trace: outlined as the net's own line, and hatched for open (plain) looks, tinted for the others.

    A stretch without finite edges is left out; edges beyond the axis are drawn at its ends.
    """
    keep = thin(len(x), MOST)
    x, low, high = x[keep], low[keep], high[keep]
    outlines = [_outline(x[part], low[part], high[part], axis) for part in _stretches(np.isfinite(low + high))]
    if not outlines:
        return
    gap = np.full((2, 1), np.nan)
    xs, ys = np.hstack([part for outline in outlines for part in (outline, gap)][:-1])
    fig.add_scatter(
        x=xs.astype("f4"),
        y=ys.astype("f4"),
        name=f"{look.label} band",
        legendgroup=look.label,
        showlegend=False,
        mode="lines",
        line={"color": look.colour, "dash": look.dash, "width": 0.8},
        opacity=0.75,
        fill="toself",
        hoverinfo="skip",
        **_filling(look),
    )


def _filling(look: Look) -> dict[str, object]:
    red, green, blue = (int(look.colour[at : at + 2], 16) for at in (1, 3, 5))
    tint: dict[str, object] = {"fillcolor": f"rgba({red},{green},{blue},{0.07 if look.open else 0.16})"}
    if not look.open:
        return tint
    hatch = {"shape": "/", "size": 7, "solidity": 0.12, "fgcolor": look.colour, "fgopacity": 0.5}
    return {**tint, "fillpattern": {**hatch, "fillmode": "overlay", "bgcolor": "rgba(0,0,0,0)"}}


def _outline(x: np.ndarray, low: np.ndarray, high: np.ndarray, axis: Axis) -> np.ndarray:
    """(2, 2S): to the right along the upper edge, and back along the lower one."""
    ends = [_inside(edge, axis) for edge in (high, low)]
    return np.array([np.r_[x, x[::-1]], np.r_[ends[0], ends[1][::-1]]])


def _inside(values: np.ndarray, axis: Axis) -> np.ndarray:
    floor = axis.value(0) if axis.log else -np.inf
    return np.clip(values, floor, axis.value(np.inf))


def _stretches(good: np.ndarray) -> list[slice]:
    """The places that follow each other and are `good`."""
    turns = np.flatnonzero(np.diff(np.r_[False, good, False].astype(int)))
    return [slice(start, end) for start, end in zip(turns[::2], turns[1::2], strict=True)]
