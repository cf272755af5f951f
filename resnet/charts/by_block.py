"""What is measured in every block of some nets, from the input to the output, as mean over their seeds."""

import html
from collections.abc import Sequence

import numpy as np

from resnet.charts.axes import EndLabel, end_labels, figure, line_of, log_ticks, marker_of
from resnet.charts.chart import Chart
from resnet.charts.look import doubles, look, ranks
from resnet.findings.outcomes import MEASURES
from resnet.i18n import _
from resnet.specs import NetSpec

FEW = 30  # blocks: each is marked; of more only some
RIGHT = 96  # pixels for the names


def by_block_figure(nets: Sequence[tuple[NetSpec, Sequence[np.ndarray]]], measure: str, height: int = 320) -> Chart:
    """A curve for each net; `nets` have one array (blocks,) of each seed, and those without any are left out.

    The x axis counts the blocks by their share of the net, so that nets of all depths lie on each other.
    """
    rule = MEASURES[measure]
    fig = figure(height, _("block, from the input to the output"), _(rule.by_block), right=RIGHT)
    specs = [net for net, _seeds in nets]
    means = [np.mean(seeds, axis=0) if len(seeds) else np.empty(0) for _net, seeds in nets]
    known = [value for mean in means for value in mean if np.isfinite(value) and value > 0]
    low, high = np.log10([min(known, default=0.1), max(known, default=1.0)])
    room = max(0.08 * (high - low), 0.02)
    labels = []
    for spec, mean, rank, double in zip(specs, means, ranks(specs), doubles(specs), strict=True):
        if not mean.size:
            continue
        own = look(spec, spec.title, rank=rank, double=double)
        names = [f"{html.escape(spec.title)}<br>" + _("block {number}", number=at + 1) for at in range(mean.size)]
        fig.add_scatter(
            x=(np.arange(mean.size) + 0.5) / mean.size,
            y=mean,
            text=names,
            hovertemplate="%{text}<br>%{y:.3~g}<extra></extra>",
            name=own.label,
            legendgroup=own.label,
            mode="lines+markers",
            line=line_of(own),
            marker=marker_of(own, 6, most=0 if mean.size <= FEW else FEW // 2),
        )
        labels.append(EndLabel(own, float(np.log10(mean[-1])) if mean[-1] > 0 else low))
    end_labels(fig, labels, low - room, high + room, gap=22 / (height - 60))
    ends = {"tickvals": [0, 1], "ticktext": [_("first"), _("last")]}
    fig.update_xaxes(range=[0.0, 1.0], **ends)
    fig.update_yaxes(type="log", range=[low - room, high + room], showgrid=True, **log_ticks(low - room, high + room))
    return fig
