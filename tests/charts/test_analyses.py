"""Figures of the gradient lab, from results whose numbers are known."""

import numpy as np
import pytest

from resnet.analyses.results import Equations, PathLengths, Shattered
from resnet.charts.analyses import (
    KINDS,
    BoardCell,
    board_figure,
    correlation_figure,
    equations_figure,
    paths_figure,
    slopes_figure,
)
from resnet.charts.look import look
from resnet.specs import NetSpec

LOOK = look(NetSpec.parse("res-20"))
OTHER = look(NetSpec.parse("plain-20"))


def test_the_board_draws_every_cell_on_common_axes_and_marks_zeros_and_nan():
    cells = [
        BoardCell("a", True, np.array([1e4, 1e2, 1.0])),
        BoardCell("b", False, np.array([0.0, 1e-3, 1.0])),
        BoardCell("c", True, np.array([np.nan, np.nan, 1.0])),
        BoardCell("d", False, np.array([1.0, 1.0, 1.0])),
    ]
    fig = board_figure(cells, columns=2)
    lines = [trace for trace in fig.data if trace.mode == "lines"]
    marks = [trace for trace in fig.data if trace.mode == "markers"]
    assert [line.line.dash for line in lines] == ["dash", "solid", "dash", "solid"]
    assert [line.line.color for line in lines] == [KINDS[k] for k in ("explode", "vanish", "explode", "healthy")]
    assert [mark.text for mark in marks] == [("exactly 0",), ("not finite", "not finite")]
    assert fig.layout.yaxis.range == fig.layout.yaxis4.range
    assert any("↓ exactly 0" in note.text for note in fig.layout.annotations)


def equations_of(count):
    values = np.linspace(1, 2, count)
    names = tuple(f"stage1.block{number}" for number in range(1, count + 1))
    return Equations(names, 1e-7, 1e-7, 0.5, values, values / 2, np.zeros(count), values, values)


def test_the_parts_of_the_gradient_are_three_named_curves_and_a_cosine():
    fig = equations_figure(LOOK, equations_of(4))
    assert [trace.name for trace in fig.data][:3] == ["direct term", "branches' part", "whole"]
    assert list(fig.data[0].y) == [0.5] * 4
    assert list(fig.data[3].y) == [0.0] * 4
    assert {note.name for note in fig.layout.annotations} >= {"direct term", "branches' part", "whole"}


def test_the_equations_have_ticks_and_names_off_the_points():
    fig = equations_figure(LOOK, equations_of(4))
    low, high = fig.layout.yaxis.range
    assert sum(low <= np.log10(tick) <= high for tick in fig.layout.yaxis.tickvals) >= 3
    assert fig.layout.xaxis.range[1] > 4 + 0.3 * 3  # the names stand behind the last block
    named = sorted(note.y for note in fig.layout.annotations if note.name)
    assert min(np.diff(named)) * (330 - 82) >= 21.9  # pixels


def test_panels_side_by_side_are_stacked_with_their_titles_on_a_narrow_page():
    fig = equations_figure(LOOK, equations_of(4))
    narrow = fig.layout.meta["compact"]
    assert narrow["xaxis"]["domain"] == narrow["xaxis2"]["domain"] == [0, 1]
    assert narrow["yaxis2"]["domain"][1] < narrow["yaxis"]["domain"][0]
    assert [note["y"] for note in narrow["annotations"][:2]] == [
        narrow["yaxis"]["domain"][1],
        narrow["yaxis2"]["domain"][1],
    ]
    assert narrow["height"] > fig.layout.height


def test_slopes_are_drawn_in_units_of_their_spread_and_a_flat_one_stays_flat():
    wave = Shattered(100 * np.sin(np.arange(256)), np.ones(5))
    flat = Shattered(np.zeros(256), np.full(5, np.nan))
    fig = slopes_figure([(LOOK, wave), (OTHER, flat)])
    assert np.std(fig.data[0].y) == pytest.approx(1, abs=1e-3)
    assert not np.any(fig.data[1].y)


def test_autocorrelations_stand_beside_noise_and_brownian_motion():
    found = Shattered(np.zeros(256), np.array([1, 0.5, 0.2, 0.1, 0.0]))
    fig = correlation_figure([(LOOK, found)], {"white": np.array([1, 0, 0, 0, 0]), "brown": np.linspace(1, 0.9, 5)})
    assert [trace.name for trace in fig.data] == ["res-20", "white noise", "Brownian motion"]
    assert [list(trace.y) for trace in fig.data] == [
        [1, 0.5, 0.2, 0.1, 0],
        [1, 0, 0, 0, 0],
        list(np.linspace(1, 0.9, 5)),
    ]
    assert fig.data[0].line.dash == LOOK.dash
    assert "solid" not in [trace.line.dash for trace in fig.data[1:]]


def test_shares_of_paths_and_of_gradient_add_up_to_one_hundred():
    lengths = np.arange(4)
    found = PathLengths(3, lengths, np.array([1, 3, 3, 1]) / 8, np.ones(4), np.array([0.1, 0.5, 0.3, 0.1]))
    fig = paths_figure([(LOOK, found)])
    assert sum(fig.data[0].y) == pytest.approx(100)
    assert sum(fig.data[1].y) == pytest.approx(100)
    assert found.effective == (0, 3)
