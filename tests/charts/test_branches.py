"""Pictures of the terms of a block: channels in rows, on one scale, and ratios by block."""

import numpy as np
import pytest

from resnet.charts.branches import ratios_figure, terms_colours
from resnet.charts.look import look
from resnet.charts.pictures import NEGATIVE, NEUTRAL, POSITIVE
from resnet.specs import NetSpec


def test_channels_stand_in_rows_of_four_with_a_line_between() -> None:
    channels = np.zeros((1, 8, 2, 2), "f4")
    channels[0, 0], channels[0, 5] = 1, -1
    (colours,) = terms_colours(channels)
    assert colours.shape == (2 * 3 - 1, 4 * 3 - 1, 3)
    assert (colours[:2, :2] == POSITIVE).all()
    assert (colours[3:, 3:5] == NEGATIVE).all()
    assert (colours[2] == NEUTRAL).all()
    assert (colours[:, 2] == NEUTRAL).all()


def test_a_row_that_is_not_full_is_filled_with_zeros() -> None:
    (colours,) = terms_colours(np.ones((1, 6, 2, 2), "f4"))
    assert colours.shape == (5, 11, 3)
    assert (colours[3:, 6:] == NEUTRAL).all()


def test_all_terms_share_one_scale() -> None:
    small, large = terms_colours(np.stack([np.full((4, 2, 2), size, "f4") for size in (0.5, 1.0)]))
    assert (large[0, 0] == POSITIVE).all()
    assert small[0, 0].astype(float) == pytest.approx((POSITIVE + NEUTRAL) / 2, abs=1)


def test_ratios_are_drawn_by_block_with_a_line_at_the_one_that_is_looked_at() -> None:
    ratio = np.array([1.3, 0.4, 2.0])
    figure = ratios_figure([(look(NetSpec.parse("res-8")), ratio)], 3, 2, 240)
    assert list(figure.data[0].x) == [1, 2, 3]
    assert list(figure.data[0].y) == ratio.tolist()
    assert [shape.x0 for shape in figure.layout.shapes] == [0, 2]
    assert figure.layout.yaxis.range[1] > 2.0
