"""Gradient against loss in the cells of the board: where the markers stand, and what has no place of its own."""

import math

import numpy as np
import pytest

from resnet.charts.board import TOP, Limits, Mark, learning_figure, limits_of
from resnet.charts.look import Look

PLAIN = Look("plain", "#b67c00", "dash", "circle-open")
RESIDUAL = Look("residual", "#1495a8", "solid", "circle")
LIMITS = Limits((-6.0, 2.0), (0.0, 3.0))
CHANCE = math.log(10)


def of(*marks: Mark, look: Look = RESIDUAL):
    return learning_figure([(look, marks)], LIMITS, 10, "x").figure()


def test_a_marker_stands_at_the_last_place_of_its_way() -> None:
    fig = learning_figure(
        [(PLAIN, [Mark(1, "p", (1e-4, 1e-2), (2.3, 2.2))]), (RESIDUAL, [Mark(2, "r", (1.0, 10.0), (2.3, 0.5))])],
        LIMITS, 10, "x",
    ).figure()  # fmt: skip
    plain_way, plain, way, residual = fig.data
    assert (plain.x[0], plain.y[0]) == pytest.approx((1e-2, 2.2))
    assert (residual.x[0], residual.y[0]) == pytest.approx((10.0, 0.5))
    assert np.asarray(way.x)[:2] == pytest.approx([1.0, 10.0])
    assert (plain_way.line.dash, way.line.dash) == ("dash", "solid")
    assert (plain.marker.symbol, residual.marker.symbol) == (("circle-open",), ("circle",))
    assert (plain.text, residual.text) == (("1",), ("2",))
    assert fig.layout.xaxis.type == "log"
    assert [shape.x0 for shape in fig.layout.shapes if shape.x0 == shape.x1] == [0.1, 10.0, 0.01, 100.0]
    assert [shape.y0 for shape in fig.layout.shapes if shape.y0 == shape.y1] == [pytest.approx(CHANCE)]


def test_ways_are_parted_by_gaps() -> None:
    way = of(Mark(1, "a", (1.0, 2.0), (2.0, 1.0)), Mark(2, "b", (3.0,), (2.0,))).data[0]
    assert np.isnan(np.asarray(way.x)).tolist() == [False, False, True, False, True]


@pytest.mark.parametrize(
    ("factor", "loss", "place", "symbol", "told"),
    [
        (0.0, 2.0, (1e-6, 2.0), "triangle-down", "exactly 0"),
        (math.inf, 2.0, (1e2, 2.0), "triangle-down", "not finite"),
        (1.0, math.inf, (1.0, 3.0), "triangle-up", "diverged"),
        (1.0, 50.0, (1.0, 3.0), "triangle-up", "50.00"),
    ],
)
def test_what_has_no_place_is_marked_at_the_edge(
    factor: float, loss: float, place: tuple[float, float], symbol: str, told: str
) -> None:
    marks = of(Mark(1, "a", (factor,), (loss,))).data[1]
    assert (marks.x[0], marks.y[0]) == pytest.approx(place)
    assert marks.marker.symbol == (symbol,)
    assert told in marks.customdata[0]
    assert of(Mark(1, "a", (factor,), (loss,)), look=PLAIN).data[1].marker.symbol == (f"{symbol}-open",)


def test_numbers_of_markers_beside_each_other_do_not_stand_on_one_another() -> None:
    marks = of(*(Mark(row, str(row), (1.0 + 0.05 * row,), (2.0,)) for row in range(3))).data[1]
    assert len(set(marks.textposition)) == 3


def test_limits_hold_everything_and_a_diverged_loss_stretches_them_only_so_far() -> None:
    limits = limits_of([1e-8, 1.0, 1e3], [2.0, 0.4, math.inf], 10)
    assert limits.factors == pytest.approx((-8.0, 3.0))
    assert limits.losses == pytest.approx((0.4, TOP * CHANCE))
    assert limits_of([1.0], [CHANCE], 10) == Limits((-2.0, 2.0), (0.8 * CHANCE, 1.1 * CHANCE))
    assert limits_of([0.0, 1e-300], [], 10).factors[0] == -30.0


def test_a_board_of_eight_rows_over_all_frames_has_few_points() -> None:
    from resnet.ui.lab.board.learning import FRAMES

    marks = [Mark(row, "a", (1.0,) * FRAMES, (2.0,) * FRAMES) for row in range(1, 9)]
    assert max(len(trace.x) for trace in of(*marks).data) <= 500
