"""The page of lesson 12 with made-up losses: what is drawn before and after the guess, and its tasks."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine
from resnet.ui.lab.surface import measured
from resnet.ui.parts import backend, nets_table
from tests.ui.course.recorded import record, said

Figures = dict[str, dict[str, Any]]
DEEPER = {0: 4.0, 1: 6.0, 2: 8.0}  # how steep res-56 is, by pair of directions


class Losses:
    """plain-56 is flat at 2.3, other nets are bowls; remembers of whom it was asked at which pair of directions."""

    def __init__(self) -> None:
        self.asked: set[tuple[str, int]] = set()

    def __call__(self, _function: Any, net: Any, _recipe: Any, _state: Any, *rest: Any) -> "Future[Any]":
        points, _images, pair = rest[:3]
        self.asked.add((str(net), pair))
        away = np.hypot(*np.array(points).T)
        centre = {"plain-20": 0.7, "res-20": 0.25}.get(str(net), 0.2)
        answer: Future[Any] = Future()
        answer.set_result(np.full(len(points), 2.3) if str(net) == "plain-56" else centre * 2 ** (DEEPER[pair] * away))
        return answer


@pytest.fixture
def losses(monkeypatch: pytest.MonkeyPatch) -> Losses:
    made = Losses()
    monkeypatch.setattr(backend, "ask", made)
    monkeypatch.setattr(nets_table, "engine_note", lambda: True)
    monkeypatch.setattr(measured, "_kept", OrderedDict())  # it knows engines by their ids, which come again
    return made


@pytest.fixture
def lesson(
    visit: Callable[..., AppTest], waiting_engine: Engine, losses: Losses, figures: Figures
) -> Callable[..., AppTest]:
    record(waiting_engine, "plain-20", "plain-56", "res-20", "res-56")
    return lambda **words: visit("landscape", **words)


def maps(figures: Figures) -> int:
    return sum(trace["type"] == "contour" for trace in figures["lesson-surface"]["data"])


def test_before_the_guess_only_the_net_that_learned_is_drawn(
    lesson: Callable[..., AppTest], figures: Figures, losses: Losses
) -> None:
    app = lesson()
    assert not app.exception
    assert maps(figures) == 1
    assert "**100 %**" not in said(app)
    assert ("plain-56", 0) in losses.asked  # measured meanwhile


def test_after_it_both_maps_and_the_numbers_are_there(lesson: Callable[..., AppTest], figures: Figures) -> None:
    app = lesson(course="12a")
    assert not app.exception
    assert maps(figures) == 2
    assert "**On a plateau**. You guessed “In a hollow”." in said(app)
    assert "plain-56: the loss is 2.30 at the centre, and at **100 %** of the points" in said(app)
    assert "res-56: the loss is 0.20 at the centre and twice that 0.25 to 0.25 filter norms away." in said(app)


def test_another_pair_of_directions_is_measured_anew(lesson: Callable[..., AppTest], losses: Losses) -> None:
    app = lesson(course="12a", **{"lesson-pair": "3"})
    assert not app.exception
    assert ("plain-56", 2) in losses.asked
    assert "twice that 0.12 to 0.12 filter norms away" in said(app)


@pytest.mark.parametrize(
    ("place", "task", "wrong", "right", "told"),
    [(1, "level", "10.00", "2.30", "ln 10 = 2.30"), (2, "flatter", "plain", "neither", "plain-20 0.70, res-20 0.25")],
)
def test_questions_about_the_maps_are_checked(
    lesson: Callable[..., AppTest], place: int, task: str, wrong: str, right: str, told: str
) -> None:
    app = lesson(course="12c")
    for entered, word in ((wrong, "12c"), (right, f"12c{place}")):
        app.selectbox(key=f"answer-landscape-{task}").set_value(entered).run()
        app.button(key=f"check-landscape-{task}").click().run()
        assert not app.exception
        assert "".join(app.query_params["course"]) == word
        assert told in said(app)


def test_a_residual_net_of_the_bench_is_looked_for_on_the_plateau(
    lesson: Callable[..., AppTest], waiting_engine: Engine
) -> None:
    record(waiting_engine, "res-56-scale", "plain-44", loss=2.3, right=0.1)
    for nets, solved in (("plain-44,res-56", False), ("res-56-scale", True)):
        app = lesson(course="12c", nets=nets)
        app.button(key="check-landscape-residual").click().run()
        assert not app.exception
        assert ("".join(app.query_params["course"]) == "12c3") == solved
    assert "Loss at the end: res-56-scale 2.30" in said(app)
