import math

import numpy as np
import pytest

from resnet import catalog
from resnet.attributions.scores import (
    against_masks,
    energy_inside,
    interval,
    mask_auc,
    pointing,
    rank_correlation,
    student,
)
from resnet.ui.lab.scores import intervals

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
    assert high - low == pytest.approx(2 * 1.984 * np.nanstd(values, ddof=1) / 10, rel=1e-3)  # ± t σ/√n
    assert interval(values) == (mean, low, high)
    assert all(np.isnan(interval(np.array([np.nan]))))
    one, *ends = interval(np.array([0.3]))
    assert one == 0.3
    assert all(np.isnan(ends))


def test_the_interval_stays_within_what_the_mean_can_be():
    assert interval(np.array([0.0, 0.0, 0.0, 0.9]), least=0.0, most=1.0)[1] == 0.0
    assert interval(np.array([0.0, 0.0, 0.0, 0.9]))[1] < 0


def test_the_t_of_every_number_of_images_is_student_s():
    from scipy.stats import t

    assert [student(freedom) for freedom in range(1, 100)] == pytest.approx(t.ppf(0.975, range(1, 100)), rel=2e-3)


@pytest.mark.parametrize("share", [0.7, 0.9, 0.95])
def test_the_interval_of_a_share_of_twenty_images_holds_the_truth_in_95_of_100_cases(share):
    """A bootstrap of 19 hits among 20 covers the truth in 64 of 100: with 20 hits it has no width at all."""
    drawn = (np.random.default_rng(0).random((2000, 20)) < share).astype(float)
    ends = np.array([interval(one, yes_no=True) for one in drawn])
    assert 0.92 < ((ends[:, 1] <= share) & (share <= ends[:, 2])).mean() < 0.99


@pytest.mark.parametrize("score", [name for name, record in catalog.SCORES.items() if record.masks])
def test_a_share_of_images_has_the_interval_of_a_share_and_only_it_has(score):
    hits = {"map": {score: np.ones(20)}}
    _mean, low, high = intervals(hits, score)["map"]
    assert high == pytest.approx(1)
    assert (low < 0.9) == catalog.SCORES[score].yes_no


def test_the_interval_of_an_energy_of_twenty_images_holds_the_truth_in_95_of_100_cases():
    drawn = np.random.default_rng(0).beta(6, 4, (2000, 20))
    ends = np.array([interval(one, least=0, most=1) for one in drawn])
    assert 0.93 < ((ends[:, 1] <= 0.6) & (ends[:, 2] >= 0.6)).mean() < 0.97


def test_maps_are_scored_each_against_its_own_mask():
    maps = np.stack([np.where(MASK, 3.0, 1.0), np.where(~MASK, 3.0, 1.0), np.zeros((4, 4))])
    found = against_masks(maps, np.stack([MASK, ~MASK, MASK]))
    assert list(found) == ["energy", "pointing", "mask_auc"]
    np.testing.assert_array_equal(found["energy"], np.float32([0.75, 0.75, np.nan]))
    np.testing.assert_array_equal(found["pointing"], [1, 1, np.nan])
    np.testing.assert_array_equal(found["mask_auc"], [1, 1, np.nan])
