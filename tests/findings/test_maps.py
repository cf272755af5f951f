"""What is said beside maps is true in every mode."""

import math

import pytest

from resnet import catalog
from resnet.findings import maps


@pytest.mark.parametrize(
    ("sign", "scale", "words"),
    [
        ("signed", 0.5, "blue against it, white is zero; full colour at 0.5 on every map of this method"),
        ("absolute", None, "Red is strong, for or against the class, white is zero; each map has its own scale"),
        ("positive", 2.0, "Red speaks for the class, white does not; full colour at 2"),
    ],
)
def test_the_legend_names_the_colours_and_the_scale_that_are_drawn(sign, scale, words):
    assert words in maps.legend("occlusion", scale, sign, "mean")


@pytest.mark.parametrize("sign", ["signed", "absolute", "positive"])
@pytest.mark.parametrize("method", list(catalog.METHODS))
def test_only_the_share_of_a_score_speaks_for_or_against_the_class(method, sign):
    """A gradient's sign says which way the pixel would have to change; guided backprop's is neither."""
    said = maps.legend(method, 1.0, sign, "mean").split(";")[0]
    speaks = "speaks for the class" in said or "for or against the class" in said.replace("not for", "")
    assert speaks == (catalog.METHODS[method].values == "share")
    if not catalog.METHODS[method].signed:
        assert "blue" not in said


@pytest.mark.parametrize(
    ("method", "values"),
    [("saliency", "gradient"), ("smooth_grad", "gradient"), ("guided_backprop", "signal"), ("deep_lift", "share")],
)
def test_the_catalog_says_what_the_number_of_a_pixel_means(method, values):
    assert catalog.METHODS[method].values == values


def test_the_legend_of_a_method_that_draws_says_how_far_it_repeats_itself():
    assert "agree to r = 0.50 to 0.92 only" in maps.legend("kernel_shap", 1.0, "signed", "mean")
    assert "random" not in maps.legend("occlusion", 1.0, "signed", "mean")


def test_a_map_that_does_not_add_up_says_so_where_the_method_promises_it():
    told = maps.caption(("ring", 0.1), True, None, 0.5, empty=False, sums=(120.4, -0.23))
    assert told[-1] == "adds up to 120, not −0.23"
    assert len(maps.caption(("ring", 0.1), True, None, 0.5, empty=False, sums=(1.05, 1.0))) == 2
    assert len(maps.caption(("ring", 0.1), True, None, 0.5, empty=False)) == 2


def test_a_map_beyond_the_full_colour_says_how_far():
    assert maps.above(12.3, 1.0) == "reaches 12 × the scale"
    assert maps.above(2.9, 1.0) == maps.above(5.0, 0.0) == ""


def test_the_legend_names_a_baseline_only_where_the_method_has_one():
    assert "Baseline: Black." in maps.legend("occlusion", 1.0, "signed", "black")
    assert "Baseline" not in maps.legend("saliency", 1.0, "signed", "black")


def test_the_energy_of_every_net_stands_against_an_even_map_s():
    said = maps.energy_sentence([("res*", 0.5), ("control", math.nan)], 0.21)
    assert said == r"**Energy inside the object** (an even map: 21 %): res\* 50 %, control no energy at all."


def test_a_net_whose_maps_hide_the_others_is_named():
    assert maps.faint_sentence([("a", 1.0), ("b", 9.9)]) == ""
    assert "The maps of b are far stronger" in maps.faint_sentence([("a", 1.0), ("b", 10.1)])


def test_a_caption_says_what_is_seen_what_is_explained_and_how_the_map_is():
    assert maps.caption(("ring", 0.9), True, None, 0.3, empty=False) == ("ring 90 %", "30 % inside")
    assert maps.caption(("ring", 0.6), False, ("star", 0.1), 0.3, empty=True) == (
        "ring 60 % (wrong)",
        "star: 10 %",
        "this map is zero everywhere",
    )
    assert maps.caption(("ring", 0.9), True, None, None, empty=False) == ("ring 90 %",)


def test_a_method_that_says_nothing_about_a_net_is_refused_and_named_in_the_menu():
    assert maps.refusal("guided_backprop", ["tanh"]).startswith("not drawn")
    assert maps.refusal("guided_backprop", ["relu"]) == ""
    assert maps.method_label("guided_backprop", ["res-8-tanh"]) == "Guided backprop (needs ReLU: not res-8-tanh)"


def test_a_missing_rule_names_the_nets_and_their_parts():
    said = maps.rules_sentence("deep_lift", [("a", ["GELU"]), ("b", [])])
    assert said == "DeepLift has no rule for parts of a (GELU): these maps do not add up to the score."
    assert maps.rules_sentence("deep_lift", [("b", [])]) == ""
