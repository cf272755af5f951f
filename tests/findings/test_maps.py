"""What is said beside maps is true in every mode."""

import math

import pytest

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
    assert words in maps.legend("saliency", scale, sign, "mean")


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
