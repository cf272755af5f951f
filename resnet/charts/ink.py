"""Colours of words: a net's own colour, darker or lighter until it can be read on the page's ground.

Lines keep one colour in both themes, at 3:1; words need 4.5:1 (WCAG 2.1, 1.4.3), which no colour has on white and on a
dark ground at once. assets/ui/plot.js does the same for the words of charts.
"""

import re
from functools import lru_cache

ENOUGH = 4.5
# What words stand on that is the least far from them: side bar and page of .streamlit/config.toml; a test compares.
LIGHT, DARK = "#f6f8f9", "#171d23"
_STEPS = 40  # from a colour to black or white


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0–1 (WCAG 2.1)."""
    parts = [value / 255 for value in _parts(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1–21 (WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, ground: str) -> str:
    """The colour on the way to black, on a dark ground to white, that is the first to stand out enough."""
    end = 0 if luminance(ground) > 0.18 else 255
    shades = (_mixed(colour, end, step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in shades if contrast(shade, ground) >= ENOUGH)


@lru_cache(maxsize=500)
def ink(colour: str) -> str:
    """A colour for words, as CSS, that follows the theme; what is not #rrggbb stays."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        return colour
    return f"light-dark({readable(colour, LIGHT)}, {readable(colour, DARK)})"


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _mixed(colour: str, end: int, share: float) -> str:
    return "#" + "".join(f"{round(part + (end - part) * share):02x}" for part in _parts(colour))
