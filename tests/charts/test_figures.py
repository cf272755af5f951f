import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet.charts.axes import log_ticks, spread, thin
from resnet.charts.curves import Series, View, curves_figure, smooth
from resnet.charts.look import look, looks
from resnet.charts.profiles import Profile, decades, profile_figure
from resnet.charts.steps import History, steps_figure
from resnet.runs.store import Curves
from resnet.specs import NetSpec
from resnet.specs.bench import Bench

LOOK = look(NetSpec.parse("plain-20"))


def curves(loss, test_loss=()):
    n, loss = len(loss), np.array(loss, dtype=float)
    steps = np.arange(n, dtype=float)
    test = np.array(test_loss, dtype=float)
    at = np.linspace(0, max(n - 1, 0), len(test))
    return Curves(steps, loss, np.full(n, 0.4), np.ones(n), steps / 10, at, test, np.full(len(test), 0.3))


def test_smoothing_is_the_mean_of_the_last_values():
    assert smooth(np.array([1.0, 2, 3, 4]), 2) == pytest.approx([1, 1.5, 2.5, 3.5])
    assert smooth(np.array([1.0, 2, 3, 4]), 1) == pytest.approx([1, 2, 3, 4])


def test_a_value_that_is_not_finite_leaves_a_gap_and_no_other_trace():
    smoothed = smooth(np.array([1.0, np.inf, 3.0]), 1)
    assert np.isnan(smooth(np.array([1.0, np.nan, 3.0]), 2)[1])
    assert smoothed[2] == 3


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6).map(sorted))
def test_labels_never_overlap_and_stay_in_the_plot(positions):
    placed = spread(positions, 0.1)
    assert all(b - a >= 0.1 - 1e-9 for a, b in pairwise(placed))
    assert -1e-9 <= placed[0] <= placed[-1] <= 1 + 1e-9


@given(st.integers(0, 5000))
def test_thinning_keeps_first_and_last_and_at_most_400(count):
    kept = thin(count)
    assert len(kept) <= 400
    if count:
        assert (kept[0], kept[-1]) == (0, count - 1)


def test_a_curve_is_drawn_in_the_look_of_its_net_and_labelled_with_its_last_value():
    fig = curves_figure([Series(LOOK, curves([2.3] * 30 + [1.0] * 30))], View(), steps=400)
    assert fig.data[0].line.dash == "dash"
    assert fig.data[0].y[-1] == pytest.approx(1.0)
    assert any("plain-20" in note.text and "1.00" in note.text for note in fig.layout.annotations)
    assert fig.layout.xaxis.range == (0, 400)


@pytest.mark.parametrize(
    ("view", "title", "chance"),
    [
        (View(), "loss, nats (lower is better)", math.log(10)),
        (View(quantity="error", split="both"), "error, % (lower is better)", 90),
    ],
)
def test_axis_has_unit_and_direction_and_the_chance_level_is_drawn(view, title, chance):
    fig = curves_figure([Series(LOOK, curves([2.0, 1.0], [2.0, 1.5]))], view, steps=1)
    assert fig.layout.yaxis.title.text == title
    assert fig.layout.shapes[0].y0 == pytest.approx(chance)


def test_error_is_one_minus_accuracy_in_percent():
    view = View(quantity="error", split="both", smoothing=1)
    fig = curves_figure([Series(LOOK, curves([2.0, 1.0], [2.0, 1.5]))], view, steps=1)
    assert fig.data[0].y == pytest.approx([60, 60])
    assert fig.data[1].y == pytest.approx([70, 70])


def test_seconds_on_the_x_axis():
    fig = curves_figure([Series(LOOK, curves([2.0] * 21, [2, 1]))], View(x="seconds", split="both"), steps=20)
    assert fig.data[0].x[-1] == pytest.approx(2.0)
    assert fig.data[1].x[-1] == pytest.approx(2.0)


def test_long_runs_are_sent_with_at_most_500_points():
    fig = curves_figure([Series(LOOK, curves(np.linspace(2, 1, 10_000)))], View(), steps=10_000)
    assert len(fig.data[0].x) <= 500


def test_nothing_recorded_yet_still_gives_axes_and_chance():
    fig = curves_figure([Series(LOOK, curves([]))], View(), steps=400)
    assert fig.layout.xaxis.range == (0, 400)
    assert [shape.y0 for shape in fig.layout.shapes] == pytest.approx([math.log(10)])


def learning(end, count=150):
    return curves(np.linspace(2.6, end, count))


def label_of(fig, net):
    (found,) = (note for note in fig.layout.annotations if note.name == net)
    return found


def marks_of(fig, net, symbol):
    return [trace for trace in fig.data if trace.legendgroup == net and trace.marker.symbol == symbol]


DIVERGED = look(NetSpec.parse("res-56"))


def test_each_curve_carries_its_symbol_at_a_few_steps_that_all_share():
    drawn = looks(Bench.from_query({"nets": "plain-20,plain-32,plain-56,res-20,res-32,res-56"}))
    fig = curves_figure([Series(one, learning(1.0, 400)) for one in drawn], View(), steps=400)
    marks = [marks_of(fig, one.label, one.symbol)[0] for one in drawn]
    assert all(3 <= len(mark.x) <= 12 for mark in marks)
    assert all(list(mark.x) == list(marks[0].x) for mark in marks)
    assert len({(mark.marker.symbol, mark.marker.color) for mark in marks}) == 6
    assert all(one.glyph in label_of(fig, one.label).text for one in drawn)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("end", [4.44e23, 88_810_890.0, 1e300, np.inf, np.nan])
def test_a_diverged_run_leaves_the_axis_and_says_so_and_the_others_keep_theirs(end, log):
    diverged = Series(DIVERGED, curves([2.5] * 75 + [end] * 75))
    fig = curves_figure([Series(LOOK, learning(0.5)), diverged], View(log=log), steps=150)
    alone = curves_figure([Series(LOOK, learning(0.5))], View(log=log), steps=150)
    _low, high = fig.layout.yaxis.range
    assert high <= alone.layout.yaxis.range[1] * 1.2 + 0.1
    (mark,) = marks_of(fig, "res-56", "triangle-up")
    assert mark.x == pytest.approx([75])
    assert (np.log10(mark.y[0]) if log else mark.y[0]) == pytest.approx(high, rel=0.05)
    assert (10**high if log else high) > mark.y[0]  # Plotly drops a marker beyond the range
    label = label_of(fig, "res-56")
    assert label.y > 0.95
    assert ("↑" in label.text) == np.isfinite(end)
    assert len(label.text) < 50


def test_a_wild_start_does_not_stretch_the_axis_of_a_run_that_learns():
    fig = curves_figure([Series(LOOK, curves([1e5] * 10 + [2.0] * 140))], View(smoothing=1), steps=150)
    assert fig.layout.yaxis.range[1] < 10
    assert marks_of(fig, "plain-20", "triangle-up")[0].x == pytest.approx([0])


def test_runs_that_stay_above_chance_are_drawn_where_no_run_learns():
    fig = curves_figure([Series(LOOK, curves([5.0] * 150))], View(), steps=150)
    assert 5 < fig.layout.yaxis.range[1] < 6
    assert not marks_of(fig, "plain-20", "triangle-up")


def test_zeros_on_a_log_axis_are_drawn_at_a_marked_floor_and_told_as_0():
    run = curves([2.0, 0.5, 0.0, 0.25, 0.0])
    fig = curves_figure([Series(LOOK, run)], View(smoothing=1, log=True), steps=4)
    low, _high = fig.layout.yaxis.range
    (note,) = (note for note in fig.layout.annotations if note.text == "exactly 0")
    line, (marks,) = fig.data[0], marks_of(fig, "plain-20", "triangle-down")
    assert np.isfinite(line.y).all()
    assert 10**low < line.y[2] < 0.25
    assert line.y[[2, 4]] == pytest.approx([10**note.y] * 2)
    assert line.customdata == pytest.approx(run.loss)
    assert marks.x == pytest.approx([2, 4])
    assert marks.y == pytest.approx([10**note.y] * 2)
    assert label_of(fig, "plain-20").text.endswith(" 0")
    assert label_of(fig, "plain-20").y < 0.15


def test_without_zeros_or_a_log_axis_there_is_no_floor():
    for values, log in (([2.0, 1.0], True), ([2.0, 0.0], False)):
        fig = curves_figure([Series(LOOK, curves(values))], View(smoothing=1, log=log), steps=1)
        assert "exactly 0" not in [note.text for note in fig.layout.annotations]


@given(st.floats(-12, 12), st.floats(0.02, 20))
def test_a_log_axis_has_three_to_ten_ticks_also_within_one_decade(low, span):
    powers = [math.log10(tick) for tick in log_ticks(low, low + span)["tickvals"]]
    assert 3 <= sum(low <= power <= low + span for power in powers) <= 10


def profile(values):
    return Profile(LOOK, tuple(f"layer{i}" for i in range(len(values))), np.array(values, dtype="f4"))


def test_zeros_nan_and_infinity_have_marks_of_their_own_outside_the_range_of_the_values():
    fig = profile_figure([profile([0.0, 1e-3, 1e2, np.nan, np.inf])], "output_gradient")
    line, marks = fig.data
    assert np.isnan(line.y[[0, 3, 4]]).all()
    assert line.y[[1, 2]] == pytest.approx([1e-3, 1e2])
    assert marks.marker.symbol == ("triangle-down", "x-thin", "triangle-up")
    assert marks.y[0] < 1e-3
    assert marks.y[1] > 1e2
    assert {note.text for note in fig.layout.annotations} >= {"exactly 0", "not finite"}


def test_the_names_of_level_lines_stand_on_their_lines_on_a_log_axis_too():
    fig = profile_figure([profile([0.0, 1e-3, 1e2])], "output_gradient")
    note = next(note for note in fig.layout.annotations if note.text == "exactly 0")
    assert 10**note.y == pytest.approx(fig.layout.shapes[0].y0)  # Plotly: annotations as powers, shapes as values
    fig = curves_figure([Series(LOOK, curves([2.3, 1.0]))], View(log=True), steps=1)
    note = next(note for note in fig.layout.annotations if "chance" in note.text)
    low, high = fig.layout.yaxis.range
    assert low + note.y * (high - low) == pytest.approx(math.log10(math.log(10)), abs=0.01 * (high - low))
    assert fig.layout.shapes[0].y0 == pytest.approx(math.log(10))


def test_healthy_profiles_have_no_marks():
    fig = profile_figure([profile([1.0, 2.0])], "output_gradient")
    assert len(fig.data) == 1
    assert [note.text for note in fig.layout.annotations] == ["○ <b>plain-20</b>"]


def test_the_axis_covers_whole_decades_and_at_least_two():
    assert decades([np.array([0.02, 300.0, 0.0, np.nan])]) == (-2, 3)
    assert decades([np.array([1.0])]) == (0, 2)
    assert decades([np.array([0.0])]) == (-1, 1)


def test_relative_depth_runs_from_0_to_1():
    fig = profile_figure([profile([1.0, 2.0, 3.0])], "output_gradient", relative_depth=True)
    assert fig.data[0].x == pytest.approx([0, 0.5, 1])


def test_heat_maps_share_one_colour_scale_and_put_the_input_at_the_bottom():
    values = np.array([[1e-2, 1.0], [0.0, 10.0], [np.nan, 100.0]])
    history = History(LOOK, ("stem", "block"), np.array([0, 10, 20]), values)
    fig = steps_figure([history, history], "output_gradient")
    maps = [trace for trace in fig.data if trace.coloraxis]
    assert len(maps) == 2
    assert maps[0].z[1] == pytest.approx([0, 1, 2])
    assert maps[0].z[0][0] == pytest.approx(-2)
    marks = next(trace for trace in fig.data if not trace.coloraxis)
    assert (marks.z[0][1], marks.z[0][2]) == (0, 1)
