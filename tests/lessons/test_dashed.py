"""Lesson 8: the answer follows the runs; parameters are counted from the layer table."""

import pytest

from resnet.findings.outcomes import Outcome
from resnet.lessons import dashed


def outcomes(ends: dict[str, list[float]]) -> dict[str, list[Outcome]]:
    found = {row.key: [Outcome("open")] * 3 for row in dashed.EXPERIMENT.rows}
    for option, row in dashed.rows(56).items():
        found[row.key] = [Outcome("ended", loss, failed=loss > 2.2) for loss in ends[option]]
    return found


@pytest.mark.parametrize(
    ("c", "right"),
    [
        ([2.3] * 3, "highest"),
        ([0.31] * 3, "level"),
        ([0.1] * 3, "lowest"),
        ([0.1, 0.31, 2.3], ""),
        ([2.3, 2.3, 0.3], "highest"),
    ],
)
def test_the_answer_is_what_most_seeds_say_of_c_beside_a(c: list[float], right: str) -> None:
    told = dashed.reveal(outcomes({"A": [0.3] * 3, "B": [0.4] * 3, "C": c}), 56)
    assert told.right == right
    assert "A ends at 0.30 (0.30–0.30)" in told.text
    assert "C errs least: 24.19 %, B 24.52 %, A 25.03 %." in told.text


def test_where_nothing_learned_there_is_no_answer() -> None:
    assert dashed.reveal(outcomes({"A": [2.3] * 3, "B": [2.3] * 3, "C": [2.3] * 3}), 56).right == ""
    assert dashed.reveal({row.key: [Outcome("open")] * 3 for row in dashed.EXPERIMENT.rows}, 56).right == ""


def test_the_notes_blocks_have_these_parameters() -> None:
    solid, dashes = 2 * (9 * 64 * 64 + 64), (9 * 64 * 128 + 128) + (9 * 128 * 128 + 128) + (64 * 128 + 128)
    assert dashed.count(str(solid), "stage1.block1").done
    assert dashed.count(str(dashes), "stage2.block1").done
    assert dashed.count(str(solid), "stage1.block1").text == "Right: 36,928 + 36,928 = 73,856."


def test_a_wrong_count_is_told_what_it_left_out() -> None:
    assert "weights alone" in dashed.count(str(2 * 9 * 64 * 64), "stage1.block1").text
    assert "One convolution is missing" in dashed.count(str(73_856 + 147_584), "stage2.block1").text
    assert "Not yet" in dashed.count("1", "stage2.block1").text
    assert not dashed.count("1", "stage2.block1").done


def test_three_blocks_of_34_layers_are_dashed() -> None:
    assert dashed.dashed("3").done
    assert not dashed.dashed("4").done
