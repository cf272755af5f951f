import math

import numpy as np
import pytest
import torch

from resnet.findings.causes import cause
from resnet.findings.comparison import depth_sentence
from resnet.findings.profiles import kind, profile_sentence
from resnet.findings.text import number
from resnet.findings.training import loss_floor, run_sentence

STEPS = np.arange(100)
NAMES = ("stem", "stage1.block1", "stage2.block1", "stage3.block1")


def test_a_run_at_ln_classes_is_called_chance():
    sentence = run_sentence(STEPS, np.full(100, 2.30), 0.11, 10)
    assert sentence == "at chance: loss 2.30 after 99 steps, ln 10 = 2.30; test accuracy 11 %"


def test_a_run_that_learns_names_first_last_and_lowest():
    loss = np.linspace(2.4, 0.42, 100)
    expected = f"learns: loss 2.40 to {loss[-20:].mean():.2f}, lowest {loss[-20:].mean():.2f} at step 99"
    assert run_sentence(STEPS, loss, None, 10) == expected


def test_the_lowest_point_is_where_it_was_not_at_the_end():
    loss = np.concatenate([np.full(20, 2.0), np.full(40, 0.5), np.full(40, 1.0)])
    assert "lowest 0.50 at step 39" in run_sentence(STEPS, loss, None, 10)


def test_a_run_above_chance_is_not_said_to_learn():
    assert run_sentence(STEPS, np.full(100, 3.0), None, 10).startswith("worse than chance: loss 3.00")


def test_a_run_without_a_finite_loss_says_so():
    assert run_sentence(STEPS, np.full(100, np.nan), None, 10) == "no finite loss was measured"


@pytest.mark.parametrize(
    ("deep", "start"), [(2.30, "Deeper is worse: d ends 1.60"), (0.75, "Depth does no harm"), (0.3, "Deeper is better")]
)
def test_depth_is_judged_by_the_gap(deep, start):
    assert depth_sentence("s", "d", 0.70, deep, 10).startswith(start)


def test_two_nets_at_chance_are_not_said_to_do_well():
    assert depth_sentence("s", "d", 2.31, 2.29, 10) == "Neither learns: s and d both end at chance."


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
    ("value", "text"), [(1.234, "1.2"), (14.4, "14"), (2841, "2,800"), (19_000_000, "1.9·10⁷"), (99.7, "100")]
)
def test_numbers_have_two_digits(value, text):
    assert number(value) == text


def test_softmax_inside_the_net_sets_the_floor_of_the_notes():
    # FACTS: 4.307 for 200 classes; the loss of a net that is certain and right
    assert loss_floor(200) == pytest.approx(4.307, abs=5e-4)
    certain = torch.nn.functional.one_hot(torch.tensor([3]), 10).float()
    assert loss_floor(10) == pytest.approx(torch.nn.functional.cross_entropy(certain, torch.tensor([3])).item())
    steps, loss = np.arange(400), np.full(400, 1.6)
    assert "keeps the loss above 1.46" in run_sentence(steps, loss, None, 10, softmax=True)
    assert "softmax" not in run_sentence(steps, loss, None, 10)


SOUND = np.ones(4)


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
    ("spread", "gradient", "loss", "expected"),
    [
        ([1, math.inf, math.nan, math.nan], SOUND, math.nan, "The forward signal overflows at block 1."),
        (SOUND, SOUND, math.inf, "The loss itself overflows, though the blocks' outputs are finite."),
        (
            SOUND,
            np.array([math.inf, 1, 1, 1]),
            2.0,
            "The forward signal and the loss are finite: the gradient overflows on its way back.",
        ),
        (
            [1, 0.1, 1e-5, 0],
            SOUND,
            2.3,
            "The forward signal dies: its spread is 1.0·10⁻⁵ at block 2 and was 1 behind the stem.",
        ),
        (SOUND, SOUND, math.log(10), "The loss is still at chance, ln 10."),
        (SOUND, SOUND, 1.2, ""),
    ],
)
def test_the_cause_is_the_one_that_the_numbers_show(spread, gradient, loss, expected):
    assert cause(np.array(spread), np.zeros(7), gradient, loss, 10, step=200) == expected


def test_an_untrained_net_is_not_blamed_for_being_at_chance():
    assert cause(SOUND, np.zeros(7), SOUND, math.log(10), 10, step=0) == ""


def test_a_signal_is_dead_from_where_no_channel_tells_images_apart():
    dead = np.array([0, 1, 0.5, 1, 1])
    said = cause(SOUND, dead, SOUND, 2.3, 10)
    assert said.startswith(
        "The forward signal is dead: from activation 4 of 5 on, channels are the same for all images."
    )
