"""Sentences about data sets follow from their numbers."""

import pytest

from resnet.findings.data import FEW, counts_sentence, few_sentence, pixel_sentence
from resnet.findings.learning import wilson


@pytest.mark.parametrize("test", [3, 12, 60, FEW - 1])
def test_what_few_pictures_can_show_is_wilsons_interval(test):
    right = round(0.8 * test)
    low, high = wilson(right / test, test)
    assert f"{right} of {test} right is compatible with {100 * low:.0f}–{100 * high:.0f} %" in few_sentence(test)


def test_twelve_pictures_by_hand():
    # 10 of 12, z = 1.96: centre (0.8333 + 0.1601) / 1.3201, half sqrt(0.011574 + 0.006670) * 1.96 / 1.3201
    assert "10 of 12 right is compatible with 55–95 %" in few_sentence(12)


def test_of_enough_test_pictures_nothing_is_said():
    assert few_sentence(FEW) == ""


def test_counts_name_a_range_only_where_classes_differ():
    assert counts_sentence(48, 12, 3, 16, 16).endswith("in 3 classes; 16 of each to learn from.")
    assert counts_sentence(5_000, 1_000, 3, 900, 2_000).startswith("5,000 images to learn from and 1,000 to test on")
    assert counts_sentence(48, 12, 3, 10, 20).endswith("; 10 to 20 of each to learn from.")


def test_channels_are_named():
    assert "mean grey 0.500; standard deviation grey 0.100" in pixel_sentence([0.5], [0.1])
    assert "mean red 0.100, green 0.200 and blue 0.300" in pixel_sentence([0.1, 0.2, 0.3], [0.1] * 3)
