"""What is said beside maps is true in every mode."""

import numpy as np
import pytest

from resnet.ui.lab import attribution, doubt

ANSWER = {"parts": ["head", "stage1.block1", "stem"], "rank": np.array([[0.9, np.nan], [0.4, 0.6], [np.nan, np.nan]])}


def test_likeness_passes_over_images_without_a_value():
    assert doubt.mean_likeness(ANSWER, "rank") == pytest.approx([0.9, 0.5, np.nan], nan_ok=True)


def test_the_sanity_check_says_how_much_of_the_net_is_random():
    cascade = doubt.sanity_sentence(["saliency"], [ANSWER], cascading=True)
    single = doubt.sanity_sentence(["saliency"], [ANSWER], cascading=False)
    assert "everything from the head to stage1.block1 random: Saliency **0.50**" in cascade
    assert "with stage1.block1 alone random: Saliency **0.50**" in single


@pytest.mark.parametrize(
    ("sign", "scale", "words"),
    [
        ("signed", 0.5, "blue against it, white is zero; full colour at 0.5 on every map of this method"),
        ("absolute", None, "Red is strong, for or against the class, white is zero; each map has its own scale"),
        ("positive", 2.0, "Red speaks for the class, white does not; full colour at 2"),
    ],
)
def test_the_legend_names_the_colours_and_the_scale_that_are_drawn(sign, scale, words):
    assert words in attribution.legend("saliency", scale, sign, "mean")


def test_the_legend_names_a_baseline_only_where_the_method_has_one():
    assert "Baseline: Black." in attribution.legend("occlusion", 1.0, "signed", "black")
    assert "Baseline" not in attribution.legend("saliency", 1.0, "signed", "black")
