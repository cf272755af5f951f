"""Lesson 1: what is said of the copies follows from their numbers."""

import numpy as np
import pytest

from resnet.analyses.additions import COUNTS, Copied
from resnet.lessons.copying import differs, reveal, trained


def copied(loss: float, difference: float, last: float | None = None) -> Copied:
    losses = np.full(len(COUNTS), loss)
    losses[-1] = loss if last is None else last
    return Copied(losses, np.array([0.0, *[difference] * (len(COUNTS) - 1)]))


@pytest.mark.parametrize(("last", "right"), [(0.5, "lower"), (0.4, "lower"), (0.6, ""), (np.nan, "")])
def test_the_copy_shows_that_the_deeper_net_is_not_worse_only_where_it_is_not(last: float, right: str) -> None:
    found = reveal({"matched": copied(0.5, 2e-6, last)}, {"zero": copied(0.3, 0.0)})
    assert found.right == right
    assert "2.0·10⁻⁶" in found.text


@pytest.mark.parametrize(("difference", "first"), [(0.0, "never"), (1e-9, "at26")])
def test_a_copy_differs_from_the_first_depth_with_any_difference_on(difference: float, first: str) -> None:
    assert differs(first, {"zero": copied(0.3, difference)}).done
    assert not differs("at38", {"zero": copied(0.3, difference)}).done


@pytest.mark.parametrize(("deep", "found"), [(2.3, "missed"), (0.7, "found"), (0.3, "found"), (np.nan, "missed")])
def test_a_training_has_found_the_copy_where_it_ends_no_higher(deep: float, found: str) -> None:
    assert trained(found, 0.5, 0.6, deep).done
    assert not trained("found" if found == "missed" else "missed", 0.5, 0.6, deep).done
