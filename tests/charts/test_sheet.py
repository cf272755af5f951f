"""The grid of maps as a PNG."""

import io

import numpy as np
from PIL import Image

from resnet.charts.grid import Cell, Column, Picture, Style
from resnet.charts.sheet import GAP, LINE, sheet


def test_a_sheet_holds_every_picture_and_map_enlarged_without_smoothing():
    picture = Picture(np.full((3, 4, 4), 90, dtype=np.uint8), "0 · disk", None)
    positive, zero = np.ones((4, 4)), np.zeros((4, 4))
    columns = [Column(name, "#1f9bb8", "untrained", [Cell(heatmap, ("disk 10 %",))] * 2)
               for name, heatmap in (("a", positive), ("b", zero))]  # fmt: skip
    style = Style(size=100)
    found = Image.open(io.BytesIO(sheet([picture] * 2, columns, [[1.0, 1.0]] * 2, style)))
    assert found.size == (3 * (100 + GAP) + GAP, 2 * (100 + 2 * LINE + GAP) + 2 * LINE + 2 * GAP)
    top = 2 * LINE + 2 * GAP + 50
    assert found.getpixel((GAP + 50, top)) == (90, 90, 90)
    assert found.getpixel((GAP + 112 + 50, top)) == (196, 32, 45)  # full red
    assert found.getpixel((GAP + 224 + 50, top)) == (247, 247, 247)  # zero is neutral
