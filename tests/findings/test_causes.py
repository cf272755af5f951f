"""Why a signal does not arrive."""

import math

import numpy as np
import pytest

from resnet.findings.causes import cause

SOUND = np.ones(4)


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
        (SOUND, SOUND, math.log(10), "The loss is still that of guessing, ln 10."),
    ],
)
def test_the_cause_is_the_one_that_the_numbers_show(spread, gradient, loss, expected):
    assert cause(np.array(spread), np.zeros(7), gradient, loss, 10, stuck=True) == expected


def test_one_batch_at_chance_is_no_cause():
    assert cause(SOUND, np.zeros(7), SOUND, math.log(10), 10) == ""


def test_a_signal_is_dead_from_where_no_channel_tells_images_apart():
    dead = np.array([0, 1, 0.5, 1, 1])
    said = cause(SOUND, dead, SOUND, 2.3, 10)
    assert said.startswith(
        "The forward signal is dead: from activation 4 of 5 on, channels are the same for all images."
    )
