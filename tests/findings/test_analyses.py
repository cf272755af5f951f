"""What is said of guesses, equations, shattered gradients, path lengths, scores, the sanity check and counts."""

import numpy as np
import pytest

from resnet.findings import board, equations, layers, mistakes, sanity, scores
from resnet.findings.paths import cancel_sentence, path_sentence
from resnet.findings.shattered import Neighbours, frozen_sentence, shattered_sentence

VANISHED, EXPLODED, LEVEL = np.array([1e-6, 1.0]), np.array([1e4, 1.0]), np.array([1.0, 1.0])


WORDS = {board.NONE: "none", 0: "the first", 1: "the second"}


def guessed(row, guess, *gradients):
    return board.Guessed(row, tuple(f"{row}*{place}" for place in range(len(gradients))), gradients, guess)


def test_the_verdict_counts_what_was_guessed_and_names_the_farthest_miss():
    rows = [
        guessed("a", 0, LEVEL, np.array([1e-3, 1.0])),
        guessed("b", 0, LEVEL, VANISHED),
        guessed("c", 1, LEVEL, EXPLODED),
    ]
    assert board.verdict(rows, WORDS) == (
        r"**1 of 3 right.** Your surprise: in “b” b\*1 changes most; it vanishes (÷1.0·10⁶ from last to first block). "
        "You guessed: the first."
    )
    assert "it explodes (×1.0·10⁴" in board.verdict([guessed("c", board.NONE, LEVEL, EXPLODED)], WORDS)
    assert board.verdict(rows[2:], WORDS) == "**1 of 1 right.**"
    assert board.verdict([], WORDS) == ""


def test_a_row_in_which_nothing_explodes_or_vanishes_is_guessed_by_none_of_them():
    assert guessed("a", board.NONE, LEVEL, np.array([99.0, 1.0])).right
    assert not guessed("a", 1, LEVEL, np.array([99.0, 1.0])).right
    assert board.verdict([guessed("a", 1, LEVEL, LEVEL)], WORDS).endswith(
        "in “a” no gradient leaves a factor of 100. You guessed: the second."
    )


def test_what_leaves_the_level_on_its_way_counts_and_what_is_0_or_not_finite_most():
    detour = np.array([1.0, 1e5, 1.0])
    assert board.change(detour) == 1e5
    assert board.culprits([VANISHED, np.array([0.0, 1.0]), np.array([np.inf, 1.0])]) == {1, 2}


@pytest.mark.parametrize(
    ("forward", "backward", "start"),
    [(1e-7, 1e-6, "Both equations hold"), (1e-7, 0.3, "The equations do not"), (0.3, 1e-7, "The equations do not")],
)
def test_both_equations_must_hold(forward, backward, start):
    assert equations.holds_sentence(forward, backward).startswith(start)


def test_the_parts_of_a_gradient_are_told_with_their_sizes():
    assert equations.parts_sentence("stage1.block2", 0.5, -0.123) == (
        "At stage1.block2 the direct term is 50 % as long as the whole gradient; the branches' part stands at cosine "
        "-0.12 to it."
    )


def test_reasons_are_told_where_there_are_some():
    assert equations.reasons_sentence(["A.", "B."]) == "**Why not exact:** A. B."
    assert equations.reasons_sentence([]) == ""


def test_names_of_visitors_are_escaped_in_every_sentence_that_is_markdown():
    pair = [Neighbours("a*b", np.array([0.5]), np.array([0.7]))]
    assert r": a\*b **0.50**." in shattered_sentence(pair)
    assert frozen_sentence(pair).endswith(r": a\*b **0.70**.")
    assert path_sentence("a*b", 2, 5, 3, 0.25, 0.02) == (
        r"**a\*b**: measured by the sum of the norms of all paths, 90 % of the gradient come through paths of 2 to 5 "
        "blocks; most through paths of 3, 25 ± 2 % (standard error of the sampled paths)."
    )
    assert r"Not surely above it: a\*b \(Saliency\)." in scores.energy_sentence(
        [("a*b", "saliency", (0.3, 0.1, 0.5))], 0.2
    )
    caption = mistakes.answers_caption(3, "ring", [("a*b", "star", 0.6, False)]).replace("\u00a0", " ")
    assert caption == "**3 · ring**  \n✗ a\\*b: star 60 %"
    assert board.surprise_sentence("a*b", 1, 2).startswith(
        r"Surprise of the day on this server: “a\*b”, guessed wrong 1 of 2"
    )


def test_several_pairs_of_images_are_told_by_their_mean_and_how_far_they_lie_apart():
    nets = [
        Neighbours("a", np.array([0.5, 0.6]), np.array([0.7, 0.8])),
        Neighbours("b", np.full(2, -0.001), np.ones(2)),
    ]
    said = shattered_sentence(nets)
    assert "mean of 2 pairs of images: a **0.55**, b **0.00**." in said
    assert said.endswith("Lowest and highest pair: a 0.50 to 0.60, b 0.00 to 0.00.")
    assert frozen_sentence(nets).endswith("a **0.75** (0.70 to 0.80), b **1.00** (1.00 to 1.00).")
    one = [Neighbours("a", np.array([0.5]), np.array([0.7]))]
    assert shattered_sentence(one).endswith("One pair may lie far from the mean of several.")


def test_it_is_said_how_much_paths_cancel():
    assert "is 12 % as long as their norms together" in cancel_sentence(0.123)


def test_maps_above_chance_are_told_by_the_lower_end_of_their_interval():
    above = [("a", "saliency", (0.5, 0.3, 0.7))]
    assert "All maps have more" in scores.energy_sentence(above, 0.2)
    assert "Not surely above it" in scores.energy_sentence(above, 0.3)
    assert scores.score_text((0.5, 0.3, 0.7)) == "0.50 [0.30, 0.70]"
    assert scores.score_text(None) == scores.score_text((float("nan"),) * 3) == ""


def test_the_sanity_check_says_how_much_of_the_net_is_random():
    cascade = sanity.sanity_sentence([("saliency", 0.5)], "stage1.block1", cascading=True)
    single = sanity.sanity_sentence([("saliency", 0.5)], "stage1.block1", cascading=False)
    assert "everything from the head to stage1.block1 random: Saliency **0.50**" in cascade
    assert "with stage1.block1 alone random: Saliency **0.50**" in single


def test_twins_are_compared_by_their_parameters():
    assert layers.twins_sentence("res-20", "plain-20", 1234, 1234).startswith("res-20 and plain-20 have the same 1,234")
    assert layers.twins_sentence("res-20", "plain-20", 1250, 1234).startswith("res-20 has 16 parameters more")


def test_the_sum_of_the_layers_names_its_units():
    assert layers.sums_sentence(68_050, 2_500_000, 12.34, 32) == (
        "Sum: 68,050 parameters, 2.5 M multiply-adds an image, 12.3 MB of outputs at batch 32 in float32."
    )
