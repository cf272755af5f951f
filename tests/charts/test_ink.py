"""What is written can be read in both themes: the contrast of every colour of words, computed."""

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

from resnet.charts.axes import GREY
from resnet.charts.ink import DARK, LIGHT, contrast, ink, readable
from resnet.charts.look import RAMPS, SHADES, shade
from resnet.specs import NetSpec

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"]
CSS = (ROOT / "assets/ui/accessible.css").read_text("utf-8")
ENOUGH = 4.5  # WCAG 2.1, 1.4.3, for words of usual size
DEPTHS = [*range(SHADES[0], SHADES[1] + 1, 2), 1202]
DOUBLES = range(max(map(len, RAMPS.values())))


def grounds(scheme):
    """What words stand on in a theme: page and side bar, and the widgets on both."""
    parts = (THEME[scheme], THEME[scheme]["sidebar"])
    return [part[name] for part in parts for name in ("backgroundColor", "secondaryBackgroundColor")]


def pairs():
    """The colours in ``light-dark(...)`` of the style for all pages."""
    return re.findall(r"light-dark\((#\w{6}), (#\w{6})\)", CSS)


def test_contrast_has_the_known_values():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # WCAG's own example of just not enough


def test_every_net_is_named_in_a_colour_that_can_be_read_in_both_themes():
    nets = [NetSpec.parse(f"{kind}-{depth}") for kind, depth in product(("plain", "res"), DEPTHS)]
    colours = {shade(net, double) for net, double in product(nets, DOUBLES)} | {GREY}
    for colour in colours:
        light, dark = ink(colour).removeprefix("light-dark(").removesuffix(")").split(", ")
        assert min(contrast(light, one) for one in (LIGHT, THEME["light"]["backgroundColor"])) >= ENOUGH
        assert min(contrast(dark, one) for one in (DARK, THEME["dark"]["backgroundColor"])) >= ENOUGH


@pytest.mark.parametrize("own", ["#000000", "#ffffff", "#ffff00", "#00ff00", "#0000ff", "#ff0000", "#7f7f7f"])
@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_a_colour_of_the_visitors_own_can_be_read_and_stays_where_it_can_be(own, ground):
    assert contrast(readable(own, ground), ground) >= ENOUGH
    if contrast(own, ground) >= ENOUGH:
        assert readable(own, ground) == own


def test_words_without_a_colour_of_their_own_keep_that_of_the_page():
    assert ink("inherit") == "inherit"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_of_the_theme_can_be_read(scheme):
    own = THEME[scheme]
    assert min(contrast(own["textColor"], ground) for ground in grounds(scheme)) >= ENOUGH
    for colour, place in product((own["primaryColor"], own["linkColor"]), (own, own["sidebar"])):
        assert contrast(colour, place["backgroundColor"]) >= ENOUGH


@pytest.mark.parametrize(("scheme", "place"), [("light", 0), ("dark", 1)])
def test_the_words_that_the_style_colours_can_be_read(scheme, place):
    faint, on_accent, *rings = (pair[place] for pair in pairs())
    assert min(contrast(faint, ground) for ground in grounds(scheme)) >= ENOUGH
    assert contrast(on_accent, THEME[scheme]["primaryColor"]) >= ENOUGH
    assert min(contrast(ring, ground) for ring, ground in product(rings, grounds(scheme))) >= 3  # of WCAG 1.4.11


def test_the_grounds_that_inks_are_made_for_are_those_of_the_theme():
    assert (THEME["light"]["sidebar"]["backgroundColor"], THEME["dark"]["sidebar"]["backgroundColor"]) == (LIGHT, DARK)
