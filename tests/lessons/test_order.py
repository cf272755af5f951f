"""Lesson 10: which order ends highest is read from the runs; what stands on the path from the nets' description."""

import numpy as np
import pytest

from resnet.findings.outcomes import Outcome
from resnet.lessons import order


def outcomes(**ends: float) -> dict[str, list[Outcome]]:
    found = {row.key: [Outcome("open")] * 3 for row in order.EXPERIMENT.rows}
    for name, row in order.rows(56).items():
        found[row.key] = [Outcome("ended", ends.get(name, 0.3))] * 3
    return found


@pytest.mark.parametrize("worst", order.ORDERS)
def test_the_answer_is_the_order_that_ends_highest(worst: str) -> None:
    told = order.reveal(outcomes(**{worst: 2.14}), 56)
    assert told.right == worst
    assert "ends at 2.14 (2.14–2.14), the others at 0.30 to 0.30." in told.text


def test_the_published_number_is_that_orders_own() -> None:
    assert (
        "it errs in 8.17 % of the test images, the original order in 6.61 %"
        in order.reveal(outcomes(norm_after=2.1), 56).text
    )


def test_ends_that_seeds_alone_would_set_apart_answer_nothing() -> None:
    assert order.reveal(outcomes(norm_after=0.4), 56).right == ""
    assert order.reveal({row.key: [Outcome("open")] * 3 for row in order.EXPERIMENT.rows}, 56).right == ""


def test_three_orders_leave_the_path_clean_and_one_only_adds() -> None:
    assert order.clean() == ["act_before", "act_only", "preact"]
    assert order.positive() == ["act_before"]
    assert order.count_clean("3").done
    assert not order.count_clean("2").done
    assert order.adds_only("act_before").done
    assert not order.adds_only("preact").done


def test_what_follows_is_measured_against_the_original() -> None:
    original = np.array([0.5, 2.0])
    assert order.follows({"res-56-reluadd": np.array([0.5, 4.0])}, original).done
    assert not order.follows({"res-56-reluadd": np.array([0.5, 1.0])}, original).done
    assert not order.follows({}, original).done
    assert not order.follows({"res-56-reluadd": np.array([0.5, 4.0])}, None).done
    text = order.follows({"res-56-reluadd": np.array([0.5, 4.0])}, original).text
    assert text == "From the first block to the last the spread changes by ×8 in res-56-reluadd, by ×4 in res-56."
