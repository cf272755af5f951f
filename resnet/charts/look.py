"""How a net looks on every page: colour and line style from its spec, so that it never changes with the company.

Plain: warm, dashed, open markers. Residual: cool, solid, filled. Deeper: further along the ramp. All colours keep a
contrast of 3:1 against the light and the dark background (WCAG 2.1, 1.4.11), which leaves little room between light
and dark: depth is told by hue, and in grey by the symbol. Tests compute both, for colour-blind eyes too.
"""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from resnet.specs import NetSpec
from resnet.specs.bench import Bench

# The first ramp, and further ones for nets of the same kind and shade: warm for plain, cool for residual. The first
# keeps its distances along blue and yellow, which red-green blindness leaves.
RAMPS = {
    "plain": (
        ("#868a1a", "#b67c00", "#c75230", "#c13579", "#d02ba8"),
        ("#c2528b", "#b63c87"),
        ("#8f7a1e", "#7d6a2a"),
        ("#d9648a", "#c94b6f"),
    ),
    "residual": (
        ("#139a74", "#1495a8", "#2d84d8", "#6f5fd8", "#9a45d8"),
        ("#2a9766", "#1f8a5b"),
        ("#8b6fd6", "#7d53c9"),
        ("#6b7f8f", "#5f7486"),
    ),
}
DASHES = {"plain": "dash", "residual": "solid"}
# No triangle up or down: those mark what is 0, what is not finite, and what leaves the axis.
SYMBOLS = ("circle", "square", "diamond", "triangle-right", "star", "triangle-left")
# Filled and open.
GLYPHS = {
    "circle": "●○",
    "square": "■□",
    "diamond": "◆◇",
    "triangle-right": "▶▷",
    "star": "★☆",
    "triangle-left": "◀◁",
    "triangle-up": "▲△",
    "cross": "✚✛",
}
SHADES = (8, 110)  # the depths at the ends of a ramp; deeper nets share the last shade


@dataclass(frozen=True)
class Look:
    """`colour` as #rrggbb, `dash` and `symbol` in Plotly's words; open symbols for plain nets."""

    label: str
    colour: str
    dash: str
    symbol: str

    @property
    def html(self) -> str:
        """The label for a place that reads tags, as Plotly's texts do; a visitor may have written it."""
        return html.escape(self.label)

    @property
    def open(self) -> bool:
        """Whether the markers are open."""
        return self.symbol.endswith("-open")

    @property
    def glyph(self) -> str:
        """The symbol as a letter, for the name at the end of a curve; empty for a line without markers."""
        letters = GLYPHS.get(self.symbol.removesuffix("-open"))
        return letters[self.open] if letters else ""


def look(net: NetSpec, label: str = "", colour: str = "", line: str = "", rank: int = 0, double: int = 0) -> Look:
    """The look of one net; `rank` counts the nets of its kind before it and chooses the symbol.

    `double` counts those that have its shade too, and chooses the ramp.
    """
    symbol = SYMBOLS[rank % len(SYMBOLS)] + ("-open" if net.block == "plain" else "")
    return Look(label or str(net), colour or shade(net, double), line or DASHES[net.block], symbol)


def shade(net: NetSpec, double: int = 0) -> str:
    """A colour on a ramp of its kind, by the logarithm of its depth."""
    ramps = RAMPS[net.block]
    stops = ramps[double % len(ramps)]
    low, high = SHADES
    share = min(max(math.log(net.depth / low) / math.log(high / low), 0.0), 1.0) * (len(stops) - 1)
    first = min(int(share), len(stops) - 2)
    ends = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in stops[first : first + 2]]
    return "#" + "".join(f"{round(a + (b - a) * (share - first)):02x}" for a, b in zip(*ends, strict=True))


def looks(bench: Bench) -> list[Look]:
    """The looks of all nets on a bench, with the visitor's own names, colours and lines."""
    nets = [entry.net for entry in bench.entries]
    entries = zip(bench.entries, bench.names, ranks(nets), doubles(nets), strict=True)
    return [look(entry.net, name, entry.colour, entry.line, rank, double) for entry, name, rank, double in entries]


def ranks(nets: Sequence[NetSpec]) -> list[int]:
    """For each net, how many of its kind stand before it."""
    return [sum(other.block == net.block for other in nets[:index]) for index, net in enumerate(nets)]


def doubles(nets: Sequence[NetSpec]) -> list[int]:
    """For each net, how many other nets of its kind and shade stand before it."""
    return [
        len({other for other in nets[:index] if other.block == net.block and shade(other) == shade(net)} - {net})
        for index, net in enumerate(nets)
    ]
