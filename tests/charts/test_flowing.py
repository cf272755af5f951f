"""Pictures of gradients on the way between two images: true colours, few bytes."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from resnet.charts.flowing import blended, signed_uri, strip
from resnet.charts.ink import ink
from resnet.charts.pictures import NEGATIVE, NEUTRAL, POSITIVE


def pixels_of(uri):
    picture = Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1])), formats=["PNG"])
    return np.asarray(picture.convert("RGB")).astype(int)


def test_red_raises_the_logit_blue_lowers_it_and_zero_is_neutral():
    pixels = pixels_of(signed_uri(np.array([[127, 0, -127]], np.int8)))
    assert pixels[0] == pytest.approx(np.array([POSITIVE, NEUTRAL, NEGATIVE]), abs=1)


def test_the_pictures_of_a_shattered_net_take_less_than_100_kb():
    noise = np.random.default_rng(0).integers(-127, 128, (33, 32, 32)).astype(np.int8)
    assert sum(len(signed_uri(picture)) for picture in noise) < 100_000


def test_the_strip_names_the_image_and_every_net_and_escapes_what_visitors_wrote():
    html = strip(np.zeros((2, 2, 3), np.uint8), "0 → 1", [("<b>mine", "#2d84d8", np.ones((2, 2), np.int8))])
    assert re.findall(r"<figcaption[^>]*>([^<]*)<", html) == ["0 → 1", "&lt;b&gt;mine"]
    assert html.count("<img") == 2
    assert f"color:{ink('#2d84d8')}" in html


def test_images_are_blended_evenly():
    start, end = np.zeros((3, 2, 2)), np.full((3, 2, 2), 200.0)
    assert (blended(start, end, 0.25) == 50).all()
    assert (blended(start, end, 1.0) == 200).all()
