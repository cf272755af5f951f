"""Lesson 5: which equations hold follows from the errors."""

import numpy as np
import pytest

from resnet.analyses.results import Equations
from resnet.lessons.sums import Found, hold, orders, reveal


def found(forward: float, backward: float) -> Found:
    def of(scale: float) -> Equations:
        ones = np.ones(2)
        return Equations(("a", "b"), forward * scale, backward * scale, 1.0, ones, ones, ones, ones, ones)

    exact = max(forward, backward) < 1e-5
    return {"float32": of(1.0), "float64": of(1e-9 if exact else 1.0)}


EXACT, NOT, HALF = found(4e-8, 5e-8), found(0.5, 0.9), found(4e-8, 0.3)


@pytest.mark.parametrize(
    ("original", "preact", "right"),
    [(NOT, EXACT, "preact"), (EXACT, EXACT, "both"), (EXACT, NOT, "original"), (NOT, NOT, ""), (HALF, EXACT, "preact")],
)
def test_those_whose_both_errors_are_rounding_are_right(original: Found, preact: Found, right: str) -> None:
    assert reveal({"original": ("res-56", original), "preact": ("res-56-preact", preact)}).right == right


def test_both_kinds_are_told_with_their_numbers() -> None:
    text = reveal({"original": ("res-56", NOT), "preact": ("res-56-preact", EXACT)}).text
    assert (
        "res-56: relative errors of 0.5 forward and 0.9 backward, and in float64 of 0.9 at worst: this is no rounding."
        in text
    )
    assert "res-56-preact: relative errors of at most 5.0·10⁻⁸ in float32 and 5.0·10⁻¹⁷ in float64" in text


def test_a_net_that_is_not_finite_holds_nothing() -> None:
    assert not hold("res-20", found(np.nan, np.nan)).done


def test_the_visitors_net_is_told_its_errors_or_that_it_has_no_sum() -> None:
    assert hold("mine", EXACT).done
    assert hold("mine", HALF).text == "mine: relative errors of 4.0·10⁻⁸ forward and 0.3 backward."
    assert not hold("mine", HALF).done
    assert not hold("plain-20", None).done
    assert "plain-20 has no sum to check" in hold("plain-20", None).text


def test_the_chosen_order_is_right_where_it_holds() -> None:
    nets = {"reluadd": EXACT, "bnafter": NOT}
    assert orders("reluadd", nets).done
    assert not orders("bnafter", nets).done
