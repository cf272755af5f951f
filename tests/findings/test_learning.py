"""Where a run stands: judged by a window of steps, and by right answers with their own uncertainty."""

import math

import numpy as np
import pytest
import torch

from resnet.findings.learning import Result, loss_floor, result, wilson

STEPS = np.arange(100)


def run(loss: float | np.ndarray, right: float = 0.1, batch: int = 32, classes: int = 10, **more: float) -> Result:
    """A run of 100 steps with noise of one batch."""
    noise = 0.05 * np.random.default_rng(0).standard_normal(100)
    return result(STEPS, np.broadcast_to(loss, 100) + noise, np.full(100, right), batch, 100, classes, **more)


@pytest.mark.parametrize(
    ("found", "standing"),
    [
        (run(2.30), "chance"),
        (run(2.30, test=0.11, tested=1_000), "chance"),
        (run(0.4, right=0.9), "learns"),
        (run(3.0), "worse"),
        (run(2.27, right=0.15, test=0.21, tested=1_000), "begun"),  # res-20 after 40 steps
        (run(2.60, right=0.44, test=0.45, tested=1_000), "unsure"),  # right, and sure of wrong classes
        (run(2.36, right=0.12, test=0.12, tested=1_000), "chance"),  # 200 outputs on ten classes
        (run(2.30, batch=2), "early"),  # forty images
        (run(math.nan), "nothing"),
    ],
)
def test_a_run_stands_where_its_numbers_say(found: Result, standing: str) -> None:
    assert found.standing == standing


def test_too_few_steps_are_too_few_whatever_the_loss() -> None:
    assert result(STEPS[:8], np.full(8, 2.3), np.full(8, 0.1), 64, 150, 10).standing == "early"


def test_one_odd_batch_does_not_change_the_verdict() -> None:
    loss = np.full(100, 2.30)
    loss[-1] = 1.9
    assert run(loss).standing == "chance"


def test_chance_is_that_of_the_data() -> None:
    assert run(math.log(300), classes=300, right=1 / 300).standing == "chance"
    assert run(math.log(10), classes=300, right=1 / 300).standing == "learns"


def test_wilson_is_the_interval_that_solves_its_equation() -> None:
    # the ends are the shares from which the observed one lies `errors` standard errors away
    for share, count in ((0.1, 50), (0.5, 20), (0.0, 10), (1.0, 10)):
        for end in wilson(share, count):
            assert (share - end) ** 2 == pytest.approx(1.96**2 * end * (1 - end) / count, abs=1e-12)


def test_wilson_covers_nineteen_of_twenty() -> None:
    random = np.random.default_rng(0)
    for share in (0.1, 0.3, 0.6):
        found = [wilson(random.binomial(20, share) / 20, 20) for _ in range(2_000)]
        assert 0.92 < np.mean([low <= share <= high for low, high in found]) < 0.99


def test_the_window_has_mean_and_standard_error_of_its_steps() -> None:
    loss = np.linspace(2.0, 1.0, 100)
    found = result(STEPS, loss, np.full(100, 0.5), 16, 100, 10)
    assert found.last == pytest.approx(loss[-20:].mean())
    assert found.error == pytest.approx(loss[-20:].std(ddof=1) / math.sqrt(20))
    assert (found.shown, found.first, found.steps) == (320, 2.0, 99)


def test_the_lowest_point_is_where_it_was_not_at_the_end() -> None:
    loss = np.concatenate([np.full(20, 2.0), np.full(40, 0.5), np.full(40, 1.0)])
    found = result(STEPS, loss, np.full(100, 0.5), 32, 100, 10)
    assert found.best == pytest.approx(0.5)
    assert 39 <= found.best_step < 60


def test_losses_that_are_not_finite_are_left_out() -> None:
    loss = np.where(STEPS < 50, 1.0, np.nan)
    assert result(STEPS, loss, np.full(100, 0.5), 32, 100, 10).steps == 49


def test_softmax_inside_the_net_sets_the_floor_of_the_notes() -> None:
    assert loss_floor(200) == pytest.approx(4.307, abs=5e-4)
    certain = torch.nn.functional.one_hot(torch.tensor([3]), 10).float()
    assert loss_floor(10) == pytest.approx(torch.nn.functional.cross_entropy(certain, torch.tensor([3])).item())
