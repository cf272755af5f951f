"""Lesson 9: the family counted; a budget that a bench meets or misses."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.ui.course.conftest import answer, guess, said

Lesson = Callable[..., AppTest]


def test_the_answer_is_counted_after_the_guess(lesson: Lesson, figures: dict[str, dict[str, Any]]) -> None:
    app = lesson("bottleneck")
    assert "lesson-family" not in figures
    for row, word in (("blocks", "equal"), ("parameters", "small")):
        next(one for one in app.main.segmented_control if one.key == f"row-bottleneck-{row}").set_value(word).run()
    text = said(guess(app, "bottleneck", "half"))
    assert "3.86 against 3.66 billion, 5 % more; parameters 25.6 against 21.8 million, blocks 16 against 16." in text
    assert "1,179,648 weights, a bottleneck 69,632: 17 times fewer" in text
    assert "1 of 2 are right" in text
    blocks, parameters, adds = figures["lesson-family"]["data"]
    assert blocks["x"] == [8, 16, 16, 33, 50]
    assert parameters["text"] == ["11.7", "21.8", "25.6", "44.5", "60.2"]
    assert adds["text"] == ["1.81", "3.66", "3.86", "7.57", "11.28"]


def test_an_inner_block_of_every_stage_is_counted(lesson: Lesson) -> None:
    first, last = (said(lesson("bottleneck", course="9a", **{"bottleneck-stage": stage})) for stage in "14")
    assert "256×56×56 69,632 218" in " ".join(first.split())
    assert "2048×7×7 4,456,448 218" in " ".join(last.split())


def test_tasks_are_checked_right_and_wrong(lesson: Lesson) -> None:
    app = lesson("bottleneck", course="9a", nets="res-56,res-86-bottleneck")
    assert answer(app, "bottleneck", "budget").startswith(
        "wrong: res-86-bottleneck: +0.8 % multiply-adds against res-56"
    )
    assert answer(app, "bottleneck", "weights", 70_000).startswith("wrong")
    assert answer(app, "bottleneck", "weights", 69_632).startswith("right")
    assert answer(app, "bottleneck", "trained", "bottleneck").startswith("wrong")
    assert answer(app, "bottleneck", "trained", "basic").startswith("right")
    better = lesson("bottleneck", course="9a", nets="res-56,res-86-bottleneck-b20.5.3")
    assert answer(better, "bottleneck", "budget").startswith("right: res-86-bottleneck-b20.5.3: +0.8 %")
