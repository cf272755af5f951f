"""A short piece of a net's curve, as HTML: the same colour, dashes and symbol as in the charts."""

import math
from urllib.parse import quote

_DASHES = {"dash": "8 4", "dot": "3 3", "dashdot": "8 4 3 4"}  # lengths in pixels: on, off
_WIDTH, _HEIGHT = 28, 12  # pixels
_R = 4.2  # radius of a circle


def swatch(colour: str, dash: str, symbol: str = "") -> str:
    """An ``<i>`` element; its width is that of the page's style, the symbol stands in the middle."""
    picture = f"url({_picture(colour, dash, symbol)}) left center/{_WIDTH}px no-repeat"
    return f'<i style="height:{_HEIGHT}px;background:{picture}"></i>'


def _picture(colour: str, dash: str, symbol: str) -> str:
    dashes = f' stroke-dasharray="{_DASHES[dash]}"' if dash in _DASHES else ""
    middle = _HEIGHT / 2
    line = f'<path d="M0 {middle}H{_WIDTH}" stroke="{colour}" stroke-width="2.5"{dashes}/>'
    size = f'width="{_WIDTH}" height="{_HEIGHT}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{line}{_mark(colour, symbol)}</svg>'
    return "data:image/svg+xml," + quote(svg)


def _mark(colour: str, symbol: str) -> str:
    """The symbol; an open one lets the line through, as in the charts."""
    corners = _CORNERS.get(symbol.removesuffix("-open"))
    fill = "none" if symbol.endswith("-open") else colour
    style = f'fill="{fill}" stroke="{colour}" stroke-width="1.5"'
    x, y = _WIDTH / 2, _HEIGHT / 2
    if symbol.removesuffix("-open") == "circle":
        return f'<circle cx="{x}" cy="{y}" r="{_R}" {style}/>'
    if not corners:
        return ""
    points = " ".join(f"{x + _R * across:.1f},{y + _R * down:.1f}" for across, down in corners)
    return f'<polygon points="{points}" {style}/>'


def _star() -> list[tuple[float, float]]:
    turns = [(math.pi * (corner / 5 - 0.5), 1.3 if corner % 2 == 0 else 0.5) for corner in range(10)]
    return [(reach * math.cos(turn), reach * math.sin(turn)) for turn, reach in turns]


_CORNERS: dict[str, list[tuple[float, float]]] = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "diamond": [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)],
    "triangle-right": [(-0.9, -1.1), (1.2, 0), (-0.9, 1.1)],
    "triangle-left": [(0.9, -1.1), (-1.2, 0), (0.9, 1.1)],
    "star": _star(),
}
