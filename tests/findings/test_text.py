"""How numbers and names are written."""

import math

import pytest

from resnet.findings.text import duration, listed, nats, number, percent, plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.234, "1.2"),
        (14.4, "14"),
        (2841, "2,800"),
        (19_000_000, "1.9·10⁷"),
        (99.7, "100"),
        (99_999, "1.0·10⁵"),
        (9_999, "1.0·10⁴"),
    ],
)
def test_numbers_have_two_digits(value, text):
    assert number(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (0.5, "0.5"), (1.04e-5, "1.0·10⁻⁵"), (9.99e-5, "1.0·10⁻⁴")])
def test_small_numbers_are_powers_of_ten(value, text):
    assert number(value) == text


@pytest.mark.parametrize(("loss", "text"), [(2.3026, "2.30"), (88810890.0, "8.9·10⁷"), (-3.0, "-3.00")])
def test_a_loss_has_two_decimals_until_it_has_left_all_bounds(loss, text):
    assert nats(loss) == text


@pytest.mark.parametrize(("names", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_names_are_listed_as_people_do(names, text):
    assert listed(names) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (9.4, "9 s"), (62, "60 s"), (180, "3 min"), (7_000, "2 h")]
)
def test_a_length_of_time_is_rounded_as_people_do(seconds, text):
    assert duration(seconds) == text


def test_nothing_has_no_share():
    assert percent(0.456) == "46 %"
    assert percent(math.nan) == "no energy at all"


def test_what_a_visitor_wrote_has_no_meaning_in_markdown():
    assert plain("[a](http://b) $x$ **c**") == r"\[a\]\(http\:\/\/b\) \$x\$ \*\*c\*\*"
    assert plain("Größe 3,5 “a”") == "Größe 3,5 “a”"
