"""What is said of per-layer profiles."""

import math

import numpy as np
import pytest

from resnet.findings.profiles import gains_sentence, kind, probe_sentence, profile_sentence, ratio

NAMES = ("stem", "stage1.block1", "stage2.block1", "stage3.block1")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([8e3, 400, 20, 1], "explodes towards the input: ×8,000 in all, ×20.00 per layer, from stage3.block1 to stem"),
        (
            [1e-6, 1e-4, 1e-2, 1],
            "vanishes towards the input: ÷1.0·10⁶ in all, ÷100.00 per layer, from stage3.block1 to stem",
        ),
        ([8, 4, 2, 1], "grows towards the input: ×8 in all, ×2.00 per layer, from stage3.block1 to stem"),
        ([0.125, 0.25, 0.5, 1], "shrinks towards the input: ÷8 in all, ÷2.00 per layer, from stage3.block1 to stem"),
        ([1.1, 1, 1, 1], "stays level: first and last layer differ by a factor of 1.1, from stage3.block1 to stem"),
        ([0, 0, 1e-30, 1], "exactly 0 in 2 of 4 layers, from stage1.block1 on towards the input"),
        ([math.inf, math.nan, 5, 1], "not finite in 2 of 4 layers, from stage1.block1 on towards the input"),
        ([math.nan] * 4, "not finite in 4 of 4 layers, from stage3.block1 on towards the input"),
    ],
)
def test_the_sentence_is_right_for_exploding_vanishing_dead_and_healthy_gradients(values, expected):
    assert profile_sentence(np.array(values, dtype="f4"), NAMES) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            [1, 1e-2, 1e-4, 1e-6],
            "vanishes towards the output: ÷1.0·10⁶ in all, ÷100.00 per layer, from stem to stage3.block1",
        ),
        ([1, 0.5, 0, 0], "exactly 0 in 2 of 4 layers, from stage2.block1 on towards the output"),
    ],
)
def test_an_activation_is_read_from_the_input_to_the_output(values, expected):
    assert profile_sentence(np.array(values, dtype="f4"), NAMES, backward=False) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([8e3, 400, 20, 1], "explode"),
        ([99, 4, 2, 1], "healthy"),
        ([0.011, 1, 1, 1], "healthy"),
        ([1e-6, 1e-4, 1e-2, 1], "vanish"),
        ([0, 0, 1e-3, 1], "vanish"),
        ([0, 0, 0, 0], "vanish"),
        ([math.inf, 5, 2, 1], "explode"),
        ([math.nan] * 4, "explode"),
    ],
)
def test_a_gradient_vanishes_explodes_or_is_healthy(values, expected):
    assert kind(np.array(values)) == expected


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([31.0, 1], "×31"),
        ([1, 4.3], "÷4.3"),
        ([0, 1], "exactly 0"),
        ([np.nan, 1], "not finite"),
        ([np.inf, 1], "not finite"),
        ([1.0, 3e9], "÷3.0·10⁹"),
    ],
)
def test_the_ratio_is_written_as_people_read_it(values, text):
    assert ratio(np.array(values)) == text


def test_gains_multiply():
    assert gains_sentence(np.array([2.0, 2.0, 2.0])) == "×2.00 per block in the mean, ×8 over 3 blocks"
    assert gains_sentence(np.array([2.0, 0.0, math.inf])).startswith("no gain in 2 of 3 blocks")


def test_the_head_is_no_convolution_and_left_out_of_the_weights():
    said = probe_sentence(np.array([1.0, 1.0, 1.0, 1e6]), NAMES, "gradient_norm")
    assert said == "stays level: first and last layer differ by a factor of 1, from stage2.block1 to stem"


def test_a_share_is_told_by_its_range():
    assert probe_sentence(np.array([0.0, 0.5, 0.25, 0.25]), NAMES, "dead_units") == "from 0 to 0.5, mean 0.25"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # the dip is in the middle, both ends are equal: neither level nor healthy
        (
            [1, 1e-3, 1e-6, 1],
            "ends as it began: first and last layer differ by a factor of 1, from stage3.block1 to stem; "
            "on its way it dips to ÷1.0·10⁶ at stage2.block1",
        ),
        (
            [14, 0.05, 0.5, 1],
            "grows towards the input: ×14 in all, ×2.41 per layer, from stage3.block1 to stem; "
            "on its way it dips to ÷20 at stage1.block1",
        ),
        (
            [1, 50, 1, 2],
            "ends as it began: first and last layer differ by a factor of 2, from stage3.block1 to stem; "
            "on its way it rises to ×25 at stage1.block1",
        ),
    ],
)
def test_a_profile_that_leaves_the_range_of_its_ends_says_where(values, expected):
    assert profile_sentence(np.array(values, dtype="f4"), NAMES) == expected


@pytest.mark.parametrize(
    ("values", "expected"), [([1, 1e-3, 1e-6, 1], "vanish"), ([1, 1e4, 1], "explode"), ([1, 0, 1], "vanish")]
)
def test_a_gradient_that_only_returns_is_not_healthy(values, expected):
    assert kind(np.array(values, dtype="f4")) == expected
