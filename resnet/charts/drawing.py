"""Nets as rows of blocks and blocks as rows of operations; hover tells each part's layers, the menu saves a PNG.

Stages are groups, shortcuts arcs, dashed where they change the size (He et al. 2015, Fig. 3); many blocks are folded
into a count, so that a net of depth 1202 is as small a figure as one of depth 56.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from resnet.catalog import SHORTCUTS
from resnet.charts.chart import Chart
from resnet.charts.look import Look
from resnet.findings.lesions import block_label
from resnet.i18n import N_, _, plural
from resnet.nets.layers import Layer, layer_table
from resnet.nets.structure import block_shapes
from resnet.specs import NetSpec

Drawn = Sequence[tuple[Look, NetSpec]]

WIDTH = 920  # units of the x axis; about as many pixels
BLOCK, GAP, TALL = 13, 5, 34
MARGINS = 150  # of the row of stages: stem and head
LANE = 104  # height of one net
FOLDED = 3  # blocks that are drawn at each end of a stage which is too long to be drawn whole
ROW = {"plain": 56, "residual": 90}  # height of one opened block: a shortcut needs room
NARROW = 620  # width of the opened blocks, unless one needs more: they stay readable on a small projector
SHORT = {"batch": N_("BN"), "group": N_("GN"), "layer": N_("LN"), "drop": N_("drop")}
LEAST = 0.72  # of a drawing's width in pixels: narrower, its words would run into each other, so it is scrolled
LETTER = 6.6  # width of a wide letter of the font below
FONT = 12


@dataclass
class _Canvas:
    """Collects what is drawn; y runs downwards, as in a page."""

    width: float = WIDTH  # of the nets, before their blocks are opened
    shapes: list[dict[str, object]] = field(default_factory=list)
    texts: list[dict[str, object]] = field(default_factory=list)
    hovers: list[tuple[float, float, str]] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, colour: str, hollow: bool = False) -> None:
        """A rectangle with its corner at the top left."""
        line = {"color": colour, "width": 1.3}
        place = {"x0": x, "y0": y, "x1": x + width, "y1": y + height}
        opacity = 0.04 if hollow else 0.3
        self.shapes.append({"type": "rect", **place, "line": line, "fillcolor": _faint(colour, opacity)})

    def path(self, path: str, colour: str, dashed: bool = False) -> None:
        """A line; dashed where a shortcut changes the size."""
        line = {"color": colour, "width": 1.5, "dash": "dot" if dashed else "solid"}
        self.shapes.append({"type": "path", "path": path, "line": line, "layer": "below"})

    def text(self, x: float, y: float, text: str, anchor: str = "center", colour: str | None = None) -> None:
        """Words around (x, y)."""
        font = {"size": FONT} | ({"color": colour} if colour else {})
        place = {"x": x, "y": y, "xanchor": anchor, "yanchor": "middle", "showarrow": False}
        self.texts.append({**place, "text": text, "font": font})

    def hover(self, x: float, y: float, text: str) -> None:
        """What the pointer shows around (x, y)."""
        self.hovers.append((x, y, text))

    def figure(self, height: float, width: float = WIDTH) -> Chart:
        """The figure, `height` units and pixels high, `width` units wide."""
        hidden = {"visible": False, "fixedrange": True}
        layout = {
            "height": int(height) + 8,
            "margin": {"l": 2, "r": 2, "t": 4, "b": 4},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "hovermode": "closest",
            "hoverdistance": 30,
            "dragmode": False,  # a finger scrolls the page, and the drawing sideways
            "meta": {"least": round(LEAST * width)},
            "xaxis": {**hidden, "range": [0, width]},
            "yaxis": {**hidden, "range": [height, 0]},
            "shapes": self.shapes,
            "annotations": self.texts,
        }
        fig = Chart(layout)
        x, y, text = zip(*self.hovers, strict=True) if self.hovers else ((), (), ())
        marker = {"size": 16, "opacity": 0}
        template = "%{text}<extra></extra>"
        fig.add_scatter(x=x, y=y, text=text, mode="markers", marker=marker, hovertemplate=template, name="parts")
        return fig


def nets_figure(drawn: Drawn, channels: int = 3, classes: int = 10, size: int = 32, width: float = WIDTH) -> Chart:
    """Every net as one row from the image to the classes, all on the same scale; `width` in pixels, roughly."""
    canvas = _Canvas(width)
    for lane, (look, net) in enumerate(drawn):
        _net(canvas, look, net, lane * LANE, layer_table(net, channels, classes, size))
    return canvas.figure(LANE * len(drawn), width)


def blocks_figure(drawn: Drawn, channels: int = 3, classes: int = 10, size: int = 32, block: str = "") -> Chart:
    """The operations of each kind of block there is on the bench, once for all nets that share it.

    By default an inner block and one that changes the size, else the `block` of that name.
    """
    canvas, y = _Canvas(), 0.0
    kinds: dict[object, list[tuple[Look, NetSpec]]] = {}
    for look, net in drawn:
        kinds.setdefault(_kind(net), []).append((look, net))
    for sharing in kinds.values():
        net = sharing[0][1]
        rows = layer_table(net, channels, classes, size)
        name = ", ".join(look.label for look, _net in sharing)
        for example in [block] if block else _examples(net):
            title = _("{nets}: {block}", nets=name, block=block_label(example))
            _block(
                canvas, sharing[0][0], net, y, title, [row for row in rows if f"{row.name}.".startswith(f"{example}.")]
            )
            y += ROW[net.block]
    right = max([float(str(shape["x1"])) for shape in canvas.shapes if "x1" in shape], default=0.0)
    return canvas.figure(y, max(NARROW, right + 40))


def _net(canvas: _Canvas, look: Look, net: NetSpec, y: float, rows: list[Layer]) -> None:
    middle, colour = y + 34 + TALL / 2, look.colour
    top = middle - TALL / 2
    canvas.text(2, y + 10, f"<b>{look.html}</b>", "left", colour)
    by_part = {key: list(group) for key, group in groupby(rows, lambda row: (row.stage, row.block))}
    canvas.box(8, top, 46, TALL, colour)
    canvas.text(31, middle, _("stem"))
    canvas.hover(31, middle, _summary(_("stem"), by_part["stem", 0]))
    x, wide = 70.0, (canvas.width - MARGINS) / len(net.blocks)
    resized = _resized(net)
    for stage, count in enumerate(net.blocks, start=1):
        _stage(canvas, look, net, (x, top), stage, by_part, resized)
        last = by_part[f"stage{stage}", count][-1]
        title = plural("stage {stage}: {count} block", "stage {stage}: {count} blocks", count, stage=stage)
        canvas.text(x, top + TALL + 9, title, "left")
        canvas.text(x, top + TALL + 23, "×".join(map(str, last.shape)), "left")
        x += wide
    canvas.box(x, top, 46, TALL, colour)
    canvas.text(x + 23, middle, _("head"))
    canvas.hover(x + 23, middle, _summary(_("head"), by_part["head", 0]))
    canvas.text(x + 23, top + TALL + 9, plural("{count} class", "{count} classes", by_part["head", 0][-1].shape[0]))


def _stage(
    canvas: _Canvas,
    look: Look,
    net: NetSpec,
    corner: tuple[float, float],
    stage: int,
    rows: dict[tuple[str, int], list[Layer]],
    resized: set[str],
) -> None:
    (x, top), count = corner, net.blocks[stage - 1]
    middle = top + TALL / 2
    for number in _shown(count, (canvas.width - MARGINS) / len(net.blocks)):
        if number is None:
            canvas.text(x + 22, middle, f"…{count - 2 * FOLDED}…")
            folded = plural("{count} more block", "{count} more blocks", count - 2 * FOLDED)
            canvas.hover(x + 22, middle, folded)
            x += 44 + GAP
            continue
        canvas.box(x, top, BLOCK, TALL, look.colour)
        if net.block == "residual":
            canvas.path(
                _arc(x - GAP / 2, x + BLOCK + GAP / 2, middle, top - 11),
                look.colour,
                f"stage{stage}.block{number}" in resized,
            )
        title = _("stage {stage}, block {block}", stage=stage, block=number)
        canvas.hover(x + BLOCK / 2, middle, _summary(title, rows[f"stage{stage}", number]))
        x += BLOCK + GAP


def _shown(count: int, room: float) -> Iterator[int | None]:
    """The numbers of the blocks that are drawn, None where some are folded into a count."""
    if count * (BLOCK + GAP) <= room - 12:
        yield from range(1, count + 1)
    else:
        yield from (*range(1, FOLDED + 1), None, *range(count - FOLDED + 1, count + 1))


def _summary(title: str, rows: list[Layer]) -> str:
    """A part's layers as a text to hover: output, counts, then its operations in their order."""
    last = rows[-1]
    weights = [row for row in rows if row.parameters]
    lines = [f"<b>{title}</b>", _("output {shape}", shape="×".join(map(str, last.shape)))]
    lines.append(_("{count:,} parameters", count=sum(row.parameters for row in weights)))
    lines.append(_("{count:.3g} M multiply-adds", count=sum(row.multiply_adds for row in rows) / 1e6))
    lines.append(_("receptive field {side} pixels", side=max(row.receptive_field for row in rows)))
    return "<br>".join(lines)


def _row(row: Layer) -> str:
    """One layer of the table as a text to hover."""
    lines = [f"<b>{row.name}</b>", row.label, _("output {shape}", shape="×".join(map(str, row.shape)))]
    if row.operation == "conv":
        lines.append(_("kernel {kernel}×{kernel}, stride {stride}", kernel=row.kernel, stride=row.stride))
        lines.append(_("{count:.3g} M multiply-adds", count=row.multiply_adds / 1e6))
    lines.append(_("{count:,} parameters", count=row.parameters))
    return "<br>".join(lines)


def _kind(net: NetSpec) -> object:
    """What makes two nets' blocks the same, whatever their depth."""
    idle = {"depth", "stages", "width", "family", "stem_stride", "init", "zero_gamma", "fixup", "classes", "softmax"}
    return tuple(net.model_dump(exclude={*idle, "stem_activation", "survival"}).values()), net.survival < 1


def _examples(net: NetSpec) -> list[str]:
    """An inner block, and for residual nets one that changes the size."""
    inner = next(
        (f"stage{stage}.block2" for stage, count in enumerate(net.blocks, start=1) if count > 1), "stage1.block1"
    )
    return [inner] if net.block == "plain" else [inner, "stage2.block1"]


def _block(canvas: _Canvas, look: Look, net: NetSpec, y: float, title: str, rows: list[Layer]) -> None:
    """The branch from left to right, the shortcut above it, joined by the addition."""
    colour, middle, height = look.colour, y + ROW[net.block] - 24, 24
    dashed = bool(rows) and ".".join(rows[0].name.split(".")[:2]) in _resized(net)
    canvas.text(2, y + 9, title, "left", colour)
    branch = [row for row in rows if ".branch." in row.name]
    after = [row for row in rows if ".after." in row.name]
    past = [row for row in rows if ".shortcut" in row.name or ".gate" in row.name]
    x = start = 26.0
    canvas.text(12, middle, "x")
    for row in [*branch, *(row for row in rows if row.name.endswith(".add")), *after]:
        text = "+" if row.operation == "add" else _short(row)
        width = 22 if row.operation == "add" else max(LETTER * len(text) + 8, 26)
        if row.operation == "add":
            _past(canvas, net, (start - 6, x + width / 2), (middle, middle - 24), past, colour, dashed)
        canvas.path(f"M{x - 8:.1f} {middle}H{x:.1f}", colour)
        canvas.box(x, middle - height / 2, width, height, colour, hollow=row.operation not in ("conv", "add"))
        canvas.text(x + width / 2, middle, text)
        canvas.hover(x + width / 2, middle, _row(row))
        x += width + 8
    canvas.path(f"M{x - 8:.1f} {middle}H{x:.1f}", colour)
    canvas.text(x + 4, middle, "y", "left")


def _past(
    canvas: _Canvas,
    net: NetSpec,
    span: tuple[float, float],
    heights: tuple[float, float],
    rows: list[Layer],
    colour: str,
    dashed: bool,
) -> None:
    """The shortcut as an arc with the words of what happens on it."""
    (left, right), (middle, top) = span, heights
    canvas.path(f"M{left:.1f} {middle}V{top}H{right:.1f}V{middle - 12}", colour, dashed=dashed)
    words = " → ".join(_short(row) for row in rows) or _("identity")
    centre = (left + right) / 2
    canvas.text(centre, top - 8, words)
    told = "<br><br>".join(_row(row) for row in rows) or _("The block's input, unchanged.")
    record = SHORTCUTS[net.shortcut]
    canvas.hover(centre, top - 4, f"<b>{_(record.label)}</b><br>{told}")


def _resized(net: NetSpec) -> set[str]:
    """The blocks whose shortcut cannot be the identity."""
    return {shape.name for shape in block_shapes(net) if shape.resized}


def _short(row: Layer) -> str:
    """A few letters for a box."""
    if row.operation == "conv":
        return f"{row.kernel}×{row.kernel}, {row.shape[0]}" + (f" /{row.stride}" if row.stride > 1 else "")
    return _(SHORT[row.operation]) if row.operation in SHORT else row.label


def _arc(left: float, right: float, bottom: float, top: float) -> str:
    """Up from the main path, over one block and back."""
    centre, bend = (left + right) / 2, top + 6
    rise = f"M{left:.1f} {bottom:.1f}V{bend:.1f}Q{left:.1f} {top:.1f} {centre:.1f} {top:.1f}"
    return f"{rise}Q{right:.1f} {top:.1f} {right:.1f} {bend:.1f}V{bottom:.1f}"


def _faint(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
