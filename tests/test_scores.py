import math

import numpy as np
import pytest

from resnet.scores import energy_inside

MASK = np.zeros((4, 4), dtype=bool)
MASK[:2] = True


def test_energy_inside_a_flat_map_is_the_area_of_the_mask():
    assert energy_inside(np.ones((4, 4)), MASK) == 0.5


def test_negative_values_count_like_positive_ones():
    heatmap = np.where(MASK, -3.0, 1.0)
    assert energy_inside(heatmap, MASK) == pytest.approx(0.75)


def test_a_map_of_zeros_has_no_energy_to_speak_of():
    assert math.isnan(energy_inside(np.zeros((4, 4)), MASK))
