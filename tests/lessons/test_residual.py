"""Lesson 3: what is said of the ratios follows from them."""

import numpy as np
import pytest

from resnet.lessons.residual import most, reveal, shallower


@pytest.mark.parametrize(
    ("middle", "right"), [(0.05, "tenth"), (0.3, "part"), (1.0, "equal"), (3.0, "larger"), (np.nan, "")]
)
def test_the_typical_block_decides(middle: float, right: str) -> None:
    found = reveal(np.array([2.0, middle, 0.01]) if middle == middle else np.full(3, np.nan), np.full(3, 0.5))
    assert found.right == right


def test_the_blocks_at_both_ends_are_named() -> None:
    text = reveal(np.array([1.3, 0.4, 0.2, 0.3]), np.array([1.0, 0.6, 0.5, 0.4])).text
    assert "its 4 blocks F(x) is 0.35 times as long as x: between 0.2 (block 3) and 1.3 times (block 1)." in text
    assert "Before training it was 0.55 times" in text


@pytest.mark.parametrize(("entered", "done"), [("1", True), ("3", False), ("0", False), ("5", False), ("-1", False)])
def test_only_the_block_with_the_largest_ratio_is_right(entered: str, done: bool) -> None:
    verdict = most(entered, np.array([1.3, 0.4, 0.2]))
    assert verdict.done == done
    if entered == "3":
        assert verdict.text == "In block 3 F(x) is 0.2 times as long as x. Another block adds more."
    if entered in ("0", "5", "-1"):
        assert verdict.text == "The blocks have the numbers 1 to 3."


@pytest.mark.parametrize(("shallow", "answer"), [(0.7, "larger"), (0.31, "equal"), (0.1, "smaller")])
def test_two_nets_are_compared_by_their_typical_blocks(shallow: float, answer: str) -> None:
    ratios = np.array([9.0, shallow, 0.0]), np.array([0.0, 0.3, 9.0])
    assert [one for one in ("larger", "equal", "smaller") if shallower(one, *ratios).done] == [answer]
