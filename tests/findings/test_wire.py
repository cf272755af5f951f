"""What is said of cut shortcuts, for made-up numbers."""

import math

import numpy as np

from resnet.findings.shattered import Neighbours, pictures_sentence
from resnet.findings.wire import passed_sentence


def test_the_direct_part_and_what_was_measured():
    said = passed_sentence(50, 27, 27 * math.log10(0.5), 2_400.0, 1.2)
    assert said == (
        "λ = 0.5: the shortcuts of 27 blocks together pass λⁿ = 7.5·10⁻⁹; the branches do the rest. Measured, the "
        "gradient in front of the first block is 2,400 times that behind the last one, and the signal behind the last "
        "block 1.2 times that in front of the first."
    )


def test_the_ends_and_what_is_too_small_to_write():
    assert passed_sentence(100, 1, 0.0, 1.0, 1.0).startswith("λ = 1: the shortcut of 1 block passes all, λⁿ = 1.")
    assert passed_sentence(0, 9, -math.inf, 1.0, 1.0).startswith("λ = 0: no shortcut is left")
    assert "λⁿ = less than 10⁻³⁰⁰" in passed_sentence(5, 600, 600 * math.log10(0.05), 1.0, 1.0)
    assert passed_sentence(5, 9, -11.7, math.nan, 1.0).endswith("Gradient or signal have no finite size here.")


def test_pictures_flow_or_flicker_with_the_middle_half_of_the_pairs():
    empty = np.empty(0)
    one = Neighbours("a*b", empty, empty, np.array([0.5]))
    assert pictures_sentence([one], 8) == (
        r"From one picture to the next, 8 points on: a\*b **0.50**. Near 1 the picture flows, near 0 it flickers."
    )
    many = Neighbours("c", empty, empty, np.array([0.0, 0.1, 0.2, 0.3, 0.4]))
    assert "c **0.20** (0.10 to 0.30)" in pictures_sentence([many], 8)
    assert pictures_sentence([many], 8).endswith("In brackets: the middle half of the pairs.")
