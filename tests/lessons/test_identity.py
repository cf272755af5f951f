"""Lesson 4: what is said of λ follows from the losses of the runs."""

import math

import pytest

from resnet.lessons.identity import amount, gate, learned, power, reveal, smallest

GUESSING = math.log(10)
LOSSES = {100: [0.3, 0.3], 90: [0.5, 0.4], 70: [1.9, 1.2], 50: [2.2, 1.9], 0: [2.3, 2.3]}


@pytest.mark.parametrize(
    ("half", "right"), [(0.3, "all"), (0.25, "all"), (1.0, "part"), (2.2, "hardly"), (5.0, "hardly"), (math.nan, "")]
)
def test_the_share_of_what_whole_shortcuts_learn_decides(half: float, right: str) -> None:
    found = reveal({100: [0.3], 50: [half]}, GUESSING, 27)
    assert found.right == right
    assert "Through 27 shortcuts passes λⁿ = 7.5·10⁻⁹." in found.text


def test_where_whole_shortcuts_learn_nothing_there_is_nothing_to_share() -> None:
    assert math.isnan(learned(1.0, 2.4, GUESSING))
    assert amount(math.nan) == ""


def test_seeds_have_a_range() -> None:
    text = reveal(LOSSES, GUESSING, 27).text
    assert "λ = 0.5 ends at 2.20 nats, λ = 1 at 0.30, and guessing is 2.30." in text
    assert "In 2 seeds λ = 0.5 ends between 1.90 and 2.20." in text
    assert "seeds" not in reveal({100: [0.3], 50: [2.2]}, GUESSING, 27).text


@pytest.mark.parametrize(("entered", "done"), [("90", True), ("100", False), ("70", False), ("0", False)])
def test_the_smallest_that_learns_half_does_so_in_every_seed(entered: str, done: bool) -> None:
    assert smallest(entered, LOSSES, GUESSING).done == done  # 0.7 does in the second seed only


def test_nothing_is_smallest_where_nothing_learns_or_was_trained() -> None:
    assert not smallest("100", {100: [2.4], 50: [2.4]}, GUESSING).done
    untrained = smallest("70", {100: [0.3], 70: []}, GUESSING)
    assert (untrained.done, untrained.text) == (False, "λ = 0.7 was not trained.")


@pytest.mark.parametrize(("entered", "done"), [("8", True), ("-8", True), ("9", False), ("0", False)])
def test_the_power_of_ten_is_rounded(entered: str, done: bool) -> None:
    verdict = power(entered, 27 * math.log10(0.5))
    assert (verdict.done, verdict.text) == (done, "λⁿ is 7.5·10⁻⁹.")


@pytest.mark.parametrize(("loss", "answer"), [(0.4, "all"), (1.2, "part"), (2.25, "hardly")])
def test_a_gate_is_judged_by_the_same_shares(loss: float, answer: str) -> None:
    assert [one for one in ("all", "part", "hardly") if gate(one, loss, 0.3, GUESSING).done] == [answer]
