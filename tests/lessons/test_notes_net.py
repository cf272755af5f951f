"""Lesson 14: what the faults cost, by numbers; and that the code has each fault somewhere and is sound elsewhere."""

import math

import pytest

from resnet.experiments import EXPERIMENTS
from resnet.findings.learning import Result
from resnet.lessons import notes_net
from resnet.lessons.notes_code import CODE, FAULTS
from resnet.lessons.notes_net import Maps, Seeds


def seeds(*last: float, gradient: float = 0.02) -> Seeds:
    """Runs of 400 steps on ten classes that ended at these losses."""
    right = [0.9 if loss < 2.2 else 0.1 for loss in last]
    results = [
        Result(400, 400, 10, 2.3, loss, 0.01, loss, 400, share, 640, share, 1_000)
        for loss, share in zip(last, right, strict=True)
    ]
    return Seeds(results, gradient)


SOUND = seeds(0.31, 0.29, 0.3)


@pytest.mark.parametrize(
    ("notes", "right"),
    [
        ((2.36, 2.09, 2.3), "nothing"),
        ((0.9, 2.3, 0.7), "less"),
        ((0.3, 0.5, 0.4), "well"),
        ((0.5, 0.4), "less"),
        ((0.5, 2.3), "less"),
    ],
)
def test_the_answer_follows_from_how_many_seeds_learned(notes: tuple[float, ...], right: str) -> None:
    assert notes_net.reveal(SOUND, seeds(*notes)).right == right


def test_it_names_the_losses_and_the_runs_that_learned_nothing() -> None:
    text = notes_net.reveal(SOUND, seeds(2.36, 2.09, 2.3)).text
    assert "With 3 seeds the loss ends at **2.09–2.36** instead of 0.29–0.31; guessing gives 2.30." in text
    assert "2 runs learned nothing." in text
    assert "learned nothing" not in notes_net.reveal(SOUND, seeds(0.9)).text


def test_a_sound_net_that_failed_bears_out_no_answer() -> None:
    assert notes_net.reveal(seeds(2.3), seeds(2.3)).right == ""


@pytest.mark.parametrize(
    ("faulty", "spared"), [((0.27, 0.34), True), ((0.31, 0.9), True), ((0.4, 0.57), False), ((0.3, 2.3), False)]
)
def test_a_fault_is_harmless_where_the_seeds_overlap_and_none_fails(faulty: tuple[float, ...], spared: bool) -> None:
    assert notes_net.harmless(SOUND, seeds(*faulty)) == spared
    assert ("No harm is seen" in notes_net.effect("stem", SOUND, seeds(*faulty))) == spared


def test_the_effect_of_the_softmax_has_its_floor_and_the_smaller_gradient() -> None:
    text = notes_net.effect("softmax", SOUND, seeds(1.66, 1.75, gradient=0.0025))
    assert "**1.66–1.75**; without the fault 0.29–0.31" in text
    assert f"below {math.log(1 + 9 / math.e):.2f}." in text
    assert "begins 8 times smaller" in text
    assert "cannot fall below" not in notes_net.effect("norm", SOUND, seeds(0.57))


def test_what_is_not_trained_is_said_and_what_no_training_shows_is_not() -> None:
    assert notes_net.effect("norm", SOUND, Seeds([])) == "Not trained here yet."
    assert notes_net.effect("super", SOUND, None) == ""


def test_blind_methods_are_told_by_both_numbers() -> None:
    text = notes_net.blinds(Maps((0.17, 1.0), (2e-7, 0.8)))
    assert "(correlation 1.00, with modules 0.17), and DeepLift misses its sum by 80 % (with modules by 0 %)" in text


def test_all_faults_have_to_be_found() -> None:
    assert not notes_net.hunted(5).done
    assert notes_net.hunted(6).done
    assert "1 fault found of 6" in notes_net.hunted(1).text


def test_every_harmless_fault_is_a_right_answer_and_no_other() -> None:
    nets = {"norm": seeds(0.5), "stem": seeds(0.3), "softmax": seeds(1.7), "option": seeds(0.29, 0.35)}
    told = {name: notes_net.spares(name, SOUND, nets) for name in FAULTS}
    assert [name for name, verdict in told.items() if verdict.done] == ["stem", "option"]
    assert "Option B only 0.29–0.35; sound 0.29–0.31." in told["super"].text


@pytest.mark.parametrize(
    ("changes", "loss", "done"), [(1, 0.9, True), (1, 1.5, False), (0, 0.9, False), (2, 0.9, False), (1, None, False)]
)
def test_one_change_has_to_get_below_the_floor(changes: int, loss: float | None, done: bool) -> None:
    result = None if loss is None else seeds(loss).results[0]
    verdict = notes_net.mended([("mine", changes, result)], 1.46)
    assert verdict.done == done
    assert ("mine" in verdict.text) == (changes == 1 and loss is not None)


def test_the_code_has_every_fault_and_beside_each_a_sound_line() -> None:
    assert {line.fault for line in CODE} == {"", *FAULTS}
    for line in CODE:
        assert bool(line.fault) == bool(line.sound)
        assert line.sound != line.text


def test_every_fault_that_training_shows_is_recorded() -> None:
    rows = {row.net for row in EXPERIMENTS["notes"].rows}
    assert {fault.net for fault in FAULTS.values()} - {""} <= rows
