"""Right answers of nets that learned from a handful of pictures, by seed: in training, on a few others, on many."""

from collections.abc import Sequence

from resnet.charts.axes import EndLabel, end_labels, figure, level_line, line_of
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.findings.few import Few, share
from resnet.findings.learning import wilson
from resnet.i18n import _

_LOOKS = {
    "train": ("#808890", "dot", "circle"),
    "test": ("#c75230", "dash", "square-open"),
    "many": ("#2d84d8", "solid", "diamond"),
}


def few_figure(seeds: Sequence[Few], classes: int, height: int = 300) -> Chart:
    """A mark for each seed and part, of test pictures with 95 % intervals; and the level of guessing."""
    names = {"train": _("training"), "test": _("test"), "many": _("many others")}
    fig = figure(height, _("seed"), _("right, %"), right=118)
    ends = []
    for part, facts in _LOOKS.items():
        look = Look(names[part], *facts)
        pairs = [getattr(one, part) for one in seeds]
        shares = [100 * share(pair) for pair in pairs]
        spread = _intervals(pairs, look.colour) if part != "train" else {}
        fig.add_scatter(
            x=list(range(len(seeds))),
            y=shares,
            mode="lines+markers",
            line=line_of(look, 1),
            marker={
                "color": look.colour,
                "symbol": look.symbol,
                "size": 10,
                "line": {"color": look.colour, "width": 2},
            },
            text=[_("{right} of {count}", right=right, count=count) for right, count in pairs],
            hovertemplate=f"{look.html}<br>%{{text}}<extra></extra>",
            name=look.label,
            legendgroup=look.label,
            cliponaxis=False,
            **spread,
        )
        ends.append(EndLabel(look, shares[-1], str(pairs[0][1])))
    level_line(fig, 100 / classes, _("guessing"), "left", log=False)
    fig.update_xaxes(tickvals=list(range(len(seeds))), range=[-0.4, len(seeds) - 0.6])
    fig.update_yaxes(range=[0, 103])
    end_labels(fig, ends, 0, 103, gap=22 / (height - 76))
    return fig


def _intervals(pairs: Sequence[tuple[int, int]], colour: str) -> dict[str, object]:
    ends = [wilson(right / count, count) for right, count in pairs]
    above = [100 * (high - share(pair)) for (_low, high), pair in zip(ends, pairs, strict=True)]
    below = [100 * (share(pair) - low) for (low, _high), pair in zip(ends, pairs, strict=True)]
    return {"error_y": {"array": above, "arrayminus": below, "color": colour, "thickness": 1.2, "width": 3}}
