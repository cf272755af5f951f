"""Pictures from outside: read whatever phones and scanners write, or say in one sentence why not."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageOps, UnidentifiedImageError

from resnet.errors import UserError
from resnet.i18n import N_, _
from resnet.specs.limits import LIMITS

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # Pillow knows 43; for EPS it starts Ghostscript
SIDE = 1_000  # pixels that the shorter side keeps: four times what the largest net reads
STRIP = 1 << 18  # pixels that are converted at once: a copy of 50 megapixels in float64 would take 400 MB


TOO_LARGE = N_("a picture has at most {most:.0f} megapixels; this one has more")


class PictureError(UserError, ValueError):
    """A picture that cannot be used: a marked text with places for `values`.

    It is translated where it is shown: the worker that reads the picture knows no visitor's language.
    """

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text)
        self.text, self.values = text, values

    def __str__(self) -> str:
        return _(self.text, **self.values)


def read_picture(content: bytes) -> Image.Image:
    """The picture upright, in RGB with eight bits a channel, transparent parts white. Raises PictureError.

    A large one is reduced by a whole number: its shorter side keeps at least SIDE pixels, and at most twice as many.
    """
    if not content:
        raise PictureError(N_("the file is empty"))
    if len(content) > LIMITS.max_upload_mb * 1_000_000:
        raise PictureError(N_("a picture has at most {most} MB"), most=LIMITS.max_upload_mb)
    try:
        return _upright(_opened(content))
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise PictureError(N_("this is no picture that can be read: try PNG or JPEG")) from error
    except Exception as error:  # one wrong byte can raise nearly anything, struct.error and KeyError included
        raise PictureError(N_("the picture is cut off or damaged: save it anew and try again")) from error


def _opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content), formats=FORMATS)
    _check_size(picture)
    picture.draft(None, (SIDE, SIDE))  # a JPEG is decoded in an eighth of its size or more
    picture.load()  # `open` and `verify` do not notice a file that is cut off
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    """Turned after it is small: what says how to turn it has to come along."""
    small = _in_rgb(picture)
    small.getexif()[ExifTags.Base.Orientation] = picture.getexif().get(ExifTags.Base.Orientation, 1)
    return ImageOps.exif_transpose(small)


def _check_size(picture: Image.Image) -> None:
    """Before anything is unpacked: a small file can hold a huge picture."""
    width, height = picture.size
    if width * height > LIMITS.max_pixels:
        raise _too_large()
    if min(width, height) < 8:
        raise PictureError(N_("a picture needs at least 8 × 8 pixels; got {w} × {h}"), w=width, h=height)


def _too_large() -> PictureError:
    return PictureError(TOO_LARGE, most=LIMITS.max_pixels / 1e6)


def _in_rgb(picture: Image.Image) -> Image.Image:
    """Strip by strip, so that little more than the picture itself is in memory."""
    factor = max(1, min(picture.size) // SIDE)
    small = Image.new("RGB", (-(-picture.width // factor), -(-picture.height // factor)))
    deep = picture.mode.startswith("I") or picture.mode == "F"  # sixteen bits and more a pixel: the range becomes 0-255
    bounds = _bounds(picture, factor) if deep else None
    for top, strip in _strips(picture, factor):
        plain = _in_grey(strip, *bounds) if bounds else _on_white(strip).convert("RGB")
        small.paste(plain.reduce(factor), (0, top // factor))
    return small


def _strips(picture: Image.Image, factor: int) -> Iterator[tuple[int, Image.Image]]:
    """Pieces of the whole width and where they begin; a multiple of `factor` high, so that none is cut by reducing."""
    rows = factor * max(1, STRIP // (picture.width * factor))
    for top in range(0, picture.height, rows):
        yield top, picture.crop((0, top, picture.width, min(top + rows, picture.height)))


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture
    clear = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)


def _bounds(picture: Image.Image, factor: int) -> tuple[float, float]:
    """The values that become black and white: the lowest and the highest that are finite."""
    low, high = np.inf, -np.inf
    for _top, strip in _strips(picture, factor):
        values = np.asarray(strip)
        if not np.isfinite([values.min(), values.max()]).all():  # NaN is both
            values = values[np.isfinite(values)]
        if values.size:
            low, high = min(low, float(values.min())), max(high, float(values.max()))
    if low > high:
        raise PictureError(N_("the picture has no pixel with a value: save it anew and try again"))
    # all sixteen bits: as bright as it was saved; else cameras that count to 4,095 in sixteen bits would give 17 dark
    # greys, and measured values any range
    return (0.0, 2.0**16 - 1) if low >= 0 and 2**15 <= high < 2**16 else (low, high)


def _in_grey(picture: Image.Image, low: float, high: float) -> Image.Image:
    """From `low` to `high`, 0-255; what is no finite number is black."""
    values = np.asarray(picture).astype(np.float64)
    if picture.mode == "F":
        values[~np.isfinite(values)] = low
    values -= low
    values *= 255 / ((high - low) or 1)
    return Image.fromarray(values.round(out=values).astype(np.uint8))


def square(picture: Image.Image) -> tuple[int, int, int, int]:
    """The middle square (left, top, right, bottom) that the nets get to see."""
    width, height = picture.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return left, top, left + side, top + side


def with_crop(picture: Image.Image, width: int = 420) -> Image.Image:
    """The picture, small, with the square that the nets see."""
    shown = picture.copy()
    shown.thumbnail((width, width))
    across, down = shown.width / picture.width, shown.height / picture.height  # not equal: a side has whole pixels
    left, top, right, bottom = (
        round(scale * edge) for scale, edge in zip((across, down) * 2, square(picture), strict=True)
    )
    box = [left, top, max(left, right - 1), max(top, bottom - 1)]  # of a long strip less than a pixel is seen
    draw = ImageDraw.Draw(shown)
    draw.rectangle(box, outline="white", width=4)
    draw.rectangle(box, outline="#d6336c", width=2)
    return shown


def for_net(picture: Image.Image, side: int) -> np.ndarray:
    """The middle square in the size that a net reads, (3, side, side) uint8."""
    small = picture.crop(square(picture)).resize((side, side), Image.Resampling.LANCZOS)
    return np.asarray(small).transpose(2, 0, 1)


def in_channels(pixels: np.ndarray, channels: int) -> np.ndarray:
    """Pixels (3, H, W) as they are, or in grey (1, H, W)."""
    if channels == 3:
        return pixels
    return np.asarray(Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0))).convert("L"))[None]
