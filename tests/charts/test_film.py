"""The film of curves that grow and of profiles that change."""

import numpy as np

from resnet.charts.curves import Series
from resnet.charts.film import PICTURES, POINTS, Recorded, film, profile_film
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


def test_profiles_are_those_that_were_last_recorded_on_an_axis_that_stands_still() -> None:
    steps, values = np.array([0, 10, 400]), np.array([[100.0, 1.0], [10.0, 1.0], [0.1, 1.0]])
    nets = [Recorded(look, ("stem", "block"), steps, values) for look in looks(Bench())]
    pictures = dict(profile_film(nets, [5, 10, 15, 400], "output_gradient", 200))
    first = {step: chart.data[0].y.tolist() for step, chart in pictures.items()}
    assert first == {5: [100, 1], 10: [10, 1], 15: [10, 1], 400: [0.1, 1]}
    assert len({chart.layout.yaxis.range for chart in pictures.values()}) == 1
    assert all(len(chart.data) == 4 and not chart.layout.annotations for chart in pictures.values())
    assert all(trace.x.tolist() == [0, 1] for chart in pictures.values() for trace in chart.data)
