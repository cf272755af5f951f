import base64
import io

import numpy as np
from PIL import Image

from resnet.charts.pictures import NEUTRAL, common_scale, data_uri, image_colours, outline, signed_colours


def test_zero_is_neutral_positive_red_negative_blue():
    colours = signed_colours(np.array([[0.0, 1.0, -1.0]]), 1.0)
    assert (colours[0, 0] == NEUTRAL).all()
    assert colours[0, 1, 0] > colours[0, 1, 2]
    assert colours[0, 2, 2] > colours[0, 2, 0]


def test_a_map_of_zeros_or_nan_is_neutral_without_a_division():
    assert (signed_colours(np.zeros((2, 2)), 0.0) == NEUTRAL).all()
    assert (signed_colours(np.full((2, 2), np.nan), 1.0) == NEUTRAL).all()


def test_the_common_scale_is_the_largest_and_ignores_one_wild_pixel():
    quiet, loud = np.full((32, 32), 0.5), np.full((32, 32), -2.0)
    loud[0, 0] = 1000
    assert common_scale([quiet, loud]) == 2.0
    assert common_scale([np.zeros((4, 4))]) == 0.0


def test_the_outline_of_one_pixel_is_its_four_edges():
    mask = np.zeros((3, 3), dtype=bool)
    mask[1, 2] = True
    assert sorted(outline(mask)[1:].split("M")) == ["2 1h1", "2 1v1", "2 2h1", "3 1v1"]


def test_a_picture_keeps_its_pixels_top_left_is_top_left():
    image = np.zeros((3, 2, 2), dtype=np.uint8)
    image[0, 0, 1] = 255
    png = base64.b64decode(data_uri(image_colours(image)).split(",")[1])
    assert Image.open(io.BytesIO(png)).convert("RGB").getpixel((1, 0)) == (255, 0, 0)
    assert image_colours(np.zeros((1, 4, 4), dtype=np.uint8)).shape == (4, 4, 3)
