"""Attribution maps as one HTML grid: rows are images, columns are nets."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from resnet.charts.ink import ink
from resnet.charts.pictures import data_uri, folded, image_colours, outline, over, signed_colours, svg_uri
from resnet.i18n import _

_STYLE = """<style>
.maps { display: grid; gap: 0.5rem 0.75rem; overflow-x: auto; align-items: start; }
.maps .head { font-weight: 600; font-size: 0.9rem; line-height: 1.25; align-self: end; }
.maps .head small, .maps figcaption small { display: block; font-weight: 400; opacity: 0.75; }
.maps figure { margin: 0; }
.maps .picture { position: relative; width: 100%; aspect-ratio: 1; }
.maps .picture img { width: 100%; height: 100%; display: block; image-rendering: pixelated; border-radius: 3px; }
.maps .picture img.outline { position: absolute; inset: 0; }
.maps figcaption { font-size: 0.8rem; line-height: 1.3; margin-top: 0.2rem; }
</style>"""


@dataclass(frozen=True)
class Cell:
    """One map (H, W) with its captions."""

    heatmap: np.ndarray
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One net: its name, its colour, what it is (trained or not), and a cell per image.

    `sets_scale`: whether a common scale follows its maps; those of an untrained net may be hundreds of times stronger.
    """

    name: str
    colour: str
    note: str
    cells: Sequence[Cell]
    sets_scale: bool = True


@dataclass(frozen=True)
class Picture:
    """One test image (C, H, W) uint8, its name, and the mask (H, W) of its object, if there is one."""

    image: np.ndarray
    name: str
    mask: np.ndarray | None


@dataclass(frozen=True)
class Style:
    """How maps are drawn: the object's `contour`, the `sign` (see `pictures.folded`), and `opacity` over the image.

    Opacity 0 draws the map alone. All pictures are at most `size` pixels wide: they zoom in step.
    """

    contour: bool = True
    sign: str = "signed"
    opacity: float = 0.0
    size: int = 150


def grid(
    pictures: Sequence[Picture],
    columns: Sequence[Column],
    scales: Sequence[Sequence[float]],
    style: Style | None = None,
    corner: str = "",
) -> str:
    """The whole grid; `scales` holds for each column and row the value that gets the full colour."""
    style = style or Style()
    least = style.size if style.size > 150 else 84  # enlarged maps may scroll sideways
    template = f"grid-template-columns: repeat({len(columns) + 1}, minmax({least}px, {style.size}px))"
    heads = f'<div class="head">{escape(corner or _("picture"))}</div>' + "".join(_head(column) for column in columns)
    rows = []
    for row, picture in enumerate(pictures):
        path = outline(picture.mask) if style.contour and picture.mask is not None else ""
        rows.append(_figure(image_colours(picture.image), path, (picture.name,), picture.name))
        for column, scale in zip(columns, scales, strict=True):
            cell = column.cells[row]
            rows.append(
                _figure(drawn(cell, picture, scale[row], style), path, cell.lines, f"{column.name}: {picture.name}")
            )
    return f'{_STYLE}<div class="maps" style="{template}">{heads}{"".join(rows)}</div>'


def drawn(cell: Cell, picture: Picture, scale: float, style: Style) -> np.ndarray:
    """The colours (H, W, 3) of one map."""
    colours = signed_colours(folded(cell.heatmap, style.sign), scale)
    return over(colours, image_colours(picture.image), style.opacity) if style.opacity else colours


def _head(column: Column) -> str:
    name = f'<span style="color:{escape(ink(column.colour))}">{escape(column.name)}</span>'
    return f'<div class="head">{name}<small>{escape(column.note)}</small></div>'


def _figure(colours: np.ndarray, path: str, lines: Sequence[str], alt: str) -> str:
    height, width = colours.shape[:2]
    border = f'<img class="outline" src="{svg_uri(_outlined(path, width, height))}" alt="">' if path else ""
    caption = escape(lines[0]) + "".join(f"<small>{escape(line)}</small>" for line in lines[1:])
    image = f'<img src="{data_uri(colours)}" alt="{escape(alt)}">'
    return f'<figure><div class="picture">{image}{border}</div><figcaption>{caption}</figcaption></figure>'


def _outlined(path: str, width: int, height: int) -> str:
    """The border of an object: dark on a light halo, so that it shows on every picture."""
    lines = "".join(
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick}" stroke-linecap="square"/>'
        for colour, thick in (("#fff", 0.8), ("#111", 0.35))
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{lines}</svg>'
