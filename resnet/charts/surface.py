"""The loss around nets as contours or as a relief: one scale of colours for all, logarithmic."""

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from resnet.analyses.results import Surface
from resnet.charts.axes import GREY, log_ticks
from resnet.charts.look import Look
from resnet.charts.stacked import stack
from resnet.findings.text import nats
from resnet.i18n import N_, _

LEAST = 0.1  # decades that the colours cover: what differs by less is flat, and shall look flat
CONTOURS = 16
DOTTED = 9  # points on a side, up to which each is marked
APART = 0.09  # share of the picture between two steps that are named
CAMERA = {"eye": {"x": 1.5, "y": -1.5, "z": 0.9}, "center": {"x": 0, "y": 0, "z": -0.16}}
NARROW = 330  # pixels of height for each relief on a narrow page
UNITS = {"random": N_("filter norms"), "training": N_("L2 distance of the weights")}
_OUTLINED = {"color": "white", "line": {"color": "black", "width": 1.2}}


@dataclass(frozen=True)
class Ground:
    """The loss around one net; `places` (S, 2) on it of the states of its training after `steps`, where known."""

    look: Look
    note: str
    surface: Surface
    steps: tuple[int, ...] = ()
    places: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))

    @property
    def title(self) -> str:
        return f"<b>{self.look.html}</b>, {html.escape(self.note)}"

    @property
    def powers(self) -> np.ndarray:
        """The loss as a power of ten; NaN where there is none to draw."""
        losses = self.surface.losses
        proper = np.isfinite(losses) & (losses > 0)
        return np.where(proper, np.log10(losses, where=proper, out=np.full(losses.shape, np.nan)), np.nan)

    @property
    def lost(self) -> np.ndarray:
        """Places (n, 2) of the points without a finite loss."""
        rows, columns = np.nonzero(~np.isfinite(self.surface.losses))
        return np.stack([self.surface.x[columns], self.surface.y[rows]], 1)

    @property
    def hover(self) -> list[list[str]]:
        return [[nats(float(loss)) for loss in row] for row in self.surface.losses]


def colour_range(grounds: Sequence[Ground]) -> tuple[float, float]:
    """The powers of ten that the colours cover, of all nets together."""
    known = np.concatenate([ground.powers[np.isfinite(ground.powers)] for ground in grounds])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    room = max(0.0, LEAST - (high - low)) / 2
    return low - room, high + room


def contours_figure(grounds: Sequence[Ground], unit: str, height: int = 400) -> go.Figure:
    """A map for each net; `unit` of the axes is one of `UNITS`."""
    titles = [ground.title for ground in grounds]
    fig = make_subplots(1, len(grounds), subplot_titles=titles, horizontal_spacing=0.1)
    low, high = colour_range(grounds)
    for column, ground in enumerate(grounds, start=1):
        for trace in _flat(ground, low, high):
            fig.add_trace(trace, 1, column)
        for axis, ends in (("x", ground.surface.x), ("y", ground.surface.y)):
            reach = [float(ends[0]), float(ends[-1])]
            getattr(fig, f"update_{axis}axes")(range=reach, uirevision=str(reach), col=column)
    _lay_out(fig, (low, high), height)
    fig.update_xaxes(showgrid=False, zeroline=False, title_text=_title(1, unit))
    fig.update_yaxes(showgrid=False, zeroline=False)
    fig.update_yaxes(title_text=_title(2, unit), col=1)
    stack(fig, len(grounds), columns=1, row=260, gap=64, right=20)
    return fig


def _flat(ground: Ground, low: float, high: float) -> list[Any]:
    surface = ground.surface
    lines = {"start": low, "end": high, "size": (high - low) / CONTOURS}
    found: list[Any] = [
        go.Contour(z=ground.powers.astype("f4"), x=surface.x, y=surface.y, coloraxis="coloraxis", contours=lines,
                   line={"width": 0.5, "color": "rgba(255,255,255,0.55)"}, text=ground.hover,
                   hovertemplate=_hover(ground, "%{text}")),
    ]  # fmt: skip
    if len(surface.x) <= DOTTED:
        x, y = (one.ravel() for one in np.meshgrid(surface.x, surface.y))
        found.append(go.Scatter(x=x, y=y, mode="markers", marker={"size": 3, "color": "white"}, hoverinfo="skip"))
    if len(ground.lost):
        found.append(_crosses(ground))
    if len(ground.steps):
        found.append(_way(ground))
    found.append(
        go.Scatter(x=[0], y=[0], mode="markers", marker={"symbol": "star", "size": 13, **_OUTLINED},
                   text=[nats(surface.centre)], cliponaxis=False,
                   hovertemplate=f"{_('the net itself')}<br>{_hover(ground, '%{text}')}"),
    )  # fmt: skip
    return found


def _crosses(ground: Ground) -> Any:
    marker = {"symbol": "x", "size": 9, "color": "#c9301c", "line": {"color": "white", "width": 1}}
    x, y = ground.lost.T
    return go.Scatter(x=x, y=y, mode="markers", marker=marker, text=[_("not finite")] * len(x), hoverinfo="text",
                      cliponaxis=False)  # fmt: skip


def _way(ground: Ground) -> Any:
    """The path of training: its line, a mark at each kept step, and the steps that have room for their number."""
    x, y = ground.places.T
    symbol = "circle-open" if ground.look.open else "circle"
    marker = {"symbol": symbol, "size": 7, **_OUTLINED}
    return go.Scatter(
        x=x, y=y, mode="lines+markers+text", line={"color": "white", "width": 1.6, "dash": ground.look.dash},
        marker=marker, text=named_steps(ground), textposition="top right",
        textfont={"color": "white", "shadow": "auto"}, customdata=list(ground.steps),
        hovertemplate=_("step {step}", step="%{customdata}") + "<extra></extra>",
    )  # fmt: skip


def named_steps(ground: Ground) -> list[str]:
    """The number of each step, empty where the last one or the one named before is too near."""
    spans = np.array([np.ptp(ground.surface.x), np.ptp(ground.surface.y)])
    places = ground.places / spans
    named, texts = [places[-1]], []
    for step, place in zip(ground.steps[:-1], places[:-1], strict=True):
        free = min(float(np.linalg.norm(place - other)) for other in (named[0], named[-1])) >= APART
        texts.append(str(step) if free else "")
        named += [place] if free else []
    return [*texts, str(ground.steps[-1])]


def relief_figure(grounds: Sequence[Ground], unit: str, height: int = 460) -> go.Figure:
    """A surface for each net; the height is the logarithm of the loss, on a common axis."""
    kinds = [[{"type": "scene"}] * len(grounds)]
    titles = [ground.title for ground in grounds]
    fig = make_subplots(1, len(grounds), specs=kinds, subplot_titles=titles, horizontal_spacing=0.02)
    low, high = colour_range(grounds)
    for column, ground in enumerate(grounds, start=1):
        for trace in _raised(ground, low, high):
            fig.add_trace(trace, 1, column)
    ticks = _ticks(low, high)
    axis = {
        "color": GREY,
        "gridcolor": "rgba(128,136,144,0.35)",
        "showbackground": False,
        "title": {"font": {"size": 11}},
    }
    flat = {name: {**axis, "title": {"text": _("direction {number}", number=number), "font": {"size": 11}}}
            for name, number in (("xaxis", 1), ("yaxis", 2))}  # fmt: skip
    upright = {**axis, **ticks, "range": [low, high], "title": {"text": ""}}  # the scale of colours says it
    fig.update_scenes(**flat, zaxis=upright, aspectmode="cube", camera=CAMERA)
    _lay_out(fig, (low, high), height)
    fig.update_layout(margin={"l": 8, "b": 8}, meta={"compact": _stacked(fig, len(grounds))})
    return fig


def _raised(ground: Ground, low: float, high: float) -> list[Any]:
    surface = ground.surface
    found: list[Any] = [
        go.Surface(z=ground.powers.astype("f4"), x=surface.x, y=surface.y, coloraxis="coloraxis", text=ground.hover,
                   hovertemplate=_hover(ground, "%{text}"), contours={"z": {"highlight": False}}),
    ]  # fmt: skip
    if len(ground.lost):
        x, y = ground.lost.T
        marker = {"symbol": "x", "size": 4, "color": "#c9301c"}
        found.append(go.Scatter3d(x=x, y=y, z=[high] * len(x), mode="markers", marker=marker,
                                  text=[_("not finite")] * len(x), hoverinfo="text"))  # fmt: skip
    if len(ground.steps):
        x, y = ground.places.T
        line = {"color": GREY, "width": 4, "dash": ground.look.dash}
        found.append(go.Scatter3d(x=x, y=y, z=[low] * len(x), mode="lines+markers", line=line, hoverinfo="text",
                                  marker={"size": 3, "color": GREY},
                                  text=[_("step {step}", step=step) for step in ground.steps]))  # fmt: skip
    return found


def _stacked(fig: go.Figure, count: int) -> dict[str, Any]:
    """On a narrow page the reliefs stand below each other, each under its title."""
    texts = [text.to_plotly_json() for text in fig.layout.annotations]
    patch: dict[str, Any] = {"height": count * NARROW + 40, "annotations": texts, "margin": {"l": 8, "r": 8}}
    for place in range(count):
        top = 1 - place / count
        patch[f"scene{place + 1 if place else ''}"] = {"domain": {"x": [0, 1], "y": [top - 0.94 / count, top - 0.04]}}
        texts[place] |= {"x": 0.5, "y": top - 0.04}
    return patch


def _lay_out(fig: go.Figure, ends: tuple[float, float], height: int) -> None:
    low, high = ends
    bar = {"title": {"text": _("loss, nats"), "side": "right"}, "thickness": 16, "outlinewidth": 0, **_ticks(low, high)}
    fig.update_layout(
        height=height,
        margin={"l": 64, "r": 20, "t": 34, "b": 48},
        coloraxis={"colorscale": "Viridis", "cmin": low, "cmax": high, "colorbar": bar},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        uirevision="constant",
    )
    fig.update_annotations(font_size=13)


def _ticks(low: float, high: float) -> dict[str, Any]:
    """Losses, in nats, at their powers of ten."""
    ticks: dict[str, Any] = log_ticks(low, high)
    return {"tickvals": [float(np.log10(value)) for value in ticks["tickvals"]], "ticktext": ticks["ticktext"]}


def _title(number: int, unit: str) -> str:
    return _("along direction {number}, {unit}", number=number, unit=_(UNITS[unit]))


def _hover(ground: Ground, loss: str) -> str:
    return f"{ground.look.html}<br>{_('{loss} nats', loss=loss)}<br>(%{{x:.2f}}, %{{y:.2f}})<extra></extra>"
