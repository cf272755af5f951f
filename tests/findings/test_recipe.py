import pytest

from resnet.findings.recipe import notes, schedule_sentence
from resnet.specs import Recipe


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", ""),
        ("warmup=400", ""),  # its last update is at the learning rate
        ("warmup=401&lr=0.1", "The warm-up is longer than the run: the learning rate never reaches 0.1."),
        (
            "steps=800&extended=400",
            "The run was extended: its first 400 steps follow the schedule of 400, the rest that of 800.",
        ),
        ("steps=800&extended=400&schedule=constant", ""),
        ("data=digits", "No image of Digits is mirrored: it could get another label."),
        ("data=digits&flip=no", ""),
        ("data=digits&augment=no", ""),
    ],
)
def test_what_is_hardly_meant_is_said_and_nothing_else(words: str, sentence: str) -> None:
    assert " ".join(notes(Recipe.parse(words))) == sentence


@pytest.mark.parametrize(
    ("rates", "sentence"),
    [
        ([0.1, 0.1, 0.1], "0.1 in every step."),
        ([0.1], "0.1 in every step."),
        ([0.1, 0.05, 0.001], "From 0.1 in the first step to 0.001 in the last."),
        ([0.01, 0.1, 0.1, 0.02], "From 0.01 in the first step to 0.1 at step 1 and 0.02 in the last."),
        ([0.01, 0.02, 0.05], "From 0.01 in the first step to 0.05 in the last."),
    ],
)
def test_the_sentence_of_a_schedule_names_its_ends_and_its_highest_rate(rates: list[float], sentence: str) -> None:
    assert schedule_sentence(rates) == sentence
