"""Trained nets to which blocks are added: their training loss over the number of added blocks."""

import math
from collections.abc import Sequence

import numpy as np

from resnet.analyses.additions import COUNTS, Copied
from resnet.charts.axes import GREY, Axis, figure, level_line, line_of, marker_of
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.i18n import _

TOP = 1.35  # times the chance level: what lies above is marked at the edge


def additions_figure(rows: Sequence[tuple[Look, Copied]], classes: int, count: int, height: int) -> Chart:
    """A line for each way of adding blocks, named beside the chart, and one across at `count` of them."""
    fig = figure(height, _("added blocks"), _("training loss, nats (lower is better)"))
    chance = math.log(classes)
    axis = Axis(False, -math.inf, TOP * chance)
    for look, found in rows:
        heights = np.array([axis.height(min(value, axis.ceiling)) for value in found.loss])
        away = heights >= axis.ceiling
        marker = marker_of(look, 8)
        fig.add_scatter(
            x=list(COUNTS),
            y=heights,
            customdata=found.loss,
            hovertemplate=f"{look.html}<br>%{{x}}<br>%{{customdata:.3~g}}<extra></extra>",
            name=look.label,
            legendgroup=look.label,
            mode="lines+markers",
            line=line_of(look),
            marker={**marker, "symbol": np.where(away, "triangle-up", look.symbol).tolist()},
            cliponaxis=False,
        )
    level_line(fig, chance, _("chance"), "right", False)
    fig.update_xaxes(range=[-0.6, COUNTS[-1] + 0.6], tickvals=[count for count in COUNTS if count % 3 == 0])
    fig.update_yaxes(range=[0.0, axis.ceiling])
    fig.add_vline(count, {"color": GREY, "width": 1.6})
    return fig
