"""Pictures from outside: read whatever phones and scanners write, or say in one sentence why not."""

import io

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from resnet.errors import UserError
from resnet.i18n import _
from resnet.specs.limits import LIMITS


class PictureError(UserError, ValueError):
    """A picture that cannot be used."""


def read_picture(content: bytes) -> Image.Image:
    """The picture upright, in RGB with eight bits a channel, transparent parts white. Raises PictureError."""
    if not content:
        raise PictureError(_("the file is empty"))
    if len(content) > LIMITS.max_upload_mb * 1_000_000:
        raise PictureError(_("a picture has at most {most} MB", most=LIMITS.max_upload_mb))
    return _in_rgb(_opened(content))


def _opened(content: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content))
        _check_size(picture)
        picture.load()  # `open` and `verify` do not notice a file that is cut off
        return ImageOps.exif_transpose(picture)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError(_too_large()) from error
    except UnidentifiedImageError as error:
        raise PictureError(_("this is no picture that can be read: try PNG or JPEG")) from error
    except Exception as error:  # one wrong byte can raise nearly anything, struct.error and KeyError included
        raise PictureError(_("the picture is cut off or damaged: save it anew and try again")) from error


def _check_size(picture: Image.Image) -> None:
    """Before anything is unpacked: a small file can hold a huge picture."""
    width, height = picture.size
    if width * height > LIMITS.max_pixels:
        raise PictureError(_too_large())
    if min(width, height) < 8:
        raise PictureError(_("a picture needs at least 8 × 8 pixels; got {w} × {h}", w=width, h=height))


def _too_large() -> str:
    return _("a picture has at most {most:.0f} megapixels; this one has more", most=LIMITS.max_pixels / 1e6)


def _in_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I") or picture.mode == "F":  # sixteen bits and more a pixel: the range becomes 0-255
        return Image.fromarray(_in_grey(np.asarray(picture).astype(np.float64))).convert("RGB")
    if "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    return picture.convert("RGB")


def _in_grey(values: np.ndarray) -> np.ndarray:
    """From the darkest to the lightest, 0-255; what is no finite number is black."""
    finite = np.isfinite(values)
    if not finite.any():
        raise PictureError(_("the picture has no pixel with a value: save it anew and try again"))
    low, high = float(values[finite].min()), float(values[finite].max())
    if low >= 0 and 2**15 <= high < 2**16:  # all sixteen bits: as bright as it was saved
        low, high = 0.0, 2.0**16 - 1
    # else cameras that count to 4,095 in sixteen bits would give 17 dark greys, and measured values any range
    known = np.where(finite, values, low)
    return (255 * (known - low) / ((high - low) or 1)).round().astype(np.uint8)


def square(picture: Image.Image) -> tuple[int, int, int, int]:
    """The middle square (left, top, right, bottom) that the nets get to see."""
    width, height = picture.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return left, top, left + side, top + side


def for_net(picture: Image.Image, channels: int, side: int) -> np.ndarray:
    """The middle square in the size that a net reads, (channels, side, side) uint8."""
    small = picture.crop(square(picture)).resize((side, side), Image.Resampling.LANCZOS)
    values = np.asarray(small if channels == 3 else small.convert("L"))
    return values.transpose(2, 0, 1) if channels == 3 else values[None]
