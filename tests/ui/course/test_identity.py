"""Lesson 4: recorded curves of five λ, and what arrives at each, once there is a guess."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from resnet.runs.engine import Engine
from resnet.specs import NetSpec, Recipe, run_id
from tests.ui.course.conftest import Lesson, answer, guess, said


def profiles(net: Any, *_rest: Any) -> dict[str, np.ndarray]:
    """A gradient that grows towards the input and a signal that stays, the more so the less the shortcut passes."""
    scale = net.shortcut_scale if net.shortcut == "scale" else float(net.block == "residual")
    count = sum(net.blocks) + 1
    gradient = np.geomspace(1000 - 900 * scale, 1, count)
    return {"output_gradient": gradient, "activation_std": np.ones(count)}


@pytest.fixture(autouse=True)
def _profiles(answers: dict[str, Callable[..., Any]]) -> None:
    answers["profiles"] = profiles


def names(figure: dict[str, Any]) -> set[str]:
    return {trace["legendgroup"] for trace in figure["data"] if trace.get("mode") == "lines"}


def test_before_the_guess_only_both_ends_are_drawn(lesson: Lesson, figures: dict[str, Any]) -> None:
    lesson("identity")
    assert names(figures["lesson-curves"]) == {"λ = 1", "λ = 0"}
    assert "lesson-arrived" not in figures


def test_a_guess_reveals_the_recorded_losses(lesson: Lesson, figures: dict[str, Any], with_recordings: Engine) -> None:
    text = said(guess(lesson("identity"), "identity", "part"))
    assert names(figures["lesson-curves"]) == {"λ = 1", "λ = 0.9", "λ = 0.7", "λ = 0.5", "λ = 0"}
    recipe = Recipe()
    curves = with_recordings.store.curves(run_id(NetSpec.parse("res-56-scale-f1"), recipe, "cpu"))
    assert f"**Hardly anything**. You guessed “A part”. λ = 0.5 ends at {curves.result(recipe).last:.2f} nats" in text
    assert "In 3 seeds λ = 0.5 ends between" in text


def test_what_arrives_is_measured_at_the_place_of_the_address(lesson: Lesson, figures: dict[str, Any]) -> None:
    text = said(lesson("identity", course="4c", **{"lambda": "90"}))
    assert "λ = 0.9: the shortcuts of 27 blocks together pass λⁿ = 0.058" in text
    assert "is 190 times that behind the last one" in text
    assert names({"data": [{**trace, "mode": "lines"} for trace in figures["lesson-arrived"]["data"]]}) == {
        "gradient", "signal", "λⁿ"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("task", "wrong", "right"), [("smallest", "70", "90"), ("power", 27, 8), ("gate", "part", "all")]
)
def test_tasks_are_checked(lesson: Lesson, task: str, wrong: Any, right: Any) -> None:
    app = lesson("identity", course="4c")
    assert answer(app, "identity", task, wrong).startswith("wrong: ")
    told = answer(app, "identity", task, right)
    assert told.startswith("right: ")
    assert told.endswith("res-56 at 0.29.") == (task == "gate")
