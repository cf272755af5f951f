"""The learning rate of a recipe over its steps, before the run."""

from collections.abc import Sequence

import numpy as np

from resnet.charts.axes import GREY, figure, thin
from resnet.charts.chart import Chart
from resnet.i18n import _

COLOUR = "#15879a"  # the accent, readable on both backgrounds


def schedule_figure(rates: Sequence[float], extended: int = 0, height: int = 200) -> Chart:
    """The learning rate of each update; a dotted line where a run was `extended`."""
    fig = figure(height, _("step"), _("learning rate"))
    steps = np.arange(len(rates))
    keep = np.unique(np.concatenate([thin(len(rates), 300), _edges(np.asarray(rates))]))
    fig.add_scatter(
        x=steps[keep].astype("f4"),
        y=np.asarray(rates)[keep].astype("f4"),
        mode="lines",
        line={"color": COLOUR, "width": 2.4},
        hovertemplate=f"{_('step')} %{{x:.0f}}<br>%{{y:.3~g}}<extra></extra>",
    )
    if extended:
        fig.add_vline(extended, {"color": GREY, "dash": "dot", "width": 1.2})
    fig.update_layout(margin={"l": 64, "r": 20, "t": 8, "b": 40})
    fig.update_xaxes(range=[0, max(len(rates) - 1, 1)])
    fig.update_yaxes(range=[0, 1.08 * max(rates)], exponentformat="power", nticks=4)
    return fig


def _edges(rates: np.ndarray, most: int = 50) -> np.ndarray:
    """The steps on both sides of a jump: it is drawn upright, however long the run."""
    jumps = np.flatnonzero(np.abs(np.diff(rates)) > 0.05 * rates.max())[:most]
    return np.concatenate([jumps, jumps + 1])
