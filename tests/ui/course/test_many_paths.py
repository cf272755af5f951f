"""The page of lesson 11, with runs and answers that are made up: what stands there before and after the guess."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from resnet.analyses.cuts import Lesion
from resnet.analyses.results import PathLengths
from resnet.runs.engine import Engine
from resnet.ui.parts import backend, nets_table
from tests.ui.course.recorded import record, said

WHOLE = {"plain-20": 400, "res-20": 450, "res-56": 460}
WITHOUT = {"plain-20": 70, "res-20": 350, "res-56": 440}
Figures = dict[str, dict[str, Any]]


def answered(value: Any) -> "Future[Any]":
    answer: Future[Any] = Future()
    answer.set_result(value)
    return answer


def right(net: str, lesion: Lesion, anew: bool) -> int:
    """Right answers: block 1.1 costs res-56 most; swapped blocks cost plain-20 all."""
    if not lesion.deleted:
        return WHOLE[net] if not lesion.order else {"plain-20": 55, "res-56": 450}[net]
    if net == "res-56" and lesion.deleted == ("stage1.block1",):
        return 300
    return WITHOUT[net] + 5 * anew


@pytest.fixture
def lesson(
    visit: Callable[..., AppTest], waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> Callable[..., AppTest]:
    def ask(_function: Any, net: Any, _recipe: Any, _run: Any, *rest: Any, step: int) -> "Future[list[int]]":
        lesions, _images, anew = rest
        return answered([right(str(net), lesion, anew) for lesion in lesions])

    lengths = PathLengths(27, *([None] * 4), kept=0.012)  # type: ignore[arg-type]
    monkeypatch.setattr(backend, "ask_trained", ask)
    monkeypatch.setattr(backend, "ask", lambda *_asked: answered(lengths))
    monkeypatch.setattr(nets_table, "engine_note", lambda: True)
    record(waiting_engine, *WHOLE)
    return lambda **words: visit("many_paths", **words)


def bars(figures: Figures) -> list[list[float]]:
    return [trace["y"] for trace in figures["lesson-lesions"]["data"] if trace["type"] == "bar"]


def test_before_the_guess_only_the_whole_nets_are_shown(lesson: Callable[..., AppTest], figures: Figures) -> None:
    app = lesson()
    assert not app.exception
    assert not any(len(values) for values in bars(figures))
    assert {"lesson-blocks-0", "lesson-blocks-1"} <= figures.keys()
    assert "14 %" not in said(app)
    assert "Find out" not in said(app)


def test_after_it_the_answer_has_the_measured_numbers(lesson: Callable[..., AppTest], figures: Figures) -> None:
    app = lesson(course="11c")
    assert not app.exception
    assert [len(values) for values in bars(figures)] == [7, 27]
    assert "**Only plain-20**. You guessed “Both”." in said(app)
    assert "plain-20 **14 %** of 80 %; res-20 **70 %** of 90 %; res-56 **87 %** of 92 %" in said(app)


def test_norms_and_the_net_beside_can_be_chosen_also_by_the_link(
    lesson: Callable[..., AppTest], figures: Figures
) -> None:
    app = lesson(course="11a", **{"lesson-norms": "anew", "lesson-beside": "res-20"})
    assert [len(values) for values in bars(figures)] == [7, 9]
    assert "plain-20 **15 %** of 80 %; res-20 **71 %** of 90 %" in said(app)
    app.segmented_control(key="lesson-norms").set_value("kept").run()
    assert "plain-20 **14 %** of 80 %" in said(app)


@pytest.mark.parametrize(
    ("place", "task", "wrong", "right", "told"),
    [
        (1, "worst", "stage2.block1", "stage1.block1", "1.1 60 %, 2.1 88 %"),
        (2, "swap", "both", "residual", "plain-20 11 %, res-56 90 %"),
        (3, "cancel", "most", "little", "1.2 %"),
    ],
)
def test_tasks_are_checked(
    lesson: Callable[..., AppTest], place: int, task: str, wrong: str, right: str, told: str
) -> None:
    app = lesson(course="11a")
    for entered, word in ((wrong, "11a"), (right, f"11a{place}")):
        app.selectbox(key=f"answer-many_paths-{task}").set_value(entered).run()
        app.button(key=f"check-many_paths-{task}").click().run()
        assert not app.exception
        assert "".join(app.query_params["course"]) == word
        assert told in said(app)


def test_where_nothing_is_trained_the_lesson_offers_to(visit: Callable[..., AppTest]) -> None:
    app = visit("many_paths")
    assert not app.exception
    assert "Not trained here yet: plain-20, res-20 and res-56." in said(app)
    assert app.button(key="train-needed").label.startswith("Train 3 nets")
