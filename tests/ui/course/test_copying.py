"""Lesson 1: the answer comes from what was measured on the recorded nets, and waits for the guess."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from resnet.analyses.additions import COUNTS, WAYS, Copied
from tests.ui.course.conftest import Lesson, answer, guess, said


def copied(net: Any, *_rest: Any) -> dict[str, Copied]:
    """Nothing changes but by zeros in the plain net."""
    start, change = (0.5, 4e-6) if net.block == "plain" else (0.2, 0.0)
    same = Copied(np.full(len(COUNTS), start), np.full(len(COUNTS), change))
    lost = Copied(np.array([start, *[2.3] * (len(COUNTS) - 1)]), np.full(len(COUNTS), 7.0))
    return {way: lost if net.block == "plain" and way == "zero" else same for way in WAYS[net.block]}


@pytest.fixture(autouse=True)
def _copied(answers: dict[str, Callable[..., Any]]) -> None:
    answers["copied"] = copied


def test_before_the_guess_the_copies_are_not_shown(lesson: Lesson, figures: dict[str, Any]) -> None:
    app = lesson("copying")
    assert "lesson-learned" in figures
    assert "lesson-additions" not in figures
    assert "2.3" not in said(app)


def test_a_guess_reveals_what_was_measured(lesson: Lesson, figures: dict[str, Any]) -> None:
    app = guess(lesson("copying"), "copying", "higher")
    text = said(app)
    assert "**Not higher**. You guessed “Higher”." in text
    assert "a training loss of 0.50, plain-20 one of 0.50: no output differs by more than 4.0·10⁻⁶" in text
    assert [trace["name"] for trace in figures["lesson-additions"]["data"]] == [
        "res-20: zeros", "plain-20: zeros", "plain-20: identity", "plain-20: identity, norms undone"
    ]  # fmt: skip


def test_the_drawing_and_the_table_follow_the_slider(lesson: Lesson, figures: dict[str, Any]) -> None:
    app = lesson("copying", course="1a", added="3")
    assert "plain-26" in said(app)
    assert "plain-20: zeros 2.30 7" in " ".join(said(app).split())
    app.select_slider(key="added").set_value(1).run()
    assert "plain-20 and 1 block" in said(app)
    assert [shape["x0"] for shape in figures["lesson-additions"]["layout"]["shapes"]] == [0, 1]  # chance, the cursor


@pytest.mark.parametrize(("entered", "begins"), [("at26", "wrong"), ("never", "right")])
def test_the_copy_never_differs(lesson: Lesson, entered: str, begins: str) -> None:
    told = answer(lesson("copying", course="1a"), "copying", "differs", entered)
    assert told == f"{begins}: The largest difference of any output, at any of these depths: 0."


@pytest.mark.parametrize(("entered", "begins"), [("found", "wrong"), ("missed", "right")])
def test_training_does_not_find_the_copy(lesson: Lesson, entered: str, begins: str) -> None:
    told = answer(lesson("copying", course="1a"), "copying", "trained", entered)
    assert told.startswith(
        f"{begins}: Trained, plain-56 ends at 2.30 nats and plain-20 at 0.80. The copy stands at 0.50"
    )
