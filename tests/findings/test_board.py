"""What is said of gradients and learning on the board, for made-up numbers."""

import math
from math import comb

import numpy as np
import pytest

from resnet.findings.board import factor, healthy, learning_sentence, quadrants, uneven

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


@pytest.mark.parametrize(("change", "level"), [(0.1, True), (10.0, True), (0.09, False), (11, False), (0.0, False)])
def test_healthy_is_within_a_factor_of_ten(change: float, level: bool) -> None:
    assert healthy(change) is level
    assert not healthy(math.inf)


def test_every_cell_is_in_one_quadrant() -> None:
    cells = [(1.0, True)] * 4 + [(5.0, False)] * 3 + [(100.0, True)] * 2 + [(0.0, False)]
    assert quadrants(cells) == (4, 3, 2, 1)


@pytest.mark.parametrize(
    ("table", "ways"),
    [((4, 0, 0, 4), 1), ((3, 1, 1, 3), 17), ((2, 2, 2, 2), 53), ((0, 4, 4, 0), 70)],  # Fisher's cups of tea, of 70
)
def test_uneven_counts_the_pairings_that_are_as_uneven_or_more(table: tuple[int, int, int, int], ways: int) -> None:
    assert uneven(*table) == pytest.approx(ways / comb(8, 4), rel=1e-12)


def test_the_sentence_counts_all_four_and_names_the_step_of_the_gradient() -> None:
    cells = [FOUND] * 5 + [(1.0, False)] + [LOST] * 6
    assert learning_sentence(cells, 50, now=False) == (
        "Learning after 50 steps: 5 of the 6 cells whose gradient stays within a factor of 10 at step 0, 0 of the 6 "
        "others. Here a healthy gradient and learning go together, with 1 exception."
    )
    assert "10 at that step, 0 of the 6 others" in learning_sentence(cells, 50, now=True)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([FOUND] * 4 + [LOST] * 4, "Here a healthy gradient and learning go together without exception."),
        ([(1.0, False)] * 4 + [(99.0, True)] * 4, "Here the cells without a healthy gradient learn more often."),
        ([FOUND] * 2 + [LOST] * 2, "In so few cells that is too little to say that the two go together."),
        ([LOST, (1.0, False)], "None learns by then."),
        ([FOUND, (0.0, True)], "All learn by then."),
    ],
)
def test_what_goes_together_is_said_only_where_the_counts_bear_it(cells: list[tuple[float, bool]], said: str) -> None:
    assert learning_sentence(cells, 100, now=False).endswith(f"others. {said}")


def test_cells_of_one_kind_are_counted_and_not_compared() -> None:
    assert learning_sentence([FOUND, (1.0, False)], 50, now=False) == (
        "Learning after 50 steps: 1 of 2 cells, all with a healthy gradient."
    )
    assert learning_sentence([LOST] * 3, 50, now=True) == (
        "Learning after 50 steps: 0 of 3 cells, none with a healthy gradient."
    )
