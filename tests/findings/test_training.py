"""What is said of one run."""

import math
from dataclasses import replace

import pytest

from resnet.findings.learning import Result
from resnet.findings.training import floor_sentence, run_sentence, state_sentence, trained_note, untrained_note

CHANCE = Result(
    steps=400, planned=400, classes=10, first=2.4, last=2.30, error=0.01, best=2.29, best_step=310,
    right=0.1, shown=640, test=0.11, tested=1_000,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "at chance: loss 2.30 after 400 steps, ln 10 = 2.30; test accuracy 11 %"),
        ({"last": 0.42, "test": math.nan}, "learns: loss 2.40 to 0.42, lowest 2.29 at step 310"),
        ({"last": 3.0}, "worse than chance: loss 3.00 after 400 steps, ln 10 = 2.30; test accuracy 11 %"),
        (
            {"last": 2.27, "test": 0.21, "steps": 40, "planned": 40},
            "has begun to learn: 21 % right, by guessing 10 %; loss 2.27, ln 10 = 2.30; test accuracy 21 %",
        ),
        (
            {"last": 2.60, "test": 0.45},
            "learns, but is often sure of a wrong class: 45 % right, by guessing 10 %; loss 2.60, ln 10 = 2.30; "
            "test accuracy 45 %",
        ),
        (
            {"steps": 7, "planned": 150, "shown": 224},
            "too few steps or images to tell: loss 2.40 to 2.30 in 7 steps; test accuracy 11 %",
        ),
        (
            {"steps": 60, "planned": 150},
            "no better than guessing so far: loss 2.30, ln 10 = 2.30; test accuracy 11 %",
        ),
        ({"last": 8.9e7}, "worse than chance: loss 8.9·10⁷ after 400 steps, ln 10 = 2.30; test accuracy 11 %"),
        ({"last": math.nan}, "no finite loss was measured"),
    ],
)
def test_a_run_is_described_by_its_numbers(changes: dict[str, float], expected: str) -> None:
    assert run_sentence(replace(CHANCE, **changes)) == expected


def test_softmax_inside_the_net_is_said_with_its_floor() -> None:
    assert "keeps the loss above 1.46" in run_sentence(CHANCE, softmax=10)
    assert "keeps the loss above 4.31" in run_sentence(CHANCE, softmax=200)
    assert "softmax" not in run_sentence(CHANCE)


def test_the_floor_is_told_for_the_data_and_for_the_notes() -> None:
    assert floor_sentence(10, 200) == (
        "With 10 classes the loss ends at 1.46 nats at best, and at 4.31 with the notes' 200."
    )


def test_a_run_that_ended_early_says_why_before_what_it_learned() -> None:
    assert state_sentence("Stopped at step 99.", CHANCE).startswith("Stopped at step 99. at chance: loss 2.30")
    assert state_sentence("", replace(CHANCE, steps=0), clipped=0.5) == ""
    assert state_sentence("", Result(0, 400, 10)) == ""  # a run that is just starting


def test_the_note_beside_a_name_says_how_long_a_net_was_trained() -> None:
    assert trained_note(20) == "after 20 steps"
    assert trained_note(400, failed=True) == "after 400 steps, failed: at chance"
    assert untrained_note() == "untrained"
    assert untrained_note(at_work=True) == "untrained, still in training"


@pytest.mark.parametrize(("share", "end"), [(0.341, "; gradients clipped in 34 % of the steps"), (math.nan, "11 %")])
def test_the_share_of_clipped_steps_is_told_where_there_is_one(share: float, end: str) -> None:
    assert run_sentence(CHANCE, clipped=share).endswith(end)
    assert state_sentence("", CHANCE, clipped=share).endswith(end)
