"""Lesson 2: the sentences and verdicts follow from the errors and losses of the runs."""

import math

import pytest

from resnet.lessons.degradation import Errors, deepest, overfits, reveal, turning

ENDS = {"plain-20": 30.0, "plain-56": 89.0, "res-20": 10.0, "res-56": 9.0}


def ends(**changes: float) -> dict[str, list[Errors]]:
    errors = ENDS | {name.replace("_", "-"): error for name, error in changes.items()}
    return {name: [Errors(error, error - 1)] * 2 for name, error in errors.items()}


@pytest.mark.parametrize(
    ("changes", "right"),
    [({}, "plain-56"), ({"res_20": 95.0}, "res-20"), ({"plain_20": 88.0}, ""), ({"plain_56": math.nan}, "")],
)
def test_the_net_with_the_highest_training_error_is_right_where_no_other_is_as_high(
    changes: dict[str, float], right: str
) -> None:
    assert reveal(ends(**changes)).right == right


def test_seeds_in_which_the_deeper_net_is_above_are_counted() -> None:
    found = ends()
    found["plain-56"] = [Errors(89.0, 88.0), Errors(31.0, 30.0)]
    text = reveal(found).text
    assert "plain-20 30 %, plain-56 89 %, res-20 10 % and res-56 9 %; test images: plain-20 29 %" in text
    assert "plain-56 is above plain-20 in 1 of 2 seeds." in text


@pytest.mark.parametrize(
    ("train", "test", "shown"), [(89, 88, "high"), (5, 80, "overfits"), (5, 6, "low"), (80, 6, "")]
)
def test_overfitting_is_a_low_training_error_beside_a_high_test_error(train: float, test: float, shown: str) -> None:
    done = [option for option in ("high", "overfits", "low") if overfits(option, Errors(train, test), 90.0).done]
    assert done == [shown] * bool(shown)


@pytest.mark.parametrize(("entered", "done"), [("14", True), ("20", True), ("8", False), ("44", False)])
def test_the_turning_point_is_the_lowest_mean_and_what_is_level_with_it(entered: str, done: bool) -> None:
    verdict = turning(entered, {8: 0.7, 14: 0.4, 20: 0.5, 32: math.inf})
    assert verdict.done == done
    assert "plain-14 ends lowest, at 0.40 nats." in verdict.text
    assert ("plain-20 is level with it." in verdict.text) == (entered == "20")


def test_one_depth_has_no_turning_point() -> None:
    assert not turning("14", {14: 0.4, 20: math.nan}).done


@pytest.mark.parametrize(("entered", "done"), [("32", True), ("20", False), ("44", False)])
def test_the_deepest_net_that_still_learns(entered: str, done: bool) -> None:
    verdict = deepest(entered, {20: 25.0, 32: 75.0, 44: 86.0, 56: 90.0})
    assert verdict.done == done
    assert verdict.text == "plain-32 gets 75 % of the test images wrong, plain-44 86 %."


def test_where_nothing_learns_there_is_no_deepest_net() -> None:
    assert not deepest("8", {8: 90.0}).done
    assert deepest("8", {8: 20.0}).text == "plain-8 gets 20 % of the test images wrong."
