"""What a run has learned, as the store's curves tell it."""

import numpy as np
import pytest

from resnet.runs.store.records import Curves
from resnet.specs import Recipe

RECIPE = Recipe(steps=40, evaluate_every=20)


@pytest.mark.parametrize(
    ("until", "right", "tested"), [(10, 0.1, 500), (39, 0.5, 500), (40, 0.9, 1_000), (None, 0.9, 1_000)]
)
def test_a_result_knows_of_how_many_test_images_its_share_is(until: int | None, right: float, tested: int) -> None:
    steps, at = np.arange(41.0), np.array([0.0, 20.0, 40.0])
    curves = Curves(steps, steps, steps, steps, steps, at, at, np.array([0.1, 0.5, 0.9]))
    result = curves.result(RECIPE, until)
    assert (result.test, result.tested) == (right, tested)
