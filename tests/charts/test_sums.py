"""The parts of a gradient in one chart."""

import numpy as np

from resnet.analyses.results import Equations
from resnet.charts.look import look
from resnet.charts.sums import sums_figure
from resnet.specs import NetSpec


def test_the_direct_term_is_the_same_at_every_block_and_a_zero_leaves_a_gap() -> None:
    total, branch, ones = np.array([0.4, 0.2]), np.array([0.3, 0.0]), np.ones(2)
    found = Equations(("stage3.block2", "stage3.block3"), 0.0, 0.0, 0.1, total, branch, ones, ones, ones)
    figure = sums_figure(look(NetSpec.parse("res-20-preact")), found, 250)
    drawn = {trace.name: np.array(trace.y) for trace in figure.data}
    assert np.allclose(drawn["direct term"], [0.1, 0.1])
    assert np.allclose(drawn["whole"], total)
    assert np.allclose(drawn["branches' part"], [0.3, np.nan], equal_nan=True)
    assert {trace.line.dash for trace in figure.data} == {"solid", "dash", "dot"}
