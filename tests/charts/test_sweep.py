"""Loss and error against depth: points, bars over seeds, ghosts of runs at work, and what a paper printed."""

import math

import numpy as np
import pytest

from resnet.catalog.published import CIFAR_2015
from resnet.charts.axes import GREY
from resnet.charts.look import look
from resnet.charts.sweep import Point, published_figure, sweep_figure
from resnet.specs import NetSpec


def point(name: str, *values: float, going: tuple[float, ...] = (), progress: str = "") -> Point:
    return Point(NetSpec.parse(name), values, going, progress)


def traces(*points: Point, quantity: str = "loss"):  # type: ignore[no-untyped-def]
    return {trace.name: trace for trace in sweep_figure(points, quantity, 10).data}


def test_a_point_is_the_mean_of_its_seeds_with_a_bar_from_the_lowest_to_the_highest() -> None:
    found = traces(point("plain-20", 0.5, 0.9, 0.7), point("plain-56", 2.3, 2.3, 2.3))["plain"]
    np.testing.assert_allclose(found.y, [0.7, 2.3])
    np.testing.assert_allclose(found.error_y.array, [0.2, 0], atol=1e-9)
    np.testing.assert_allclose(found.error_y.arrayminus, [0.2, 0], atol=1e-9)
    assert traces(point("plain-20", 0.5))["plain"].error_y.array is None


def test_plain_and_residual_are_told_apart_without_colour_and_points_have_the_colour_of_their_net() -> None:
    found = traces(point("plain-20", 0.5), point("plain-56", 2.3), point("res-20", 0.3))
    assert (found["plain"].line.dash, found["plain"].marker.symbol[0]) == ("dash", "circle-open")
    assert (found["residual"].line.dash, found["residual"].marker.symbol[0]) == ("solid", "circle")
    own = [look(NetSpec.parse(name)).colour for name in ("plain-20", "plain-56")]
    assert list(found["plain"].marker.color) == own


def test_a_run_at_work_is_pale_dotted_and_in_words_and_joins_no_line() -> None:
    found = traces(point("res-20", 0.3), point("res-56", going=(1.4,), progress="step 120 of 400"))
    ghost = found["residual ghost"]
    assert list(found["residual"].x) == [20]
    assert (list(ghost.x), list(ghost.y), list(ghost.text)) == ([56], [1.4], ["step 120 of 400"])
    assert ghost.marker.symbol == "circle-open-dot"
    assert ghost.opacity < 1
    assert "lines" not in ghost.mode


def test_a_diverged_run_stands_at_the_edge_with_its_own_mark() -> None:
    (found,) = traces(point("plain-20", 0.5), point("plain-56", math.nan)).values()
    assert list(found.marker.symbol) == ["circle-open", "triangle-up"]
    assert found.y[1] == pytest.approx(1.12 * math.log(10))
    assert "diverged" in found.text[1]


def test_a_click_on_a_point_tells_the_net() -> None:
    found = traces(point("plain-20", 0.5), point("res-20", going=(1.0,)))
    assert list(found["plain"].customdata) == ["plain-20"]
    assert list(found["residual ghost"].customdata) == ["res-20"]


@pytest.mark.parametrize(("quantity", "title", "chance"), [("loss", "nats", math.log(10)), ("error", "%", 90.0)])
def test_axes_have_unit_and_direction_and_chance_is_drawn(quantity: str, title: str, chance: float) -> None:
    fig = sweep_figure([point("plain-20", 0.5)], quantity, 10)
    assert title in fig.layout.yaxis.title.text
    assert "lower is better" in fig.layout.yaxis.title.text
    assert fig.layout.shapes[0].y0 == pytest.approx(chance)
    assert (fig.layout.xaxis.type, fig.layout.xaxis.title.text) == ("log", "depth, layers")


def test_depths_are_ticks_and_lie_inside_even_without_any_run() -> None:
    fig = sweep_figure([point(f"plain-{depth}") for depth in (8, 20, 110)], "loss", 10)
    assert list(fig.layout.xaxis.tickvals) == [8, 20, 110]
    low, high = fig.layout.xaxis.range
    assert low < math.log10(8)
    assert high > math.log10(110)
    assert not fig.data


def test_ticks_whose_numbers_would_touch_have_one_number() -> None:
    fig = sweep_figure([point(f"plain-{depth}") for depth in (8, 14, 20, 32, 44, 56, 110)], "loss", 10)
    assert list(fig.layout.xaxis.ticktext) == ["8", "14", "20", "32", "", "56", "110"]


def test_the_published_numbers_are_those_of_table_6_and_fig_6_and_all_grey() -> None:
    plain, residual = published_figure(CIFAR_2015).data
    assert dict(zip(residual.x, residual.y, strict=True)) == {20: 8.75, 32: 7.51, 44: 7.17, 56: 6.97, 110: 6.43}
    assert dict(zip(plain.x, plain.y, strict=True)) == {20: 9.5, 32: 10.0, 44: 12.0, 56: 13.5}
    assert {plain.line.color, residual.line.color, plain.marker.color, residual.marker.color} == {GREY}
    texts = " ".join(note.text for note in published_figure(CIFAR_2015).layout.annotations)
    assert "read off Fig. 6" in texts
    assert "published" in texts
