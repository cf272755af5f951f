"""Lesson 6: what gradients and runs answer, whatever they are."""

import math

import numpy as np
import pytest

from resnet.findings.learning import Result
from resnet.findings.outcomes import Outcome
from resnet.lessons import vanishing
from resnet.lessons.vanishing import Known


def known(name: str, first: float, plain: bool = True, depth: int = 56) -> Known:
    return Known(name, plain, depth, np.array([first, 1.0]))


@pytest.mark.parametrize(
    ("first", "right"),
    [(1e4, "explodes"), (1e-4, "vanishes"), (0.0, "vanishes"), (math.inf, "explodes"), (20.0, "arrives")],
)
def test_the_answer_follows_the_plain_nets_gradient(first: float, right: str) -> None:
    told = vanishing.reveal(np.array([first, 1.0]), np.array([41.0, 1.0]), 56)
    assert told.right == right
    assert "×41 in res-56" in told.text


def outcomes(far: float = 33.0, near: float = 11.0, loss: float = 2.3, twin: float = 0.39) -> dict[str, list[Outcome]]:
    def own(value: float, also: float) -> list[Outcome]:
        return [Outcome("ended", value, also, failed=value > 2)] * 3

    return {"res-56": own(0.3, far), "plain-56-ln": own(loss, near), "res-56-ln": own(twin, 5.0)}


def test_a_milder_gradient_that_does_not_help_is_told_only_where_it_is_so() -> None:
    told = vanishing.not_enough(outcomes(), 10)
    assert "a milder gradient (×11) than res-56 with batch norm (×33)" in told
    assert "ends at 2.30, by guessing 2.30, in all 3 seeds; its residual twin at 0.39." in told
    assert vanishing.not_enough(outcomes(near=40.0), 10) == ""
    assert vanishing.not_enough(outcomes(loss=0.5), 10) == ""
    assert vanishing.not_enough(outcomes(twin=2.3), 10) == ""
    assert vanishing.not_enough({}, 10) == ""


def test_the_factor_is_asked_of_a_plain_net_of_56_layers() -> None:
    others = vanishing.arrives([known("res-56", 2.0, plain=False), known("plain-20", 2.0, depth=20)])
    assert not others.done
    assert others.text == "There is no plain net of depth 56 on the bench."
    assert not vanishing.arrives([known("plain-56", 11.0)]).done
    assert not vanishing.arrives([known("plain-56", 0.0)]).done
    best = vanishing.arrives([known("plain-56", 1e4), known("plain-56-nobn-tanh", 0.15)])
    assert best.done
    assert best.text == "plain-56-nobn-tanh: ÷6.7 from the last block to the first."


def test_a_trained_net_with_that_gradient_is_enough_whatever_it_learned() -> None:
    net = known("plain-56-nobn-tanh", 6.5)
    assert not vanishing.learned(None, None).done
    assert not vanishing.learned(net, None).done
    chance = Result(400, 400, 10, 2.3, 2.3, 0.01, 2.3, 400, 0.1, 640)
    learns = Result(400, 400, 10, 2.3, 0.5, 0.01, 0.5, 400, 0.8, 640)
    assert vanishing.learned(net, chance).text.startswith("It does not learn. plain-56-nobn-tanh: gradient ×6.5")
    assert vanishing.learned(net, learns).text.startswith("It does. ")
    assert vanishing.learned(net, chance).done


def test_only_a_residual_net_that_grows_a_hundredfold_explodes() -> None:
    assert not vanishing.explodes([known("plain-56", 1e4)]).done
    assert not vanishing.explodes([known("res-56", 41.0, plain=False)]).done
    found = vanishing.explodes([known("res-56", 41.0, plain=False), known("res-56-nobn", 2600.0, plain=False)])
    assert found.done
    assert found.text == "It explodes in res-56-nobn (×2,600)."
