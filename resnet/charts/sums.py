"""The gradient of a residual stage as a sum: direct term, the branches' part, and the whole."""

import numpy as np

from resnet.analyses.results import Equations
from resnet.charts.axes import Axis, EndLabel, end_labels, figure, line_of, log_ticks, marker_of, padded_range
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.i18n import _


def sums_figure(look: Look, found: Equations, height: int) -> Chart:
    """L2 norms at each block's input, input left, on a logarithmic axis."""
    fig = figure(height, _("block of the stage, from input to output"), _("gradient, L2 norm"), right=140)
    x = list(range(1, len(found.names) + 1))
    parts = (
        (found.total, _("whole"), "solid", "circle"),
        (found.branch, _("branches' part"), "dash", "diamond-open"),
        (np.full(len(x), found.direct), _("direct term"), "dot", "square-open"),
    )
    low, high = padded_range([np.log10(values[values > 0]) for values, *_rest in parts], share=0.1)
    axis, ends = Axis(True, low, high), []
    for values, name, dash, symbol in parts:
        part = Look(name, look.colour, dash, symbol)
        fig.add_scatter(
            x=x,
            y=axis.shown(values),
            text=list(found.names),
            hovertemplate=f"{part.html}<br>%{{text}}<br>%{{y:.3~g}}<extra></extra>",
            name=name,
            legendgroup=name,
            mode="lines+markers",
            line=line_of(part, 2),
            marker=marker_of(part),
        )
        ends.append(EndLabel(part, axis.height(float(values[-1]))))
    end_labels(fig, ends, low, high, gap=22 / (height - 76))
    fig.update_xaxes(range=[0.7, len(x) + 0.3], dtick=1)
    fig.update_yaxes(type="log", range=[low, high], **log_ticks(low, high))
    return fig
