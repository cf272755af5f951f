"""The chart of added blocks: what lies above the axis is marked at its edge."""

import numpy as np

from resnet.analyses.additions import COUNTS, Copied
from resnet.charts.additions import TOP, additions_figure
from resnet.charts.look import look
from resnet.specs import NetSpec


def test_a_loss_above_the_axis_or_not_finite_is_a_mark_at_the_edge_and_told_as_it_is() -> None:
    loss = np.array([0.5, 7.0, np.nan, 2.3, 2.3, 2.3, 2.3, 2.3, 2.3])
    own = look(NetSpec.parse("plain-20"))
    trace = additions_figure([(own, Copied(loss, np.zeros(len(COUNTS))))], 10, 18, 290).data[0]
    edge = TOP * np.log(10)
    assert np.allclose(trace.y, [0.5, edge, edge, *[2.3] * 6])
    assert list(trace.marker.symbol) == [own.symbol, "triangle-up", "triangle-up", *[own.symbol] * 6]
    assert np.array_equal(trace.customdata, loss, equal_nan=True)
    assert list(trace.x) == list(COUNTS)
