"""What sets nets apart in charts, for every eye: computed, not looked at."""

from itertools import combinations

import numpy as np
import pytest

from resnet.charts.look import RAMPS, SYMBOLS, look, looks, shade
from resnet.specs import NetSpec
from resnet.specs.bench import Bench

BACKGROUNDS = ("#ffffff", "#f6f8f9", "#12171c", "#171d23")  # of .streamlit/config.toml
BENCHES = [
    "plain-20,plain-32,plain-56,res-20,res-32,res-56",
    "plain-8,plain-14,plain-20,plain-32,plain-56,plain-110",
    "res-8,res-14,res-20,res-32,res-56,res-110",
    "res-20,res-20-preact,res-20-nobn,res-20-w4,res-20-optc,res-20-w32",
    "plain-20,plain-20-nobn,plain-20-w4,plain-20-w32,res-20,res-20-nobn",
    "plain-110,plain-218,plain-434,res-110,res-218,res-434",
]
# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])  # D65


def linear(colour):
    """Linear RGB, 0–1, of #rrggbb."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    """Relative luminance of #rrggbb, 0–1 (WCAG 2.1)."""
    return float(np.array([0.2126, 0.7152, 0.0722]) @ linear(colour))


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    """CIELAB of linear RGB."""
    share = TO_XYZ @ rgb / WHITE
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(a, b, eye):
    """Of two colours in CIELAB, as one kind of eye sees them; 2.3 is just noticed side by side."""
    seen = [lab(np.clip(EYES[eye] @ linear(colour), 0, 1)) for colour in (a, b)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def test_the_measure_of_colours_gives_the_known_values_of_white_and_red():
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.1)
    assert lab(linear("#ff0000")) == pytest.approx([53.2, 80.1, 67.2], abs=0.3)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("kind", ["plain", "res"])
@pytest.mark.parametrize("depth", [8, 14, 20, 26, 32, 44, 56, 80, 110, 1202])
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_every_shade_stands_out_from_light_and_dark_backgrounds(kind, depth, background):
    net = NetSpec.parse(f"{kind}-{depth}")
    assert min(contrast(shade(net, double), background) for double in range(len(RAMPS[net.block]))) >= 3


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("kind", ["plain", "res"])
def test_the_usual_depths_of_one_kind_differ_in_colour_for_every_eye(kind, eye):
    colours = [shade(NetSpec.parse(f"{kind}-{depth}")) for depth in (20, 32, 56)]
    assert min(distance(a, b, eye) for a, b in combinations(colours, 2)) >= 6


@pytest.mark.parametrize("nets", BENCHES)
def test_six_nets_differ_by_line_and_symbol_for_every_eye_and_in_grey(nets):
    drawn = looks(Bench.from_query({"nets": nets}))
    assert len({(one.dash, one.symbol) for one in drawn}) == len(drawn)
    assert len({one.glyph for one in drawn}) == len(drawn)


@pytest.mark.parametrize("eye", [eye for eye in EYES if eye != "tritanopia"])
@pytest.mark.parametrize("depth", [8, 14, 20, 32, 56, 110])
def test_twins_differ_in_colour_too(depth, eye):
    plain, residual = (shade(NetSpec.parse(f"{kind}-{depth}")) for kind in ("plain", "res"))
    assert distance(plain, residual, eye) >= 20


def test_plain_and_residual_differ_by_dash_and_marker_too():
    plain, residual = look(NetSpec.parse("plain-20")), look(NetSpec.parse("res-20"))
    assert (plain.dash, residual.dash) == ("dash", "solid")
    assert plain.open
    assert not residual.open
    assert (plain.glyph, residual.glyph) == ("○", "●")


def test_a_net_looks_the_same_in_any_company():
    demo, alone = Bench(), Bench().remove(0).remove(0)
    assert [one.colour for one in looks(demo)[2:]] == [one.colour for one in looks(alone)]


def test_no_net_has_the_marks_of_zero_or_infinity():
    assert not {"triangle-up", "triangle-down", "x-thin"} & set(SYMBOLS)


def test_the_visitors_own_name_colour_and_line_win():
    own = look(NetSpec(), "mine", "#123456", "dot")
    assert (own.label, own.colour, own.dash) == ("mine", "#123456", "dot")
