"""Whatever phones and scanners write is read, or refused in one sentence."""

import io
import pickle
import struct
import subprocess
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image, ImageCms

from resnet import i18n
from resnet.datasets.pictures import PictureError, for_net, in_channels, read_picture, square, with_crop

RED_ABOVE = np.zeros((40, 20, 3), dtype=np.uint8)
RED_ABOVE[:20, :, 0] = 255
RED_ABOVE[20:, :, 2] = 255


def saved(picture, kind="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def top(picture):
    return picture.getpixel((picture.width // 2, 2))


def test_a_phone_picture_is_turned_upright():
    lying = Image.fromarray(RED_ABOVE).rotate(90, expand=True)  # as the sensor saw it
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me by 90 degrees clockwise"
    upright = read_picture(saved(lying, "JPEG", quality=95, exif=exif))
    assert upright.size == (20, 40)
    assert top(upright)[0] > 200


@pytest.mark.parametrize(
    ("mode", "kind"),
    [*((mode, "PNG") for mode in ("L", "LA", "P", "RGBA", "1")),
     *((mode, "TIFF") for mode in ("PA", "CMYK", "YCbCr", "LAB", "F", "I")), ("CMYK", "JPEG")],
)  # fmt: skip
def test_every_mode_becomes_rgb_and_keeps_its_colours(mode, kind):
    content = saved(in_mode(mode), kind)
    assert Image.open(io.BytesIO(content)).mode == mode
    found = read_picture(content)
    assert (found.mode, found.size) == ("RGB", (20, 40))
    if mode in ("P", "PA", "RGBA", "CMYK", "YCbCr", "LAB"):
        assert np.array(top(found)) == pytest.approx([255, 0, 0], abs=8)
    elif mode != "1":  # grey: red is lighter than blue
        assert len(set(top(found))) == 1
        assert top(found)[0] > found.getpixel((10, 37))[0]


def in_mode(mode):
    picture = Image.fromarray(RED_ABOVE)
    if mode != "LAB":
        return picture.convert(mode)
    return ImageCms.profileToProfile(
        picture, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )


def test_sixteen_bits_are_scaled_and_not_cut_off():
    values = np.linspace(0, 65_535, 40 * 20).reshape(40, 20).astype(np.uint16)
    found = np.asarray(read_picture(saved(Image.fromarray(values))))
    assert found.min() == 0
    assert found.max() == 255
    assert found[20, 0, 0] == pytest.approx(128, abs=4)


def read_tiff(values):
    return np.asarray(read_picture(saved(Image.fromarray(values.astype(np.float32)), "TIFF")))[..., 0].copy()


@pytest.mark.parametrize("most", [4_095, 1_023, 300])
def test_sixteen_bits_of_which_only_some_are_used_keep_all_their_greys(most):
    values = np.linspace(0, most, 40 * 20).reshape(40, 20).astype(np.uint16)
    found = np.asarray(read_picture(saved(Image.fromarray(values))))[..., 0]
    assert (found.min(), found.max()) == (0, 255)
    assert len(np.unique(found)) > 200
    assert (np.diff(found.ravel().astype(int)) >= 0).all()


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_a_pixel_without_a_value_is_black_and_the_others_are_as_without_it(odd):
    values = np.linspace(-3.5, 8.25, 40 * 20).reshape(40, 20)
    whole = read_tiff(values)
    values[20, 10] = odd
    found = read_tiff(values)
    assert found[20, 10] == 0
    found[20, 10] = whole[20, 10]
    np.testing.assert_array_equal(found, whole)
    assert len(np.unique(found)) > 200


def test_measured_values_of_any_size_are_scaled():
    found = read_tiff(np.linspace(-3e38, 3e38, 40 * 20).reshape(40, 20))
    assert (found.min(), found.max()) == (0, 255)


def test_a_picture_of_nothing_but_nan_is_refused():
    with pytest.raises(PictureError, match="no pixel with a value"):
        read_tiff(np.full((40, 20), np.nan))


def test_whatever_a_library_raises_on_a_damaged_file_is_one_sentence(monkeypatch):
    def broken(*_arguments, **_options):
        raise struct.error("unpack requires a buffer of 4 bytes")

    content = saved(Image.fromarray(RED_ABOVE), "TIFF")
    monkeypatch.setattr(Image.Image, "load", broken)
    with pytest.raises(PictureError, match="cut off or damaged"):
        read_picture(content)


@pytest.mark.parametrize("size", [(10_000, 8), (8, 10_000)])
def test_a_long_strip_is_read_and_its_middle_square_shown(size):
    strip = read_picture(saved(Image.new("RGB", size, "navy")))
    assert for_net(strip, 32).shape == (3, 32, 32)
    shown = np.asarray(with_crop(strip))
    middle = shown[shown.shape[0] // 2, shown.shape[1] // 2]
    assert max(shown.shape) == 420
    assert middle[0] > 200  # red: the frame


def test_transparent_parts_are_white():
    clear = np.zeros((16, 16, 4), dtype=np.uint8)
    assert read_picture(saved(Image.fromarray(clear))).getpixel((3, 3)) == (255, 255, 255)


def bomb(width, height):
    """A PNG of a few hundred bytes that says how large it would be."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])

    def chunk(name, data):
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"hello, this is no picture", "this is no picture that can be read: try PNG or JPEG"),
        (saved(Image.fromarray(RED_ABOVE).resize((200, 200)), "JPEG")[:900], "the picture is cut off or damaged"),
        (saved(Image.fromarray(RED_ABOVE).resize((90, 90)), "PNG")[:120], "the picture is cut off or damaged"),
        (bomb(20_000, 10_000), "a picture has at most 50 megapixels; this one has more"),
        (bomb(9_000, 7_000), "a picture has at most 50 megapixels; this one has more"),
        (saved(Image.fromarray(RED_ABOVE[:4, :4])), "a picture needs at least 8 × 8 pixels; got 4 × 4"),
        (bytes(21_000_000), "a picture has at most 20 MB"),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_cannot_be_used_is_refused_in_one_sentence(content, sentence):
    with pytest.raises(PictureError) as error:
        read_picture(content)
    assert str(error.value).startswith(sentence)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("channels", "side"), [(3, 32), (1, 32), (3, 224)])
def test_the_middle_square_comes_in_the_size_of_the_net(channels, side):
    picture = Image.fromarray(RED_ABOVE)
    assert square(picture) == (0, 10, 20, 30)
    found = in_channels(for_net(picture, side), channels)
    assert found.shape == (channels, side, side)
    assert found.dtype == np.uint8
    if channels == 3:
        assert found[0, 1, side // 2] > 200  # red above, blue below
        assert found[2, -2, side // 2] > 200


def test_why_a_picture_cannot_be_used_is_said_in_the_language_of_who_reads_it(monkeypatch):
    """The error comes from a worker: pickled, and made where nobody's language is known."""
    with pytest.raises(PictureError) as error:
        read_picture(saved(Image.fromarray(RED_ABOVE[:4, :5])))
    sent = pickle.loads(pickle.dumps(error.value))
    marked = type("Marked", (), {"gettext": staticmethod("⟦{}⟧".format)})
    monkeypatch.setattr(i18n, "_catalog", lambda _language: marked)
    assert str(sent) == "⟦a picture needs at least 8 × 8 pixels; got 5 × 4⟧"


EPS = b"""%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 40 20
%%EndComments
0 0 40 20 rectfill
showpage
%%EOF
"""


def test_no_plugin_that_starts_a_process_ever_sees_a_picture(monkeypatch):
    started = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_arguments, **_options: started.append("ghostscript"))
    monkeypatch.setattr(subprocess, "Popen", lambda *_arguments, **_options: started.append("a process"))
    with pytest.raises(PictureError, match="this is no picture that can be read"):
        read_picture(EPS)
    assert started == []


@pytest.mark.parametrize("kind", ["PPM", "TGA", "ICO", "PCX", "SGI"])
def test_what_the_page_does_not_name_is_not_read(kind):
    with pytest.raises(PictureError, match="this is no picture that can be read"):
        read_picture(saved(Image.fromarray(RED_ABOVE), kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_what_the_page_names_is_read(kind):
    assert read_picture(saved(Image.fromarray(RED_ABOVE), kind)).size == (20, 40)


BIG = (2_200, 2_200)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "I;16"), ("TIFF", "I"), ("TIFF", "F"), ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "RGB")]
)
def test_a_large_picture_takes_little_more_memory_than_itself(kind, mode, monkeypatch):
    """Of its own size nothing else is made: numpy's arrays are counted in bytes, what Pillow converts in pixels."""
    made = []
    real = Image.Image.convert

    def convert(own, *rest, **more):
        made.append(own.size)
        return real(own, *rest, **more)

    monkeypatch.setattr(Image.Image, "convert", convert)
    content = saved(Image.new(mode, BIG), kind)
    made.clear()
    tracemalloc.start()
    try:
        found = read_picture(content)
        _now, peak = tracemalloc.get_traced_memory()  # Pillow's pictures are not in it
    finally:
        tracemalloc.stop()
    assert peak < len(content) + 9_000_000  # in float64 alone they would be 39 million bytes
    assert all(width * height <= 1 << 19 for width, height in made)
    assert found.size == (1_100, 1_100)


@pytest.mark.parametrize("size", [(2_500, 2_100), (2_100, 2_503), (7_000, 1_000), (2_011, 4_001)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "I;16"])
def test_a_large_picture_is_reduced_and_shows_the_same(size, mode):
    """Strip by strip there is no seam: a slope from left above to right below stays one."""
    across, down = np.meshgrid(np.linspace(0, 1, size[0]), np.linspace(0, 1, size[1]))
    grey = ((across + down) / 2 * 255).astype(np.uint8)
    deep = Image.fromarray(grey.astype(np.uint16) * 257)
    picture = deep if mode == "I;16" else Image.fromarray(grey).convert(mode)
    found = read_picture(saved(picture))
    factor = min(size) // 1_000
    assert found.size == tuple(-(-side // factor) for side in size)
    expected = Image.fromarray(grey).reduce(factor)
    assert np.abs(np.asarray(found, dtype=int)[..., 0] - np.asarray(expected, dtype=int)).max() <= 1


def test_a_large_phone_picture_is_turned_upright():
    lying = Image.fromarray(RED_ABOVE).resize((2_000, 2_400)).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        upright = read_picture(saved(lying, kind, exif=exif))
        assert upright.size == (1_000, 1_200)
        assert top(upright)[0] > 200
