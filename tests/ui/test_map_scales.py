"""The scale that maps share, and what is said of maps that leave it."""

import numpy as np
import pytest

from resnet.charts.grid import Cell, Column
from resnet.charts.look import look
from resnet.findings.learning import Result
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench
from resnet.ui.lab import sanity
from resnet.ui.parts import maps, subjects


def column(name: str, size: float, sets_scale: bool = True) -> Column:
    return Column(name, "#000", "", [Cell(np.full((4, 4), size), ("disk 90 %",))], sets_scale)


def test_one_loud_untrained_net_does_not_whiten_the_maps_of_trained_ones():
    columns = [column("a", 0.5), column("b", -0.4), column("loud", 100, sets_scale=False)]
    assert maps.scales(columns, own=False) == [[0.5]] * 3
    assert maps.scales(columns, own=False, each_row=True) == [[0.5]] * 3
    assert maps.scales(columns, own=True) == [[0.5], [0.4], [100]]


def test_without_any_trained_net_the_scale_is_that_of_all():
    columns = [column("a", 0.5, sets_scale=False), column("b", 2, sets_scale=False)]
    assert maps.scales(columns, own=False) == [[2.0], [2.0]]


def test_a_map_far_beyond_the_full_colour_says_how_far_and_no_other_does():
    columns = [column("a", 0.5), column("twice", 1.0, sets_scale=False), column("loud", 100, sets_scale=False)]
    found = maps.marked(columns, maps.scales(columns, own=False))
    assert [one.cells[0].lines[1:] for one in found] == [(), (), ("reaches 200 × the scale",)]
    assert [one.cells[0].lines[1:] for one in maps.marked(columns, maps.scales(columns, own=True))] == [(), (), ()]


@pytest.fixture
def _done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "_note", lambda run, step: "trained" if run else "untrained")


@pytest.mark.usefixtures("_done")
def test_the_control_is_left_out_where_the_same_net_is_untrained_on_the_bench():
    bench = Bench.from_query({"nets": "plain-8-w4,res-8-w4"})
    plain, residual = bench.nets
    run = Run("r", residual, Recipe(), "cpu", "done", "", 0.0, 0.0, 1.0, 20, 1.0)
    trained = subjects.with_control(bench, {residual: run})
    assert [one.run is None for one in trained] == [True, False, True]
    assert trained[-1].net == residual
    assert [one.net for one in subjects.with_control(bench, {plain: run})] == [plain, residual]
    assert NetSpec.parse("res-8-w4") == residual


def test_the_first_column_of_the_sanity_check_says_what_the_net_is():
    answer = {"parts": ["head", "stem"], "maps": np.zeros((3, 4, 4))}
    found = sanity.columns([answer], "untrained")
    assert [(one.name, one.note) for one in found] == [("before", "untrained"), ("head", ""), ("stem", "")]


@pytest.mark.parametrize(("loss", "learned"), [(0.4, True), (2.30, False)])
def test_a_net_that_has_learned_nothing_sets_no_scale(
    loss: float, learned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Result(400, 400, 10, 2.4, loss, 0.01, loss, 400, 0.9 if learned else 0.1, 640)
    monkeypatch.setattr(subjects.backend, "result", lambda run: found)
    net = NetSpec.parse("plain-56")
    run = Run("r", net, Recipe(), "cpu", "done", "", 0.0, 0.0, 1.0, 400, 1.0)
    assert subjects.Subject(look(net), net, run, "").learned == learned
    assert not subjects.Subject(look(net), net, None, "").learned
