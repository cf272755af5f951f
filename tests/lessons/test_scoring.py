"""Guesses row by row are counted only where there is something to compare them with."""

from resnet.lessons.scoring import score_sentence


def test_only_guessed_and_measured_rows_count() -> None:
    truth = {"one": "a", "two": "b", "three": "a"}
    assert (
        score_sentence({"one": "a", "two": "a", "four": "a"}, truth)
        == "Of your guesses for single rows 1 of 2 are right."
    )
    assert score_sentence({}, truth) == ""
    assert score_sentence({"four": "a"}, truth) == ""
