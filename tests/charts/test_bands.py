"""Several seeds of one net: their mean, the edges around it, and how both are drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet.charts.axes import Axis
from resnet.charts.bands import Band, add_band, band, edges
from resnet.charts.chart import Chart
from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.look import look
from resnet.runs.store import Curves
from resnet.specs import NetSpec

PLAIN, RESIDUAL = look(NetSpec.parse("plain-20")), look(NetSpec.parse("res-20"))
LINEAR, LOG = Axis(False, -np.inf, 5.0), Axis(True, -3.0, 1.0)


def banded(*rows: list[float], log: bool = False) -> Band:
    """Seeds that have recorded every step from 0 on, each as far as it has come."""
    values = [np.array(row, dtype=float) for row in rows]
    steps = [np.arange(len(row), dtype=float) for row in values]
    return band(steps, steps, values, log)


def curves(*loss: float) -> Curves:
    n = len(loss)
    steps, one = np.arange(n, dtype=float), np.ones(n)
    return Curves(steps, np.array(loss), 0.4 * one, one, steps / 10, steps[-1:], np.array(loss[-1:]), 0.3 * one[-1:])


def of_seeds(*runs: Curves, own=PLAIN) -> Series:  # type: ignore[no-untyped-def]
    return Series(own, runs[0], dict(enumerate(runs)))


def test_up_to_four_seeds_the_band_is_from_the_lowest_to_the_highest() -> None:
    for seeds in (2, 3, 4):
        found = banded(*([float(seed + 1), 2.0 * seed] for seed in range(seeds)))
        np.testing.assert_allclose(found.low, [1, 0])
        np.testing.assert_allclose(found.high, [seeds, 2 * (seeds - 1)])
        np.testing.assert_allclose(found.mean, [(seeds + 1) / 2, seeds - 1])


def test_from_five_seeds_on_it_is_the_middle_half() -> None:
    found = banded([5.0], [1.0], [4.0], [2.0], [300.0])
    assert (found.low[0], found.high[0]) == (2.0, 5.0)  # quartiles of 1, 2, 4, 5, 300
    assert found.mean[0] == pytest.approx(62.4)


def test_at_each_step_only_the_seeds_count_that_have_reached_it() -> None:
    found = banded([1.0, 2.0, 3.0], [3.0, 4.0])
    np.testing.assert_allclose(found.mean, [2, 3, 3])
    np.testing.assert_allclose(found.count, [2, 2, 1])
    np.testing.assert_allclose((found.low[2], found.high[2]), 3)


def test_on_a_log_axis_the_mean_is_the_geometric_one_and_0_stays_0() -> None:
    found = banded([1.0, 0.0, 8.0], [100.0, 5.0], log=True)
    np.testing.assert_allclose(found.mean, [10, 0, 8])


@pytest.mark.parametrize("seeds", [2, 4, 5])
def test_before_any_seed_has_done_a_step_there_is_an_empty_band(seeds: int) -> None:
    nothing = [np.empty(0)] * seeds
    found = band(nothing, nothing, nothing)
    assert len(found.x) == len(found.mean) == len(found.low) == len(found.high) == 0
    none_yet = np.empty((seeds, 0, 7))
    low, high = edges(none_yet, none_yet == 0)
    assert low.shape == high.shape == (0, 7)


def test_a_value_that_is_not_finite_leaves_a_gap_in_mean_and_band() -> None:
    for odd in (np.nan, np.inf):
        for seeds in (2, 5):
            found = banded([1.0, odd, 1.0], *([[2.0, 2.0, 2.0]] * (seeds - 1)))
            assert np.isnan([found.mean[1], found.low[1], found.high[1]]).all()
            assert np.isfinite([found.mean[::2], found.low[::2], found.high[::2]]).all()


@given(st.lists(st.lists(st.floats(0, 10), min_size=3, max_size=3), min_size=2, max_size=5))
def test_the_edges_enclose_the_median_and_never_leave_the_seeds(rows: list[list[float]]) -> None:
    found, values = banded(*rows), np.array(rows)
    assert (found.low <= np.median(values, axis=0) + 1e-9).all()
    assert (np.median(values, axis=0) <= found.high + 1e-9).all()
    assert (values.min(axis=0) - 1e-9 <= found.low).all()
    assert (found.high <= values.max(axis=0) + 1e-9).all()


def drawn(own, low, high, axis=LINEAR):  # type: ignore[no-untyped-def]
    fig = Chart({})
    low, high = np.array(low, dtype=float), np.array(high, dtype=float)
    add_band(fig, own, np.arange(len(low), dtype=float), low, high, axis)
    return fig.data


def test_a_band_is_one_closed_outline_along_both_edges() -> None:
    (trace,) = drawn(RESIDUAL, [1, 2], [3, 4])
    assert trace.fill == "toself"
    np.testing.assert_allclose(trace.x, [0, 1, 1, 0])
    np.testing.assert_allclose(trace.y, [3, 4, 2, 1])


def test_a_band_of_a_plain_net_is_told_without_colour_by_dashes_and_hatching() -> None:
    (plain,), (residual,) = drawn(PLAIN, [1, 2], [3, 4]), drawn(RESIDUAL, [1, 2], [3, 4])
    assert (plain.line.dash, plain.fillpattern.shape) == ("dash", "/")
    assert (residual.line.dash, residual.fillpattern.shape) == ("solid", None)


def test_a_gap_parts_the_band_and_what_leaves_the_axis_ends_at_its_edge() -> None:
    (trace,) = drawn(PLAIN, [1, 2, np.nan, 4], [9, 3, np.nan, 4.5])
    np.testing.assert_allclose(trace.y, [5, 3, 2, 1, np.nan, 4.5, 4])
    (trace,) = drawn(PLAIN, [0.0, 0.1], [1, 1e9], LOG)
    np.testing.assert_allclose(trace.y, [1, 10, 0.1, 1e-3])
    assert not drawn(PLAIN, [np.nan], [np.nan])


def test_a_long_run_has_one_band_of_at_most_500_points() -> None:
    long = [curves(*np.linspace(2 + seed, 1, 3_000)) for seed in range(3)]
    data = curves_figure([of_seeds(*long)], View(), steps=3_000).data
    bands = [trace for trace in data if trace.fill]
    assert len(bands) == 1
    assert max(len(trace.x) for trace in data) <= 500


def test_the_curve_of_several_seeds_is_their_mean_and_says_so() -> None:
    data = curves_figure([of_seeds(curves(2, 1), curves(2, 2))], View(smoothing=1), steps=1)
    line = next(trace for trace in data.data if trace.hovertemplate and "mean of 2 seeds" in trace.hovertemplate)
    np.testing.assert_allclose(line.y, [2, 1.5])
    assert any("1.50" in note.text for note in data.layout.annotations)


def test_each_seed_is_a_thin_line_of_its_own_on_demand() -> None:
    series = of_seeds(curves(2, 1), curves(2, 1.8), curves(2, 0.4))
    data = curves_figure([series], View(smoothing=1, each=True), steps=1).data
    thin = [trace for trace in data if trace.line.width == 1]
    assert not [trace for trace in data if trace.fill]
    np.testing.assert_allclose([trace.y[-1] for trace in thin], [1, 1.8, 0.4])
    assert {trace.line.dash for trace in thin} == {"dash"}
    assert len({trace.name for trace in data}) == len(data)


def test_one_seed_is_drawn_as_ever() -> None:
    run = curves(2, 1)
    plain, of_one = (curves_figure([one], View(), steps=1).to_dict() for one in (Series(PLAIN, run), of_seeds(run)))
    assert plain == of_one


def test_all_seeds_choose_the_axis() -> None:
    wide = curves_figure([of_seeds(curves(2, 1), curves(2, 2.8))], View(smoothing=1), steps=1)
    assert wide.layout.yaxis.range[1] > 2.8
