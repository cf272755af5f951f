"""The film of curves that grow."""

import numpy as np

from resnet.charts.curves import Series
from resnet.charts.film import PICTURES, POINTS, film
from resnet.charts.look import looks
from resnet.runs.store import Curves
from resnet.specs.bench import Bench

STEPS = 400


def series() -> list[Series]:
    step = np.arange(STEPS + 1.0)
    tests = np.array([[0.0, STEPS], [2.3, 1.0], [0.1, 0.9]])
    curves = Curves(step, 2.3 - step / 400, step / 400, step, step, *tests)
    return [Series(look, curves) for look in looks(Bench())]


def test_every_picture_has_the_axes_of_the_last_one_and_what_was_known_by_its_step() -> None:
    pictures = list(film(series(), STEPS, 10, 300))
    assert [step for step, _chart in pictures] == list(range(5, STEPS + 1, STEPS // PICTURES))
    ranges = {(chart.layout.xaxis.range, chart.layout.yaxis.range) for _step, chart in pictures}
    assert len(ranges) == 1
    for step, chart in pictures[::10]:
        lines = [trace for trace in chart.data if trace.mode == "lines" and trace.name in Bench().names]
        assert len(lines) == 4
        for line in lines:
            assert line.x.tolist() == list(range(0, step + 1, STEPS // POINTS))
            expected = [np.mean(2.3 - np.arange(max(0, at - 19), at + 1) / 400) for at in line.x]
            np.testing.assert_allclose(line.y, expected, rtol=1e-6)
            assert any(f"{expected[-1]:.2f}" in note.text for note in chart.layout.annotations)
