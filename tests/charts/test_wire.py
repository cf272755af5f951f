"""What arrives through cut shortcuts: the drawn product is λⁿ, and the slider moves a cursor."""

import numpy as np
import pytest

from resnet.charts.look import look
from resnet.charts.wire import DEEPEST, Arrived, arrived_figure
from resnet.specs import NetSpec

LOOK = look(NetSpec.parse("res-20"))
FOUND = {100: Arrived(1.0, 2.0), 50: Arrived(20.0, 1.0), 0: Arrived(400.0, 0.0)}


def test_the_product_is_drawn_down_to_the_end_of_the_axis():
    fig = arrived_figure(LOOK, FOUND, blocks=9, percent=50).figure()
    gradient, _signal, product = fig.data
    assert list(gradient.x) == [100, 50, 0]
    assert np.asarray(product.y) == pytest.approx((np.asarray(product.x) / 100) ** 9, rel=1e-4)
    low, high = fig.layout.yaxis.range
    assert np.log10(product.y[-1]) == pytest.approx(low, abs=1e-4)
    assert high > np.log10(400)
    assert fig.layout.xaxis.range[0] > fig.layout.xaxis.range[1]  # 1 on the left


def test_the_slider_moves_a_line():
    fig = arrived_figure(LOOK, FOUND, 9, percent=50).figure()
    (cursor,) = fig.layout.meta["cursor"]
    assert fig.layout.shapes[cursor].x0 == 50


@pytest.mark.parametrize("values", [(np.nan, np.inf), (0.0, 0.0), (1e-40, 1e40)])
def test_what_has_no_place_on_the_axis_does_not_stretch_it_without_end(values):
    low, high = arrived_figure(LOOK, {100: Arrived(*values)}, 600, 100).figure().layout.yaxis.range
    assert DEEPEST <= low < 0 < high
