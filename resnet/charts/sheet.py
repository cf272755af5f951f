"""The grid of maps as one PNG picture, for slides."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from resnet.charts.grid import Column, Picture, Style, drawn
from resnet.charts.pictures import image_colours

GAP, LINE = 12, 15  # pixels between pictures, and of one line of text
INK, PAPER = "#2b2f36", "#ffffff"


def sheet(
    pictures: Sequence[Picture], columns: Sequence[Column], scales: Sequence[Sequence[float]], style: Style
) -> bytes:
    """A PNG: rows and columns as on the page, names above, the first two lines of each caption below."""
    side, row = style.size, style.size + 2 * LINE + GAP
    size = ((len(columns) + 1) * (side + GAP) + GAP, len(pictures) * row + 2 * LINE + 2 * GAP)
    paper = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(paper)
    font = ImageFont.load_default(12)
    for at, column in enumerate(columns, start=1):
        x = GAP + at * (side + GAP)
        pen.text((x, GAP), column.name, column.colour if column.colour.startswith("#") else INK, font)
        pen.text((x, GAP + LINE), column.note, INK, font)
    for number, picture in enumerate(pictures):
        y = 2 * LINE + 2 * GAP + number * row
        _paste(paper, pen, font, (GAP, y), image_colours(picture.image), (picture.name,), side)
        for at, (column, scale) in enumerate(zip(columns, scales, strict=True), start=1):
            cell = column.cells[number]
            corner = (GAP + at * (side + GAP), y)
            _paste(paper, pen, font, corner, drawn(cell, picture, scale[number], style), cell.lines[:2], side)
    buffer = io.BytesIO()
    paper.save(buffer, "PNG")
    return buffer.getvalue()


def _paste(
    paper: Image.Image,
    pen: ImageDraw.ImageDraw,
    font: "ImageFont.FreeTypeFont | ImageFont.ImageFont",
    corner: tuple[int, int],
    colours: np.ndarray,
    lines: Sequence[str],
    side: int,
) -> None:
    """One picture, enlarged without smoothing, and its lines below."""
    picture = Image.fromarray(np.ascontiguousarray(colours)).resize((side, side), Image.Resampling.NEAREST)
    paper.paste(picture, corner)
    for number, line in enumerate(lines):
        pen.text((corner[0], corner[1] + side + 2 + number * LINE), line, INK, font)
