"""What is said of all test images, and of single ones."""

import numpy as np
import pytest

from resnet.findings.mistakes import answers_caption, overview_sentence

GOOD, BAD = np.array([[9, 1], [0, 10]]), np.array([[5, 5], [7, 3]])


@pytest.mark.parametrize(
    ("nets", "said"),
    [
        (
            [("plain-20", BAD), ("res-20", GOOD)],
            "res-20 gets 19 test images right, plain-20 8. Most often res-20 takes “ring” for “star”: 1 of 10.",
        ),
        (
            [("plain-20", BAD)],
            "plain-20 gets 8 test images right. Most often plain-20 takes “star” for “ring”: 7 of 10.",
        ),
        ([("res-20", np.diag([4, 6])), ("res-56", np.diag([4, 6]))], "res-20 gets 10 test images right."),
    ],
)
def test_one_sentence_names_the_best_the_worst_and_the_commonest_mistake(nets, said):
    assert overview_sentence(nets, ["ring", "star"]) == said


def test_a_probability_is_never_parted_from_its_class_and_its_unit():
    told = answers_caption(35, "ring", [("res-20", "ring", 0.904, True), ("plain-20", "star", 0.11, False)])
    assert told.splitlines() == [
        "**35 · ring**  ",
        "✓ res\\-20: ring\u00a090\u00a0%  ",
        "✗ plain\\-20: star\u00a011\u00a0%",
    ]
