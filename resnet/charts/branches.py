"""What the blocks of residual nets add: its size by block, and pictures of x, F(x) and x + F(x)."""

from collections.abc import Sequence

import numpy as np

from resnet.charts.axes import GREY, EndLabel, end_labels, figure, level_line, line_of, marker_of
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.charts.pictures import common_scale, signed_colours
from resnet.findings.text import number
from resnet.i18n import _

ACROSS = 4  # channels beside each other in a picture


def ratios_figure(rows: Sequence[tuple[Look, np.ndarray]], blocks: int, at: int, height: int) -> Chart:
    """‖F(x)‖ / ‖x‖ of each block, input left; a line across at block `at`, counted from 1, and one where both agree."""
    fig = figure(height, _("block, from input to output"), _("length of F(x) ÷ length of x"), right=130)
    high = 1.1 * max([1.5, *(float(np.nanmax(ratio)) for _look, ratio in rows)])
    for look, ratio in rows:
        fig.add_scatter(
            x=list(range(1, len(ratio) + 1)),
            y=ratio,
            hovertemplate=f"{look.html}<br>%{{x}}: %{{y:.2f}}<extra></extra>",
            name=look.label,
            legendgroup=look.label,
            mode="lines+markers",
            line=line_of(look),
            marker=marker_of(look, 6),
        )
    level_line(fig, 1.0, _("as long as x"), "right", False)
    ends = [EndLabel(look, float(ratio[-1]), number(float(ratio[-1]))) for look, ratio in rows]
    end_labels(fig, ends, 0.0, high, gap=22 / (height - 76))
    fig.update_xaxes(range=[0.4, blocks + 0.6], tickvals=[1, *range(5, blocks + 1, 5)])
    fig.update_yaxes(range=[0.0, high])
    fig.add_vline(at, {"color": GREY, "width": 1.6})
    return fig


def terms_colours(picture: np.ndarray) -> list[np.ndarray]:
    """For (terms, channels, H, W) a picture (H', W', 3) uint8 of each term, its channels in rows, on one scale."""
    scale = common_scale(list(picture))
    return [signed_colours(_tiled(term), scale) for term in picture]


def _tiled(channels: np.ndarray) -> np.ndarray:
    """(C, H, W) -> rows of `ACROSS` channels with a line of zeros between them, (H', W')."""
    empty = -len(channels) % ACROSS
    padded = np.pad(channels, ((0, empty), (0, 1), (0, 1)))
    count, height, width = padded.shape
    rows = padded.reshape(count // ACROSS, ACROSS, height, width).transpose(0, 2, 1, 3)
    return np.asarray(rows.reshape(count // ACROSS * height, ACROSS * width)[:-1, :-1])
