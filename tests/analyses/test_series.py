"""Pairs of images, small pictures, and pairs that are counted together."""

import numpy as np
import pytest
import torch

from resnet.analyses.results import Shattered
from resnet.analyses.series import PAIRS, PLACES, POINTS, pairs, reduced, shares
from resnet.analyses.shattered import shattered
from resnet.nets.network import build_network
from resnet.specs import NetSpec


@pytest.mark.parametrize(("count", "expected"), [(500, PAIRS), (3, 6), (2, 2), (1, 0)])
def test_pairs_are_different_and_always_the_same(count, expected):
    found = pairs(count)
    assert len(set(found)) == len(found) == expected
    assert all(first != second and 0 <= min(first, second) <= max(first, second) < count for first, second in found)
    assert pairs(count) == found


def test_there_are_33_places_from_the_first_point_to_the_last():
    assert (len(PLACES), PLACES[0], PLACES[-1]) == (33, 0, POINTS - 1)
    assert set(np.diff(PLACES)) <= {7, 8}


def test_larger_images_are_averaged_over_squares():
    image = np.arange(16.0).reshape(4, 4)
    assert reduced(image, 2).tolist() == [[2.5, 4.5], [10.5, 12.5]]
    assert reduced(np.ones((5, 96, 96))).shape == (5, 32, 32)
    assert (reduced(image, 4) == image).all()


def test_shares_are_of_the_99th_percentile_and_odd_values_are_neutral():
    values = np.r_[np.full(197, 2.0), -1.0, 50.0, np.nan, np.inf]
    assert shares(values)[-5:].tolist() == [127, -64, 127, 0, 0]
    assert not shares(np.zeros(3)).any()


def test_the_pictures_are_the_gradients_at_their_places():
    net = build_network(NetSpec.parse("res-8-w4")).eval()
    start, end = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    found = shattered(net, start, end, 3, points=9, lags=2, places=[2, 6])
    own = []
    for share in (0.25, 0.75):
        image = (start * (1 - share) + end * share)[None].requires_grad_()
        own.append(torch.autograd.grad(net(image)[0, 3], image)[0][0].sum(0).numpy())
    full = np.percentile(np.abs(own), 99)
    assert found.pictures == pytest.approx(np.clip(np.array(own) / full * 127, -127, 127), abs=0.6)


def test_pairs_of_two_answers_are_counted_together():
    one, other = (
        Shattered(np.full(4, number), each.mean(0), each[:, 1], np.full(len(each), number / 10), each)
        for number, each in ((1.0, np.array([[1.0, 0.5]])), (2.0, np.array([[1.0, 0.2], [1.0, -0.1]])))
    )
    both = one + other
    assert both.correlation == pytest.approx([1.0, 0.2])
    assert both.neighbours.tolist() == [0.5, 0.2, -0.1]
    assert both.frozen.tolist() == [0.1, 0.2, 0.2]
    assert both.slope is one.slope
