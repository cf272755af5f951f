"""What is said of nets without some of their blocks, for chosen numbers."""

import pytest

from resnet.findings.lesions import (
    Lost,
    Wound,
    block_label,
    several_sentence,
    single_sentence,
    survival_sentence,
    wound_sentence,
)

SINGLE = {"stage1.block1": 400, "stage1.block2": 100, "stage2.block1": 430}
STRONG = Lost("res-20", 500, 10, 450, SINGLE, {1: [400, 430], 2: [300, 350], 3: [300, 55]})
WEAK = Lost("plain-20", 500, 10, 400, {"stage1.block1": 60, "stage1.block2": 50}, {1: [60, 50]})
GUESSES = Lost("plain-56", 500, 10, 55, {"stage1.block1": 50}, {1: [50]})


def test_one_block_is_told_by_mean_and_worst_and_how_often_it_is_above_guessing():
    assert single_sentence(STRONG) == (
        r"**res\-20**: 90 % right, **62 %** in the mean with one block deleted; lowest without stage 1, block 2: 20 %. "
        "Surely above guessing (10 %) in 3 of 3 cases."
    )
    assert "**11 %** in the mean" in single_sentence(WEAK)
    assert "in 0 of 2 cases" in single_sentence(WEAK)  # 60 of 500 may be guessed


def test_a_net_that_guesses_has_nothing_to_lose():
    said = single_sentence(GUESSES)
    assert said.endswith("is not surely above guessing (11 % right, guessing 10 %): it has nothing to lose.")
    assert several_sentence(GUESSES) == ""
    assert survival_sentence([STRONG, GUESSES]) == ""
    assert wound_sentence(GUESSES, Wound(["stage1.block1"], 0), 50).endswith("it has nothing to lose.")


def test_a_net_without_a_block_to_delete_says_so():
    assert single_sentence(Lost("a", 500, 10, 450, {}, {})).endswith("none of its blocks can be deleted.")
    only = Lost("a", 500, 10, 450, {"stage1.block1": 40}, {})
    assert single_sentence(only).startswith("**a**: 90 % right; **8 %** without stage 1, block 1, the one block")


@pytest.mark.parametrize(
    ("several", "end"),
    [
        ({1: [400, 430], 2: [300, 350], 3: [300, 55]}, "with 2 deleted blocks, not in every draw with 3."),
        ({1: [400, 430], 2: [300, 50]}, "with 1 deleted block, not in every draw with 2."),
        ({1: [400, 50], 2: [300, 350]}, "is not surely above guessing in every draw of a single block."),
        ({1: [400], 4: [300]}, "is surely above guessing in every draw, up to 4 deleted blocks."),
        ({}, ""),
    ],
)
def test_several_blocks_are_counted_up_to_the_first_number_that_fails(several, end):
    assert several_sentence(Lost("a", 500, 10, 450, SINGLE, several)).endswith(end)
    assert bool(several_sentence(Lost("a", 500, 10, 450, SINGLE, several))) == bool(end)


def test_who_survives_is_said_only_where_the_images_leave_no_doubt():
    said = survival_sentence([WEAK, STRONG])
    assert r"plain\-20 **1 %**, res\-20 **65 %**" in said  # (11 - 10) / (80 - 10), (62 - 10) / (90 - 10)
    assert r"res\-20 survives the loss of one block better." in said
    near = Lost("b", 500, 10, 450, {"stage1.block1": 320}, {})
    assert "So small a difference may be chance: these are 500 images." in survival_sentence([near, STRONG])
    assert survival_sentence([STRONG]) == ""


def test_a_lesion_is_named_with_its_interval_and_its_distance_from_guessing():
    said = wound_sentence(STRONG, Wound(["stage1.block2", "stage2.block1"], 0), 250)
    assert said == (
        r"**res\-20** without stage 1, block 2; stage 2, block 1: **50 %** right (95 % interval 46 % to 54 %), whole "
        "90 %. Surely above guessing (10 %)."
    )
    assert "Not surely above guessing" in wound_sentence(STRONG, Wound([], 2), 65)
    assert "with 2 blocks moved: **13 %**" in wound_sentence(STRONG, Wound([], 2), 65)
    many = Wound([f"stage1.block{number}" for number in range(1, 8)], 3)
    assert "without 7 blocks and with 3 blocks moved:" in wound_sentence(STRONG, many, 65)
    assert "as it is: **90 %** right" in wound_sentence(STRONG, Wound([], 0), 450)


def test_blocks_are_named_by_stage_and_number():
    assert block_label("stage2.block13") == "stage 2, block 13"
