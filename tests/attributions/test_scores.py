import math

import numpy as np
import pytest

from resnet.attributions.scores import (
    against_masks,
    energy_inside,
    interval,
    mask_auc,
    pointing,
    rank_correlation,
)

MASK = np.zeros((4, 4), dtype=bool)
MASK[:2] = True


def test_energy_inside_a_flat_map_is_the_area_of_the_mask():
    assert energy_inside(np.ones((4, 4)), MASK) == 0.5


def test_negative_values_count_like_positive_ones():
    heatmap = np.where(MASK, -3.0, 1.0)
    assert energy_inside(heatmap, MASK) == pytest.approx(0.75)


def test_a_map_of_zeros_has_no_energy_to_speak_of():
    assert math.isnan(energy_inside(np.zeros((4, 4)), MASK))


CORNER = np.zeros((4, 4), dtype=bool)
CORNER[:2, :2] = True


def test_the_pointing_game_asks_where_the_highest_value_is():
    heatmap = np.zeros((4, 4))
    heatmap[3, 3], heatmap[0, 1] = -9, 1
    assert pointing(heatmap, CORNER) == 1
    heatmap[2, 2] = 2
    assert pointing(heatmap, CORNER) == 0
    assert np.isnan(pointing(-np.abs(heatmap), CORNER))


def test_the_mask_auc_is_one_for_the_mask_itself_one_half_for_an_even_map_and_counts_ties_half():
    assert mask_auc(CORNER.astype(float), CORNER) == 1
    assert mask_auc(-CORNER.astype(float), CORNER) == 1  # the size counts, not the sign
    assert mask_auc(1.0 - CORNER, CORNER) == 0
    assert mask_auc(np.ones((4, 4)), CORNER) == 0.5
    half = np.zeros((4, 4))
    half[0, :2] = 1  # two of four inside are above the twelve outside, two are level with them
    assert mask_auc(half, CORNER) == pytest.approx(0.75)
    assert np.isnan(mask_auc(np.zeros((4, 4)), CORNER))


def test_the_mask_auc_equals_that_of_scikit_learn():
    from sklearn.metrics import roc_auc_score

    values = np.random.default_rng(0).integers(-3, 4, (4, 4)).astype(float)
    assert mask_auc(values, CORNER) == pytest.approx(roc_auc_score(CORNER.ravel(), np.abs(values).ravel()))


def test_rank_correlation_sees_order_only():
    values = np.random.default_rng(0).normal(size=(5, 5))
    assert rank_correlation(values, np.exp(values)) == pytest.approx(1)
    assert rank_correlation(values, -values) == pytest.approx(-1)
    assert np.isnan(rank_correlation(values, np.zeros((5, 5))))


def test_the_interval_holds_the_mean_is_repeatable_and_passes_over_nan():
    values = np.append(np.random.default_rng(1).normal(3, 1, 100), np.nan)
    mean, low, high = interval(values)
    assert mean == pytest.approx(np.nanmean(values))
    assert low < mean < high
    assert high - low == pytest.approx(2 * 1.96 * np.nanstd(values) / 10, rel=0.2)  # ± 1.96 σ/√n
    assert interval(values) == (mean, low, high)
    assert all(np.isnan(interval(np.array([np.nan]))))


def test_maps_are_scored_each_against_its_own_mask():
    maps = np.stack([np.where(MASK, 3.0, 1.0), np.where(~MASK, 3.0, 1.0), np.zeros((4, 4))])
    found = against_masks(maps, np.stack([MASK, ~MASK, MASK]))
    assert list(found) == ["energy", "pointing", "mask_auc"]
    np.testing.assert_array_equal(found["energy"], np.float32([0.75, 0.75, np.nan]))
    np.testing.assert_array_equal(found["pointing"], [1, 1, np.nan])
    np.testing.assert_array_equal(found["mask_auc"], [1, 1, np.nan])
