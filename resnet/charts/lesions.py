"""What trained nets lose without some of their blocks: bars by block, a curve by number, and the blocks themselves.

Blocks stand on one x axis whatever the depth: stage s covers s - 1 to s.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from resnet.analyses.cuts import Lesion, removable
from resnet.analyses.results import Lesions
from resnet.charts.axes import GREY, EndLabel, end_labels, figure, level_line, line_of, marker_of, thin
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.findings.learning import wilson
from resnet.findings.lesions import block_label
from resnet.i18n import _
from resnet.nets.structure import block_names
from resnet.specs import NetSpec

Measured = Sequence[tuple[Look, NetSpec, Lesions]]

RIGHT = 118  # pixels for the names at the ends of the lines
MOST_DRAWN = 240  # blocks of the drawing: of a deeper net some, evenly spaced, and all that are not as they were
ARCS = 80  # of more blocks no shortcuts are drawn: they would be a grey haze
WIDE = 560  # pixels of the drawing, at least, where there are many blocks
LEAST = 20  # pixels of a block and its shortcut


def short(name: str) -> str:
    """A block's name as short as in the address: stage2.block1 is 2.1."""
    return name.replace("stage", "").replace("block", "")


def bars_figure(nets: Measured, height: int = 266) -> Chart:
    """Accuracy with each block deleted in turn, beside a line for the whole net. A bar's `customdata` is its block."""
    fig = _percent_figure(nets, height, _("deleted block, from the input to the output"))
    for number, (look, spec, found) in enumerate(nets):
        _bars(fig, look, spec, found, (number, len(nets)))
        fig.add_hline(y=_percent(found, found.whole), line={**line_of(look, 1.6)})
    _marks(fig, nets)
    stages = max((len(spec.blocks) for _look, spec, _found in nets), default=1)
    names = [_("stage {stage}", stage=stage) for stage in range(1, stages + 1)]
    fig.update_xaxes(range=[0, stages], tickvals=[stage + 0.5 for stage in range(stages)], ticktext=names)
    for border in range(1, stages):
        fig.add_vline(border, {"color": GREY, "width": 0.6, "dash": "dot"})
    fig.update_layout(barmode="overlay")
    _names(
        fig,
        [EndLabel(look, _percent(found, found.whole), _("whole"), curve=False) for look, _spec, found in nets],
        nets,
    )
    return fig


def several_figure(nets: Measured, height: int = 266) -> Chart:
    """Accuracy over the number of deleted blocks: mean, lowest and highest of some random choices."""
    fig = _percent_figure(nets, height, _("number of deleted blocks"))
    ends = []
    for look, _spec, found in nets:
        counts = [0, *sorted(found.several)]
        draws = [[found.whole], *(found.several[count] for count in counts[1:])]
        shares = [np.array([_percent(found, right) for right in own]) for own in draws]
        mean, low, high = (np.array([getattr(own, how)() for own in shares]) for how in ("mean", "min", "max"))
        hover = f"{look.html}<br>" + _("{blocks} deleted: {share} % right", blocks="%{x}", share="%{y:.0f}")
        spread = {"array": high - mean, "arrayminus": mean - low, "color": look.colour, "thickness": 1.2, "width": 3}
        words = {"line": line_of(look), "marker": marker_of(look), "error_y": spread}
        fig.add_scatter(
            x=counts, y=mean, mode="lines+markers", name=look.label, legendgroup=look.label,
            hovertemplate=f"{hover}<extra></extra>", **words,
        )  # fmt: skip
        ends.append(EndLabel(look, float(mean[-1])))
    _names(fig, ends, nets)
    fig.update_xaxes(rangemode="tozero")
    return fig


def blocks_figure(look: Look, spec: NetSpec, lesion: Lesion, height: int = 66) -> Chart:
    """The blocks in the order in which they run; missing and moved ones stand out. `customdata` is the block."""
    fig = figure(height, "", "")
    order, gone = lesion.order or block_names(spec), set(lesion.deleted)
    kinds: dict[str, list[tuple[float, str]]] = {"there": [], "moved": [], "deleted": []}
    for place, name in _drawn(spec, order, gone):
        at = _place(spec, place)
        kind = "deleted" if name in gone else "there" if name == place else "moved"
        kinds[kind].append((at, name))
    size = max(4.0, min(18.0, 0.7 * WIDE / sum(spec.blocks)))
    _lines(fig, look, spec, order, gone)
    for kind, found in kinds.items():
        if found:
            _squares(fig, look, kind, found, size)
    hidden = {"visible": False, "fixedrange": True}
    fig.update_xaxes(**hidden, range=[0, len(spec.blocks)])
    fig.update_yaxes(**hidden, range=[-0.6, 1.1], automargin=False)
    least = min(LEAST * sum(spec.blocks), WIDE)  # narrower, it is scrolled: blocks must not run into each other
    fig.update_layout(margin={"l": 8, "r": 8, "t": 2, "b": 2}, dragmode=False, meta={"least": least})
    return fig


def _percent_figure(nets: Measured, height: int, x_title: str) -> Chart:
    """Right answers in percent, with the level of guessing."""
    images = max((found.images for _look, _spec, found in nets), default=0)
    fig = figure(height, x_title, _("right, % of {images} test images", images=images), right=RIGHT)
    fig.update_yaxes(range=[0, 100])
    if nets:
        level_line(fig, 100 / nets[0][2].classes, "", "left", log=False)
    return fig


def _names(fig: Chart, ends: Sequence[EndLabel], nets: Measured) -> None:
    """Names beside the plot, that of the level of guessing too."""
    guess = [EndLabel(Look(_("guessing"), GREY, "dot", ""), 100 / nets[0][2].classes, curve=False)] if nets else []
    end_labels(fig, [*ends, *guess], 0, 100, gap=20 / 190)


def _bars(fig: Chart, look: Look, spec: NetSpec, found: Lesions, turn: tuple[int, int]) -> None:
    """One net's bars, the `turn`-th of so many side by side; a plain net's are open."""
    number, count = turn
    names = [name for name in block_names(spec) if name in found.single]
    wide = [0.84 / spec.blocks[_stage(name)] / count for name in names]
    at = [_place(spec, name) + (number - (count - 1) / 2) * width for name, width in zip(names, wide, strict=True)]
    right = [found.single[name] / found.images for name in names]
    ends = [wilson(share, found.images) for share in right]
    spread = {
        "array": [100 * (high - share) for share, (_low, high) in zip(right, ends, strict=True)],
        "arrayminus": [100 * (share - low) for share, (low, _high) in zip(right, ends, strict=True)],
        "color": GREY, "thickness": 1, "width": 0,
    }  # fmt: skip
    faint = f"rgba({', '.join(str(int(look.colour[i : i + 2], 16)) for i in (1, 3, 5))}, 0.12)"
    marker = {"color": faint if look.open else look.colour, "line": {"color": look.colour, "width": 1.4}}
    hover = f"{look.html}<br>%{{text}}<br>" + _("{share} % right without it", share="%{y:.0f}")
    fig.add_bar(
        x=at, y=[100 * share for share in right], width=[0.9 * width for width in wide], marker=marker,
        error_y=spread, text=[block_label(name) for name in names], textposition="none",
        customdata=[short(name) for name in names], name=look.label, hovertemplate=f"{hover}<extra></extra>",
    )  # fmt: skip


def _marks(fig: Chart, nets: Measured) -> None:
    """A cross for each block that cannot be deleted."""
    kept = [
        (_place(spec, name), f"{look.html}<br>{block_label(name)}")
        for look, spec, _found in nets
        for name in sorted(set(block_names(spec)) - set(removable(spec)))
    ]
    if kept:
        x, text = zip(*kept, strict=True)
        hover = "%{text}<br>" + _("cannot be deleted: it changes the size") + "<extra></extra>"
        marker = {"symbol": "x-thin", "size": 7, "color": GREY, "line": {"color": GREY, "width": 1.6}}
        fig.add_scatter(x=x, y=[3] * len(x), text=text, mode="markers", marker=marker, hovertemplate=hover)


def _drawn(spec: NetSpec, order: Sequence[str], gone: set[str]) -> list[tuple[str, str]]:
    """Places, by the block that stood there, with the block that stands there now."""
    pairs = list(zip(block_names(spec), order, strict=True))
    usual = set(thin(len(pairs), MOST_DRAWN).tolist())
    changed = {at for at, (place, name) in enumerate(pairs) if place != name or name in gone}
    return [pairs[at] for at in sorted({*usual, *changed})]


def _squares(fig: Chart, look: Look, kind: str, found: Sequence[tuple[float, str]], size: float) -> None:
    symbol = {"there": "square", "moved": "diamond", "deleted": "square-open-dot"}[kind]
    words = {"there": _("click to delete it"), "moved": _("moved; click to delete it")}
    words["deleted"] = _("deleted; click to put it back")
    opened = "-open" if look.open and kind != "deleted" else ""
    colour = GREY if kind == "deleted" else look.colour
    marker = {"symbol": symbol + opened, "size": size, "color": colour, "line": {"color": colour, "width": 1.6}}
    x, names = zip(*found, strict=True)
    fig.add_scatter(
        x=x, y=[0] * len(x), mode="markers", marker=marker, name=kind, text=[block_label(name) for name in names],
        customdata=[short(name) for name in names], hovertemplate=f"%{{text}}<br>{words[kind]}<extra></extra>",
    )  # fmt: skip


def _lines(fig: Chart, look: Look, spec: NetSpec, order: Sequence[str], gone: set[str]) -> None:
    """The way of the signal: through the blocks that are there, past them by shortcuts, straight on over a gap."""
    places, shapes = [_place(spec, name) for name in block_names(spec)], []
    line = {"color": look.colour, "width": 1.2}
    borders = [0.0, *((a + b) / 2 for a, b in pairwise(places)), float(len(spec.blocks))]
    for (left, right), name in zip(pairwise(borders), order, strict=True):
        if name not in gone or spec.block == "plain":
            shapes.append({"type": "line", "x0": left, "x1": right, "y0": 0, "y1": 0, "line": line, "layer": "below"})
        if spec.block == "residual" and len(order) <= ARCS:
            path = _arc(left + 0.004, right - 0.004)
            shapes.append({"type": "path", "path": path, "line": line, "layer": "below"})
    fig.update_layout(shapes=shapes)


def _arc(left: float, right: float) -> str:
    """A shortcut, past one block."""
    return f"M{left},0 V0.75 Q{left},1 {(left + right) / 2},1 Q{right},1 {right},0.75 V0"


def _place(spec: NetSpec, name: str) -> float:
    stage = _stage(name)
    return stage + (int(name.split("block")[1]) - 0.5) / spec.blocks[stage]


def _stage(name: str) -> int:
    return int(name.split(".")[0].removeprefix("stage")) - 1


def _percent(found: Lesions, right: float) -> float:
    return 100 * right / found.images
