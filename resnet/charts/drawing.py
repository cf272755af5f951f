"""A net as a row of blocks, drawn as SVG: stages as groups, shortcuts as arcs, many blocks folded into a count."""

from collections.abc import Iterator
from html import escape

from resnet.charts.look import Look
from resnet.layers import stage_widths
from resnet.specs import NetSpec
from resnet.words import _, plural

BLOCK, GAP, TALL = 13, 5, 34  # pixels
TOP = 14  # room for the shortcuts
MIDDLE = TOP + TALL / 2
STAGE = 212  # a stage is at least so wide that its words fit below it
FOLD = 9  # a stage with more blocks is drawn as its first and last ones and a count between them
WIDTH, HEIGHT = 980, 70


def drawing(
    net: NetSpec, look: Look, ink: str = "#2b2f36", channels: int = 3, classes: int = 10, size: int = 32
) -> str:
    """An SVG text; all nets have the same scale, so that they can be compared. `ink` is the colour of the words."""
    parts = [f'<g stroke="{look.colour}" fill="{look.colour}">']
    parts.append(_box(4, 66, f"{channels}×{size}×{size}", hollow=True))
    parts.append(_box(86, 50, _("stem")))
    x, side = 156.0, -(-size // net.stem_stride)
    for stage, (count, width) in enumerate(zip(net.blocks, stage_widths(net), strict=True), start=1):
        side = side if stage == 1 else -(-side // 2)
        title = plural("stage {stage}: {count} block", "stage {stage}: {count} blocks", count, stage=stage)
        drawn, wide = _stage(net, x, count, resized=stage > 1)
        parts += [drawn, _text(x, HEIGHT - 6, f"{title}, {width}×{side}×{side}", "start")]
        x += max(wide, STAGE) + 16
    parts.append(_box(x, 50, _("head")))
    parts.append(_text(x + 58, MIDDLE + 4, plural("{count} class", "{count} classes", classes), "start"))
    label = _("{net}: {depth} weighted layers", net=look.label, depth=net.depth)
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" color="{ink}">'
    return f"{start}<title>{escape(label)}</title>{''.join(parts)}</g></svg>"


def _stage(net: NetSpec, start: float, count: int, resized: bool) -> tuple[str, float]:
    """The blocks of one stage from `start` on, and the width that they take."""
    parts, x = [], start
    for number in _shown(count):
        if number is None:
            parts.append(_text(x + 28, MIDDLE + 4, f"… {count - 6} …", "middle"))
            x += 58 + GAP
            continue
        parts.append(f'<rect x="{x:.0f}" y="{TOP}" width="{BLOCK}" height="{TALL}" rx="2" fill-opacity="0.35"/>')
        if net.block == "residual":
            parts.append(_shortcut(x, resized and number == 1))
        x += BLOCK + GAP
    return "".join(parts), x - start


def _shown(count: int) -> Iterator[int | None]:
    if count <= FOLD:
        yield from range(1, count + 1)
    else:
        yield from (1, 2, 3, None, count - 2, count - 1, count)


def _shortcut(x: float, resized: bool) -> str:
    """An arc over one block; dashed where it changes the size, as in Fig. 3 of He et al. 2015."""
    dash = ' stroke-dasharray="3 2"' if resized else ""
    left, middle, right = x - GAP / 2, x + BLOCK / 2, x + BLOCK + GAP / 2
    arc = f"M{left:.1f} {MIDDLE} V12 Q{left:.1f} 4 {middle:.1f} 4 T{right:.1f} 12 V{MIDDLE}"
    return f'<path d="{arc}" fill="none" stroke-width="1.4"{dash}/>'


def _box(x: float, width: float, text: str, hollow: bool = False) -> str:
    opacity = "0" if hollow else "0.35"
    rect = f'<rect x="{x:.0f}" y="{TOP}" width="{width}" height="{TALL}" rx="4" fill-opacity="{opacity}"/>'
    return rect + _text(x + width / 2, MIDDLE + 4, text, "middle")


def _text(x: float, y: float, text: str, anchor: str) -> str:
    style = 'font-size="12.5" font-family="Source Sans, sans-serif" fill="currentColor" stroke="none"'
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" {style}>{escape(text)}</text>'
