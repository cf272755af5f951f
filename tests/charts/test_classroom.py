"""The chart of a class: a point a run, own ones marked, the lowest of each depth joined."""

import math

from resnet.charts.classroom import MOST, Point, class_figure
from resnet.specs import NetSpec


def point(name: str, value: float, own: bool = False, label: str = "seed 0") -> Point:
    return Point(NetSpec.parse(name), value, label, own)


def traces(points: list[Point], quantity: str = "loss") -> dict[str, dict]:  # type: ignore[type-arg]
    figure = class_figure(points, quantity, 10)
    figure.figure()  # Plotly knows every word
    return {trace["name"]: trace for trace in figure.to_dict()["data"]}


def test_kinds_differ_by_colour_symbol_and_dash_and_own_runs_by_size_and_strength() -> None:
    found = traces([point("plain-8", 0.5), point("plain-8", 0.4, own=True), point("res-8", 0.3)])
    others, own, residual = found["plain others"], found["plain own"], found["residual others"]
    assert set(others["marker"]["symbol"]) == {"circle-open"}
    assert set(residual["marker"]["symbol"]) == {"circle"}
    assert others["marker"]["color"] != residual["marker"]["color"]
    assert (found["plain"]["line"]["dash"], found["residual"]["line"]["dash"]) == ("dash", "solid")
    assert own["marker"]["size"] > others["marker"]["size"]
    assert own["opacity"] > others["opacity"]
    assert list(found) == ["plain others", "plain", "plain own", "residual others", "residual"]  # own on top


def test_the_line_joins_the_lowest_run_of_each_depth() -> None:
    found = traces([point("res-56", 0.3), point("res-8", 0.9), point("res-8", 0.7, own=True), point("res-8", math.nan)])
    assert (found["residual"]["x"], found["residual"]["y"]) == ([8, 56], [0.7, 0.3])


def test_what_diverged_or_ends_above_the_chart_is_a_triangle_at_its_edge() -> None:
    top = 1.12 * math.log(10)
    trace = traces([point("plain-8", math.nan), point("plain-14", 99.0), point("plain-20", 1.0)])["plain others"]
    assert trace["marker"]["symbol"] == ["triangle-up-open", "triangle-up-open", "circle-open"]
    assert [round(y, 6) for y in trace["y"]] == [round(top, 6), round(top, 6), 1.0]


def test_names_are_text_and_a_trace_has_at_most_so_many_points() -> None:
    found = traces([point("res-8", 0.5, label="seed 1: 0.5 · <b>Ann")] * (MOST + 1))
    assert len(found["residual others"]["x"]) == MOST
    assert "&lt;b&gt;Ann" in found["residual others"]["text"][0]


def test_errors_are_in_percent_below_chance() -> None:
    layout = class_figure([point("res-8", 45.0)], "error", 10).to_dict()["layout"]
    assert layout["yaxis"]["title"]["text"] == "test error, % (lower is better)"
    assert layout["yaxis"]["range"][1] > 90
