"""Lesson 5: the errors of three nets, measured, and hidden until there is a guess."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from resnet.analyses.results import Equations
from resnet.analyses.stages import inner_blocks, obstacles
from resnet.specs import NetSpec
from tests.ui.course.conftest import Lesson, answer, guess, said


def equations(net: NetSpec, _recipe: Any, state: Any, stage: int) -> dict[str, Equations]:
    """Exact where nothing stands in the way; of a net that is not trained."""
    assert state is None
    names = inner_blocks(net, stage)
    error, ones = (0.25 if obstacles(net) else 3e-8), np.ones(len(names))
    one = Equations(names, error, 2 * error, 0.5, 2 * ones, 1.5 * ones, ones, ones, ones)
    return {"float32": one, "float64": one}


@pytest.fixture(autouse=True)
def _answers(answers: dict[str, Callable[..., Any]]) -> None:
    answers["equations"] = equations
    answers["profiles"] = lambda net, *_rest: {"gain": np.full(sum(net.blocks), 1.5)}


def test_before_the_guess_the_blocks_are_drawn_and_no_error_is_told(lesson: Lesson, figures: dict[str, Any]) -> None:
    text = said(lesson("sums"))
    assert set(figures) == {"lesson-blocks"}
    assert "error forward" not in text
    assert "y = F(x) + x" in text


def test_a_guess_reveals_for_which_nets_they_hold(lesson: Lesson, figures: dict[str, Any]) -> None:
    text = " ".join(said(guess(lesson("sums"), "sums", "both")).split())
    assert (
        "**res-56-preact**. You guessed “Both residual”. res-56: relative errors of 0.25 forward and 0.5 backward"
        in text
    )
    assert "res-56-preact y = F(x) + x 3.0·10⁻⁸ 6.0·10⁻⁸" in text
    assert "plain-56 y = ReLU(F(x)) no sum a product" in text
    parts = {trace["name"]: trace for trace in figures["lesson-preact"]["data"]}
    assert set(parts) == {"whole", "branches' part", "direct term"}


def test_each_net_has_its_own_picture(lesson: Lesson, figures: dict[str, Any]) -> None:
    text = said(lesson("sums", course="5b", **{"sums-net": "plain"}))
    assert set(figures) == {"lesson-plain"}
    assert "A factor for each block: ×1.50 per block in the mean" in text
    text = said(lesson("sums", course="5b", **{"sums-net": "original"}))
    assert "Something follows the addition" in text


@pytest.mark.parametrize(
    ("nets", "begins"),
    [
        ("res-20", "wrong: res-20: relative errors of 0.25"),
        ("res-20-preact,res-20", "right: res-20-preact: relative errors of 3.0·10⁻⁸"),
        ("plain-20", "wrong: plain-20 has no sum"),
        ("res-8-preact", "wrong: res-8-preact has no sum"),
    ],
)
def test_the_first_net_on_the_bench_is_checked(lesson: Lesson, nets: str, begins: str) -> None:
    assert answer(lesson("sums", course="5b", nets=nets), "sums", "hold").startswith(begins)


@pytest.mark.parametrize(("entered", "begins"), [("bnafter", "wrong"), ("optc", "wrong"), ("reluadd", "right")])
def test_the_other_orders_are_measured(lesson: Lesson, entered: str, begins: str) -> None:
    assert answer(lesson("sums", course="5b"), "sums", "orders", entered).startswith(f"{begins}: Its relative errors")
