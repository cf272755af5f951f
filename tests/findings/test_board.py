"""What is said of gradients and learning on the board, for made-up numbers."""

import math
from math import comb

import numpy as np
import pytest

from resnet.findings.board import factor, learning_sentence, quadrants, uneven, within

LOST, FOUND = (1e-6, False), (1.0, True)  # a vanishing gradient that does not learn, a level one that does


@pytest.mark.parametrize(
    ("values", "change"),
    [
        ([2.0, 9.0, 4.0], 0.5),
        ([0.0, 1.0], 0.0),
        ([1.0, 0.0], 0.0),
        ([1.0, math.nan], math.inf),
        ([math.inf, 1], math.inf),
    ],
)
def test_the_factor_is_that_of_the_first_block_over_the_last(values: list[float], change: float) -> None:
    assert factor(np.array(values, "f4")) == change


@pytest.mark.parametrize(("change", "level"), [(0.1, True), (10.0, True), (0.09, False), (11.0, False), (0.0, False)])
def test_within_a_factor_is_upwards_and_downwards(change: float, level: bool) -> None:
    assert within(change, 10) is level
    assert not within(math.inf, 100)


def test_every_cell_is_in_one_quadrant() -> None:
    cells = [(1.0, True)] * 4 + [(5.0, False)] * 3 + [(50.0, True)] * 2 + [(0.0, False)]
    assert quadrants(cells, 10) == (4, 3, 2, 1)
    assert quadrants(cells, 100) == (6, 3, 0, 1)


@pytest.mark.parametrize(
    ("table", "ways"),
    [((4, 0, 0, 4), 1), ((3, 1, 1, 3), 17), ((2, 2, 2, 2), 53), ((0, 4, 4, 0), 70)],  # Fisher's cups of tea, of 70
)
def test_uneven_counts_the_pairings_that_are_as_uneven_or_more(table: tuple[int, int, int, int], ways: int) -> None:
    assert uneven(*table) == pytest.approx(ways / comb(8, 4), rel=1e-12)


def test_the_sentence_counts_all_four_and_names_the_step_of_the_gradient() -> None:
    cells = [FOUND] * 4 + [(1.0, False)] + [(30.0, True)] * 6 + [LOST] * 5
    counts = (
        "Within a factor of 10: 4 of 5 cells; beyond it: 6 of 11. That is too little to say that the two go "
        "together. Within a factor of 100: 10 of 11 cells; beyond it: 0 of 5. Here the two go together, with 1 "
        "exception."
    )
    assert learning_sentence(cells, 50, now=False) == (f"Learning after 50 steps, by the gradient at step 0. {counts}")
    assert learning_sentence(cells, 50, now=True) == (
        f"Learning after 50 steps, by the gradient at that step. {counts}"
    )


def test_limits_with_the_same_counts_are_told_once_by_the_narrower() -> None:
    said = learning_sentence([FOUND] * 4 + [LOST] * 4, 50, now=False)
    assert said.count("Within a factor") == 1
    assert "Within a factor of 10: 4 of 4 cells; beyond it: 0 of 4." in said


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([FOUND] * 4 + [LOST] * 4, "Here the two go together without exception."),
        ([FOUND] * 7 + [(1.0, False)] + [LOST] * 7 + [(1e-6, True)], "Here the two go together, with 2 exceptions."),
        ([(1.0, False)] * 4 + [(999.0, True)] * 4, "Here the others learn more often."),
        ([FOUND] * 2 + [LOST] * 2, "That is too little to say that the two go together."),
        ([FOUND, (20.0, False)], "Within a factor of 100 is every cell."),
        ([LOST, (0.0, True)], "by the gradient at step 0. Within a factor of 10 is no cell."),
        ([LOST, (1.0, False)], "After 100 steps none of 2 cells learns."),
        ([FOUND, (0.0, True)], "After 100 steps all of 2 cells learn."),
    ],
)
def test_what_goes_together_is_said_only_where_the_counts_bear_it(cells: list[tuple[float, bool]], said: str) -> None:
    assert learning_sentence(cells, 100, now=False).endswith(said)
