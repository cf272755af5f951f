"""The pictures of input gradients along a way between two images: small, of few colours, one for each place."""

import base64
import io
from collections.abc import Sequence
from functools import cache
from html import escape

import numpy as np
from PIL import Image

from resnet.charts.ink import ink
from resnet.charts.pictures import data_uri, signed_colours

LEVELS = 31  # on either side of zero: a picture of noise with more colours needs twice as many bytes
_STYLE = """<style>
.flowing { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; }
.flowing figure { margin: 0; }
.flowing img { width: 112px; height: 112px; image-rendering: pixelated; border-radius: 3px; display: block; }
.flowing figcaption { font-size: 0.85rem; font-weight: 600; margin-top: 0.2rem; }
</style>"""


def strip(blend: np.ndarray, name: str, nets: Sequence[tuple[str, str, np.ndarray]]) -> str:
    """HTML: the blended image (H, W, 3) uint8 with its name; name, colour and picture (H, W) int8 of each net."""
    figures = [_figure(data_uri(blend), name, "inherit")]
    figures += [_figure(signed_uri(picture), own, colour) for own, colour, picture in nets]
    return f'{_STYLE}<div class="flowing">{"".join(figures)}</div>'


def _figure(uri: str, name: str, colour: str) -> str:
    caption = f'<figcaption style="color:{escape(ink(colour))}">{escape(name)}</figcaption>'
    return f'<figure><img src="{uri}" alt="{escape(name)}">{caption}</figure>'


def signed_uri(picture: np.ndarray) -> str:
    """(H, W) int8, ±127 for the full colours, as a PNG of few colours in a data address."""
    levels = np.round(picture.astype(float) / 127 * LEVELS).astype(int) + LEVELS
    image = Image.fromarray(np.ascontiguousarray(levels.astype(np.uint8)), "P")
    image.putpalette(_palette())
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True, bits=6)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


@cache
def _palette() -> bytes:
    return signed_colours(np.linspace(-1, 1, 2 * LEVELS + 1)[None], 1.0).tobytes()


def blended(start: np.ndarray, end: np.ndarray, share: float) -> np.ndarray:
    """The image (C, H, W) uint8 at a `share` of the way from one to another."""
    return np.asarray((start * (1 - share) + end * share).round().astype(np.uint8))
