"""What is said of one run."""

import numpy as np
import pytest
import torch

from resnet.findings.training import (
    floor_sentence,
    loss_floor,
    run_sentence,
    state_sentence,
    trained_note,
    untrained_note,
)

STEPS = np.arange(100)


def test_a_run_at_ln_classes_is_called_chance():
    sentence = run_sentence(STEPS, np.full(100, 2.30), 0.11, 10)
    assert sentence == "at chance: loss 2.30 after 99 steps, ln 10 = 2.30; test accuracy 11 %"


def test_a_run_that_learns_names_first_last_and_lowest():
    loss = np.linspace(2.4, 0.42, 100)
    expected = f"learns: loss 2.40 to {loss[-20:].mean():.2f}, lowest {loss[-20:].mean():.2f} at step 99"
    assert run_sentence(STEPS, loss, None, 10) == expected


def test_the_lowest_point_is_where_it_was_not_at_the_end():
    loss = np.concatenate([np.full(20, 2.0), np.full(40, 0.5), np.full(40, 1.0)])
    assert "lowest 0.50 at step 39" in run_sentence(STEPS, loss, None, 10)


def test_a_run_above_chance_is_not_said_to_learn():
    assert run_sentence(STEPS, np.full(100, 3.0), None, 10).startswith("worse than chance: loss 3.00")


def test_a_run_without_a_finite_loss_says_so():
    assert run_sentence(STEPS, np.full(100, np.nan), None, 10) == "no finite loss was measured"


def test_softmax_inside_the_net_sets_the_floor_of_the_notes():
    # FACTS: 4.307 for 200 classes; the loss of a net that is certain and right
    assert loss_floor(200) == pytest.approx(4.307, abs=5e-4)
    certain = torch.nn.functional.one_hot(torch.tensor([3]), 10).float()
    assert loss_floor(10) == pytest.approx(torch.nn.functional.cross_entropy(certain, torch.tensor([3])).item())
    steps, loss = np.arange(400), np.full(400, 1.6)
    assert "keeps the loss above 1.46" in run_sentence(steps, loss, None, 10, softmax=True)
    assert "softmax" not in run_sentence(steps, loss, None, 10)


def test_the_floor_is_told_for_the_data_and_for_the_notes():
    assert floor_sentence(10, 200) == (
        "With 10 classes the loss ends at 1.46 nats at best, and at 4.31 with the notes' 200."
    )


def test_a_run_that_ended_early_says_why_before_what_it_learned():
    said = state_sentence("Stopped at step 99.", STEPS, np.full(100, 2.30), None, 10, softmax=False)
    assert said.startswith("Stopped at step 99. at chance: loss 2.30")
    assert state_sentence("", STEPS[:1], np.ones(1), None, 10, softmax=False) == ""


def test_the_note_beside_a_name_says_how_long_a_net_was_trained():
    assert trained_note(20) == "after 20 steps"
    assert trained_note(400, failed=True) == "after 400 steps, failed: at chance"
    assert untrained_note() == "untrained"
    assert untrained_note(at_work=True) == "untrained, still in training"
