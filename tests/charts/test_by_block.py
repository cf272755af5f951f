"""What is measured block by block."""

import numpy as np

from resnet.charts.by_block import by_block_figure
from resnet.specs import NetSpec


def test_a_curve_is_the_mean_of_its_seeds_at_the_middle_of_every_block() -> None:
    seeds = [np.array([2.0, 1.0, 0.5]), np.array([4.0, 1.0, 0.1])]
    nets = [
        (NetSpec.parse("res-8"), seeds),
        (NetSpec.parse("plain-56"), [np.full(27, 1.5)]),
        (NetSpec.parse("res-20"), []),
    ]
    fig = by_block_figure(nets, "change")
    residual, plain = fig.data
    np.testing.assert_allclose(residual.y, [3, 1, 0.3])
    np.testing.assert_allclose(residual.x, [1 / 6, 0.5, 5 / 6])
    assert len(plain.y) == 27
    assert (plain.line["dash"], residual.line["dash"]) == ("dash", "solid")
    assert len(fig.layout.annotations) == 2
    low, high = fig.layout.yaxis.range
    assert 10**low < 0.3 < 3 < 10**high


def test_without_any_values_it_is_an_empty_chart() -> None:
    assert not by_block_figure([(NetSpec.parse("res-8"), [])], "response").data
