import pytest

from resnet.charts.look import look, looks, shade
from resnet.specs import NetSpec
from resnet.specs.bench import Bench

BACKGROUNDS = ("#ffffff", "#f6f8f9", "#12171c", "#171d23")  # of .streamlit/config.toml


def luminance(colour):
    """Relative luminance of #rrggbb, 0–1 (WCAG 2.1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("kind", ["plain", "res"])
@pytest.mark.parametrize("depth", [8, 14, 20, 32, 44, 56, 110, 1202])
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_every_shade_stands_out_from_light_and_dark_backgrounds(kind, depth, background):
    assert contrast(shade(NetSpec.parse(f"{kind}-{depth}")), background) >= 3


def test_plain_and_residual_differ_by_dash_and_marker_too():
    plain, residual = look(NetSpec.parse("plain-20")), look(NetSpec.parse("res-20"))
    assert (plain.dash, residual.dash) == ("dash", "solid")
    assert plain.open
    assert not residual.open


def test_a_net_looks_the_same_in_any_company():
    demo, alone = Bench(), Bench().remove(0).remove(0)
    assert [one.colour for one in looks(demo)[2:]] == [one.colour for one in looks(alone)]


def test_the_visitors_own_name_colour_and_line_win():
    own = look(NetSpec(), "mine", "#123456", "dot")
    assert (own.label, own.colour, own.dash) == ("mine", "#123456", "dot")
