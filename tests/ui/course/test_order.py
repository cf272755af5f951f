"""Lesson 10: five orders drawn before the guess, their recorded ends after it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from resnet.lessons import order
from resnet.specs import NetSpec
from resnet.ui.course import experiment
from tests.ui.course.conftest import answer, guess, said

Lesson = Callable[..., AppTest]


def test_the_answer_is_read_from_the_recordings(lesson: Lesson, figures: dict[str, dict[str, Any]]) -> None:
    app = lesson("order")
    assert set(figures) == {"lesson-blocks"}
    assert "ends at" not in said(app)
    text = said(guess(app, "order", "act_only"))
    told = order.reveal(experiment.outcomes("orders"), 56)
    assert told.right == "norm_after"
    assert "BN after +" in text
    assert told.text in text
    names = {trace["legendgroup"] for trace in figures["lesson-curves"]["data"] if trace.get("legendgroup")}
    assert names == set(order.ORDERS.values())


def test_ends_stand_beside_the_published_errors(lesson: Lesson, figures: dict[str, dict[str, Any]]) -> None:
    text = said(lesson("order", course="10a", **{"order-view": "ends", "order-depth": "20"}))
    assert "Published: ResNet-110, He et al. 2016" in text
    assert figures["lesson-orders"]["layout"]["yaxis"]["ticktext"] == list(order.ORDERS.values())
    assert "At 56 layers" in text  # the reveal stays that of the question


def test_tasks_are_checked_right_and_wrong(lesson: Lesson, answers: dict[str, Callable[..., Any]]) -> None:
    def profiles(net: NetSpec, *_how: Any) -> dict[str, np.ndarray]:
        return {"activation_std": np.array([0.5, 4.0 if net.order == "act_before" else 2.0])}

    answers["profiles"] = profiles
    app = lesson("order", course="10a", nets="res-56,res-56-preact")
    assert answer(app, "order", "clean", 2).startswith("wrong")
    assert answer(app, "order", "clean", 3).startswith("right: Right: ReLU before +, ReLU first and BN, ReLU first.")
    assert answer(app, "order", "positive", "preact").startswith("wrong")
    assert answer(app, "order", "positive", "act_before").startswith("right")
    assert answer(app, "order", "follows").startswith("wrong: The task asks for res-56 in both orders")
    both = lesson("order", course="10a", nets="res-56,res-56-reluadd")
    assert answer(both, "order", "follows").startswith(
        "right: From the first block to the last the spread changes by ×8"
    )
