"""Likeness of maps while a net forgets."""

import numpy as np
import pytest

from resnet.ui.lab import sanity

ANSWER = {"parts": ["head", "stage1.block1", "stem"], "rank": np.array([[0.9, np.nan], [0.4, 0.6], [np.nan, np.nan]])}


def test_likeness_passes_over_images_without_a_value():
    assert sanity.mean_likeness(ANSWER, "rank") == pytest.approx([0.9, 0.5, np.nan], nan_ok=True)


def test_the_sentence_is_about_the_middle_of_the_check():
    assert "everything from the head to stage1.block1 random: Saliency **0.50**" in sanity.sentence(
        ["saliency"], [ANSWER], cascading=True
    )
