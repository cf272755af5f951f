"""Lesson 2: curves, answer and checks come from the runs that came with the app."""

from typing import Any

import numpy as np
import pytest

from resnet.runs.engine import Engine
from resnet.specs import NetSpec, Recipe, run_id
from tests.ui.course.conftest import Lesson, answer, guess, said
from tests.ui.test_pages import values_of


def error(engine: Engine, name: str, seed: int = 0) -> float:
    curves = engine.store.curves(run_id(NetSpec.parse(name), Recipe(seed=seed), "cpu"))
    return 100 * float(1 - curves.accuracy[-20:].mean())


def test_before_the_guess_only_the_first_steps_are_drawn(lesson: Lesson, figures: dict[str, Any]) -> None:
    app = lesson("degradation")
    lines = [trace for trace in figures["lesson-train"]["data"] if trace["mode"] == "lines"]
    assert len(lines) == 4
    assert {values_of({"y": line["x"]}).max() for line in lines} == {40}
    assert "89 %" not in said(app)
    assert not app.main.segmented_control(key="guess-degradation").value


def test_the_answer_has_the_errors_of_the_recorded_runs(
    lesson: Lesson, figures: dict[str, Any], with_recordings: Engine
) -> None:
    text = said(guess(lesson("degradation"), "degradation", "plain-20"))
    assert "**plain-56**. You guessed “plain-20”." in text
    told = [f"{name} {error(with_recordings, name):.0f} %" for name in ("plain-20", "plain-56", "res-20", "res-56")]
    assert f"training images: {', '.join(told[:3])} and {told[3]}" in text
    assert "in 3 of 3 seeds" in text
    assert values_of({"y": figures["lesson-train"]["data"][0]["x"]}).max() == 400


def test_test_images_have_curves_of_their_own(lesson: Lesson, figures: dict[str, Any], with_recordings: Engine) -> None:
    lesson("degradation", course="2b", **{"images-of": "test"})
    curves = with_recordings.store.curves(run_id(NetSpec.parse("plain-20"), Recipe(), "cpu"))
    drawn = values_of(figures["lesson-test"]["data"][0])
    assert np.allclose(drawn, 100 * (1 - curves.test_accuracy), rtol=1e-5)


@pytest.mark.parametrize(
    ("task", "wrong", "right"), [("overfits", "overfits", "high"), ("turning", "20", "14"), ("deepest", 56, 32)]
)
def test_tasks_are_checked_against_the_recorded_runs(lesson: Lesson, task: str, wrong: Any, right: Any) -> None:
    app = lesson("degradation", course="2b")
    assert answer(app, "degradation", task, wrong).startswith("wrong: ")
    assert answer(app, "degradation", task, right).startswith("right: plain-")
