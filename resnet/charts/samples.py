"""Images of a data set as small pictures: a sheet of some of each class, and what augmentation makes of a few."""

import base64
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

GAP = 2  # pixels between images


def of_class(images: np.ndarray, labels: np.ndarray, label: int, most: int) -> np.ndarray:
    """The first `most` images of a class, (n, C, H, W)."""
    return np.asarray(images[np.flatnonzero(labels == label)[:most]])


def sheet(images: np.ndarray, across: int) -> np.ndarray:
    """Images (n, C, H, W) side by side in rows of `across`, (H', W', 4) uint8; clear between them."""
    channels, height, width = images.shape[1:]
    down = -(-len(images) // across)
    paper = np.zeros((down * (height + GAP) - GAP, across * (width + GAP) - GAP, 4), np.uint8)
    for place, image in enumerate(images):
        top, left = (place // across) * (height + GAP), (place % across) * (width + GAP)
        paper[top : top + height, left : left + width, :3] = (
            image.transpose(1, 2, 0) if channels == 3 else image[0, ..., None]
        )
        paper[top : top + height, left : left + width, 3] = 255
    return paper


def uri(colours: np.ndarray) -> str:
    """(H, W, 4) uint8 as a WebP picture in a data address: a fifth of a PNG's bytes, and nothing of it is seen."""
    buffer = io.BytesIO()
    Image.fromarray(colours).save(buffer, "WEBP", quality=90)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def moved(image: np.ndarray, down: int, right: int, mirror: bool) -> np.ndarray:
    """An image (C, H, W) as training may see it: mirrored, then shifted by so many pixels; edges repeat."""
    rows = (np.arange(image.shape[1]) + down).clip(0, image.shape[1] - 1)
    columns = np.arange(image.shape[2])[::-1] if mirror else np.arange(image.shape[2])
    columns = (columns + right).clip(0, image.shape[2] - 1)
    return np.asarray(image[:, rows[:, None], columns])


def augmented(images: Sequence[np.ndarray], shift: int, flip: bool, each: int, seed: int = 0) -> np.ndarray:
    """Every image as it is and `each` times moved by up to `shift` pixels, mirrored where `flip`; (n, C, H, W)."""
    rng = np.random.default_rng(seed)
    found = []
    for image in images:
        found.append(image)
        for _number in range(each):
            down, right = rng.integers(-shift, shift + 1, 2).tolist()
            found.append(moved(image, down, right, flip and bool(rng.integers(2))))
    return np.stack(found)
