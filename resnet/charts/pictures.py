"""Attribution maps and test images as PNG pictures; zero is the neutral colour, the scale is shared."""

import base64
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

POSITIVE, NEGATIVE = np.array([196, 32, 45]), np.array([33, 102, 172])  # colour-blind-safe red and blue
NEUTRAL = np.array([247, 247, 247])


def common_scale(maps: Sequence[np.ndarray]) -> float:
    """The value that gets the full colour on every map: the 99th percentile of |a| over all, 0 if all are zero.

    A percentile, because a single pixel would otherwise darken every other map.
    """
    values = np.concatenate([np.abs(one[np.isfinite(one)]).ravel() for one in maps] or [np.zeros(1)])
    scale = float(np.percentile(values, 99)) if values.size else 0.0
    return scale or float(values.max(initial=0.0))


def signed_colours(heatmap: np.ndarray, scale: float) -> np.ndarray:
    """(H, W) -> (H, W, 3) uint8: red for positive, blue for negative, near white for zero; clipped at ±`scale`."""
    share = np.clip(np.nan_to_num(heatmap) / scale, -1, 1) if scale > 0 else np.zeros_like(heatmap)
    ends = np.where(share[..., None] > 0, POSITIVE, NEGATIVE)
    colours = NEUTRAL + (ends - NEUTRAL) * np.abs(share)[..., None]
    return np.asarray(colours.round().astype(np.uint8))


def folded(heatmap: np.ndarray, sign: str) -> np.ndarray:
    """The map as it is ("signed"), its size ("absolute"), or what speaks for the class ("positive")."""
    return {"absolute": np.abs(heatmap), "positive": np.maximum(heatmap, 0)}.get(sign, heatmap)


def over(colours: np.ndarray, image: np.ndarray, opacity: float) -> np.ndarray:
    """The map's colours over the grey image; where the map is neutral the image shows, `opacity` 0-1 elsewhere."""
    grey = image.mean(-1, keepdims=True).repeat(3, -1)
    strength = np.abs(colours.astype(float) - NEUTRAL).max(-1, keepdims=True) / 214  # 214: from neutral to full red
    share = opacity * np.clip(strength, 0, 1)
    return np.asarray((grey * (1 - share) + colours * share).round().astype(np.uint8))


def image_colours(image: np.ndarray) -> np.ndarray:
    """(C, H, W) uint8 with one or three channels -> (H, W, 3)."""
    return np.broadcast_to(image.transpose(1, 2, 0), (*image.shape[1:], 3))


def svg_uri(svg: str) -> str:
    """An SVG text as a data address: Streamlit's HTML keeps images and drops inline SVG."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def data_uri(colours: np.ndarray) -> str:
    """(H, W, 3) uint8 as a PNG in a data address."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(colours)).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def outline(mask: np.ndarray) -> str:
    """The border of a mask (H, W) as an SVG path in pixel units: every edge between inside and outside."""
    padded = np.pad(mask.astype(bool), 1)
    across = np.argwhere(padded[:-1, 1:-1] != padded[1:, 1:-1])  # edges below row y-1: horizontal
    along = np.argwhere(padded[1:-1, :-1] != padded[1:-1, 1:])
    return "".join(f"M{x} {y}h1" for y, x in across) + "".join(f"M{x} {y}v1" for y, x in along)
