"""Lesson 8: options A, B and C, their costs counted, their ends recorded."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from resnet.findings.experiments import spread_words
from resnet.lessons import dashed
from resnet.ui.course import experiment
from tests.ui.course.conftest import answer, guess, said

Lesson = Callable[..., AppTest]


def test_the_answer_is_read_from_the_recordings(lesson: Lesson, figures: dict[str, dict[str, Any]]) -> None:
    app = lesson("dashed")
    assert set(figures) == {"lesson-net", "lesson-blocks"}
    text = said(guess(app, "dashed", "lowest"))
    found, rows = experiment.outcomes("options"), dashed.rows(56)
    losses = {option: spread_words([one.value for one in found[row.key]], "loss") for option, row in rows.items()}
    assert f"A ends at {losses['A']}, B at {losses['B']}, C at {losses['C']}" in text
    assert dashed.reveal(found, 56).right == "highest"
    assert "**C ends highest**. You guessed “C ends lowest”." in text
    assert "215,282" in text
    assert figures["lesson-options"]["layout"]["yaxis"]["ticktext"] == [
        "option A",
        "option B",
        "option C",
    ]


def test_the_reveal_stays_that_of_the_question_at_the_other_depth(lesson: Lesson) -> None:
    text = said(lesson("dashed", course="8a", **{"dashed-depth": "20"}))
    assert "At 56 layers A ends at" in text
    assert "68,786" in text


def test_counts_are_checked(lesson: Lesson) -> None:
    app = lesson("dashed", course="8a")
    assert answer(app, "dashed", "where", 4).startswith("wrong")
    assert answer(app, "dashed", "where", 3).startswith("right: Right: stage2.block1, stage3.block1, stage4.block1")
    assert "weights alone" in answer(app, "dashed", "solid", 73_728)
    assert answer(app, "dashed", "solid", 73_856).startswith("right")
    assert "One convolution is missing" in answer(app, "dashed", "dashed", 221_440)
    assert answer(app, "dashed", "dashed", 229_760).startswith("right")
