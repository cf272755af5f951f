import math

import pytest
import torch

from resnet import catalog
from resnet.specs import Recipe
from resnet.training.schedules import learning_rate

SCHEDULES = list(catalog.SCHEDULES)


def rates(recipe, steps):
    return [learning_rate(recipe, step) for step in steps]


@pytest.mark.parametrize(("steps", "warmup"), [(100, 0), (100, 30), (10, 0), (7, 3), (400, 400)])
def test_one_cycle_is_torchs(steps, warmup):
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    share = warmup / steps if warmup else 0.3
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=0.2, total_steps=steps, pct_start=share, cycle_momentum=False
    )
    expected = []
    for _ in range(steps):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step() if len(expected) < steps else None
    found = rates(Recipe(steps=steps, warmup=warmup, lr=0.2, schedule="one_cycle"), range(steps))
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("steps", "warmup"), [(1, 0), (1, 1), (2, 1), (3, 10)])
def test_one_cycle_has_a_rate_however_short_the_run(steps, warmup):
    found = rates(Recipe(steps=steps, warmup=warmup, lr=1.0, schedule="one_cycle"), range(steps + 1))
    assert all(0 < rate <= 1 for rate in found)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_warm_up_ends_at_the_learning_rate_and_never_exceeds_it(schedule):
    found = rates(Recipe(steps=50, warmup=8, lr=0.4, schedule=schedule), range(50))
    assert found[:8] == sorted(found[:8])
    assert found[7] == pytest.approx(0.4)
    assert max(found) == pytest.approx(0.4)


@pytest.mark.parametrize("schedule", [name for name in SCHEDULES if name != "one_cycle"])
@pytest.mark.parametrize("warmup", [0, 5])
def test_an_extended_run_follows_the_first_plan_and_then_that_of_all_steps(schedule, warmup):
    recipe = Recipe(steps=100, extended=40, warmup=warmup, lr=0.2, schedule=schedule)
    first, whole = recipe.but(extended=0, steps=40), recipe.but(extended=0)
    assert rates(recipe, range(101)) == rates(first, range(40)) + rates(whole, range(40, 101))


def test_extending_changes_nothing_of_a_constant_rate_and_lifts_a_cosine():
    constant = Recipe(steps=100, lr=0.2, schedule="constant")
    assert rates(constant.but(extended=40), range(101)) == rates(constant, range(101)) == [0.2] * 101
    cosine = Recipe(steps=100, extended=40, lr=0.2)
    before = 0.2 * (1 + math.cos(math.pi * 39 / 40)) / 2
    after = 0.2 * (1 + math.cos(math.pi * 0.4)) / 2
    assert rates(cosine, (39, 40)) == pytest.approx([before, after])
