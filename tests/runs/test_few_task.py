"""The task of lesson 15: a net learns a handful of pictures by heart, and is asked about three sets of them."""

import numpy as np

from resnet.runs.tasks import few
from resnet.specs import NetSpec, Recipe

NET, RECIPE = NetSpec.parse("res-8-w4"), Recipe(steps=12, batch=8, lr=0.01, record_every=12, evaluate_every=12)


def test_right_answers_are_told_with_the_numbers_of_pictures() -> None:
    found = few.measured(NET, RECIPE, (0, 1), 10)
    told = {name: found[name] for name in ("train", "test", "many")}
    assert [count for _right, count in told.values()][:2] == [16, 4]
    assert told["many"][1] > 150
    assert all(0 <= right <= count for right, count in told.values())
    assert found["maps"].shape == (2, 32, 32)
    assert np.isfinite(found["maps"]).all()
    assert set(found["seen"].tolist()) <= {0, 1}


def test_another_seed_is_another_net_and_the_same_one_the_same() -> None:
    one, again, other = (few.measured(NET, RECIPE.but(steps=2, seed=seed), (0, 1), 10) for seed in (0, 0, 1))
    assert np.array_equal(one["maps"], again["maps"])
    assert not np.array_equal(one["maps"], other["maps"])
