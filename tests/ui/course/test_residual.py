"""Lesson 3: pictures and lengths of each block, hidden for the trained net until there is a guess."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from resnet.analyses.results import Branches
from resnet.specs import NetSpec
from resnet.ui.course.residual import BLOCKS, NETS
from tests.ui.course.conftest import Lesson, answer, guess, said


def branches(net: Any, _recipe: Any, state: Any, *_rest: Any) -> Branches:
    """In the untrained net 0.5 everywhere; trained, the eighth block stands out."""
    count = sum(net.blocks)
    ratio = np.full(count, 0.5)
    if state:
        ratio = np.full(count, 6 / count)
        ratio[7] = 0.9
    norms = np.array([[10.0, 10 * one, 10 + place] for place, one in enumerate(ratio)])
    return Branches(ratio, norms, tuple(np.ones((3, 8, 4, 4), "f4") for _block in ratio))


@pytest.fixture(autouse=True)
def _branches(answers: dict[str, Callable[..., Any]]) -> None:
    answers["branches"] = branches


def test_before_the_guess_only_the_untrained_net_is_shown(lesson: Lesson, figures: dict[str, Any]) -> None:
    text = said(lesson("residual"))
    assert text.count("‖F(x)‖ =") == 1
    assert "‖F(x)‖ = 5 " in text
    assert [trace["name"] for trace in figures["lesson-ratios"]["data"]] == ["before training"]


def test_a_guess_reveals_the_ratios_of_the_recorded_weights(lesson: Lesson, figures: dict[str, Any]) -> None:
    text = said(guess(lesson("residual"), "residual", "tenth"))
    assert "**1/10 to 2/3**. You guessed “Below 1/10”. In the middle of its 27 blocks F(x) is 0.22 times" in text
    assert "0.9 times (block 8). Before training it was 0.5 times" in text
    assert len(figures["lesson-ratios"]["data"]) == 2


def test_the_slider_shows_another_block(lesson: Lesson) -> None:
    app = lesson("residual", course="3b", **{"lesson-block": "8"})
    assert "‖F(x)‖ = 9 " in said(app)
    assert "stage 1, block 8" in said(app)
    text = said(app.select_slider(key="lesson-block").set_value(27).run())
    assert "‖x + F(x)‖ = 36" in text
    assert "stage 3, block 9" in text


@pytest.mark.parametrize(("task", "wrong", "right"), [("most", 7, 8), ("shallower", "smaller", "larger")])
def test_tasks_are_checked(lesson: Lesson, task: str, wrong: Any, right: Any) -> None:
    app = lesson("residual", course="3b")
    assert answer(app, "residual", task, wrong).startswith("wrong: In ")
    assert answer(app, "residual", task, right).startswith("right: In ")


def test_there_is_a_place_for_each_block() -> None:
    assert len(BLOCKS) == sum(NetSpec.parse(NETS).blocks)
