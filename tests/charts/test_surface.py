"""The loss around nets: common colours, what has no value, the path of training."""

import math

import numpy as np
import pytest

from resnet.analyses.results import Surface
from resnet.charts.look import look
from resnet.charts.surface import Ground, colour_range, contours_figure, named_steps, relief_figure
from resnet.specs import NetSpec

AXIS = np.linspace(-1, 1, 5)
PLAIN, RESIDUAL = look(NetSpec.parse("plain-20")), look(NetSpec.parse("res-20"))
BOTH = pytest.mark.parametrize("figure_of", [contours_figure, relief_figure])


def ground(losses=None, own=RESIDUAL, **rest):
    shown = np.full((5, 5), 1.0) if losses is None else losses
    return Ground(own, "trained", Surface(AXIS, AXIS, shown, float(shown[2, 2])), **rest)


def rising(low, high):
    return np.geomspace(low, high, 25).reshape(5, 5)


def main_traces(fig):
    return [trace for trace in fig.data if trace.type in ("contour", "surface")]


@BOTH
def test_nets_have_one_logarithmic_scale_of_colours(figure_of):
    fig = figure_of([ground(rising(0.1, 10), PLAIN), ground(rising(1, 1000))], "random")
    one, two = main_traces(fig)
    assert one.coloraxis == two.coloraxis == "coloraxis"
    assert (fig.layout.coloraxis.cmin, fig.layout.coloraxis.cmax) == pytest.approx((-1, 3))
    assert two.z == pytest.approx(np.linspace(0, 3, 25).reshape(5, 5), abs=1e-6)
    ticks = fig.layout.coloraxis.colorbar
    assert dict(zip(ticks.ticktext, ticks.tickvals, strict=True))["100"] == pytest.approx(2)


def test_contours_are_at_the_same_losses_in_both_maps():
    one, two = main_traces(contours_figure([ground(rising(0.1, 10), PLAIN), ground(rising(1, 1000))], "random"))
    assert one.contours == two.contours
    assert (one.contours.start, one.contours.end) == pytest.approx((-1, 3))


def test_a_plateau_looks_flat():
    low, high = colour_range([ground(rising(2.30, 2.31))])
    assert high - low == pytest.approx(0.1)
    assert (low + high) / 2 == pytest.approx(math.log10(2.305), abs=1e-4)


@BOTH
def test_points_without_a_finite_loss_are_marked_and_not_filled_in(figure_of):
    losses = rising(0.1, 10)
    losses[0, 1], losses[4, 3] = np.nan, np.inf
    fig = figure_of([ground(losses)], "random")
    (shown,) = main_traces(fig)
    assert np.isnan(shown.z[0, 1])
    assert np.isnan(shown.z[4, 3])
    assert np.isfinite(shown.z).sum() == 23
    assert not shown.connectgaps
    (marks,) = [trace for trace in fig.data if trace.text and "not finite" in trace.text]
    assert sorted(zip(marks.x, marks.y, strict=True)) == [(-0.5, -1.0), (0.5, 1.0)]


@BOTH
def test_a_surface_without_any_value_is_drawn_all_the_same(figure_of):
    fig = figure_of([ground(np.full((5, 5), np.nan))], "random")
    assert len(next(trace for trace in fig.data if trace.text and "not finite" in trace.text).x) == 25


def test_the_net_itself_is_marked_in_the_middle_with_its_loss():
    marked = contours_figure([ground(rising(0.1, 10))], "random").data[-1]
    assert (marked.x, marked.y, marked.text) == ((0,), (0,), ("1.00",))


@BOTH
def test_the_path_of_training_is_drawn_where_it_is_known(figure_of):
    places = np.array([[1.0, 0.5], [0.2, -0.5], [0.0, 0.0]])
    fig = figure_of([ground(own=PLAIN, steps=(0, 100, 400), places=places)], "training")
    (way,) = [trace for trace in fig.data if getattr(trace, "mode", "").startswith("lines")]
    assert (list(way.x), list(way.y)) == (places[:, 0].tolist(), places[:, 1].tolist())
    assert way.line.dash == "dash"


def test_steps_are_named_where_there_is_room():
    places = np.array([[1.0, 0.0], [0.95, 0.0], [0.5, 0.0], [0.1, 0.0], [0.0, 0.0]])
    named = named_steps(ground(steps=(0, 5, 100, 300, 400), places=places))
    assert named == ["0", "", "100", "", "400"]  # the last one, which is the net itself, in any case


def test_axes_have_their_unit_and_titles_their_note():
    fig = contours_figure([ground(own=PLAIN), ground()], "random")
    assert fig.layout.xaxis.title.text == fig.layout.xaxis2.title.text == "along direction 1, filter norms"
    assert fig.layout.yaxis.title.text == "along direction 2, filter norms"
    assert [note.text for note in fig.layout.annotations] == ["<b>plain-20</b>, trained", "<b>res-20</b>, trained"]
    assert contours_figure([ground()], "training").layout.xaxis.title.text.endswith("L2 distance of the weights")


def test_reliefs_are_stacked_on_a_narrow_page():
    narrow = relief_figure([ground(own=PLAIN), ground()], "random").layout.meta["compact"]
    assert narrow["scene"]["domain"]["y"][0] > narrow["scene2"]["domain"]["y"][1]
    assert narrow["scene"]["domain"]["x"] == narrow["scene2"]["domain"]["x"] == [0, 1]
