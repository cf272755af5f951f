"""What runs of any recipes differ in, and what may be put down to what."""

import pytest

from resnet.findings import selection
from resnet.findings.candidates import ASPECTS, Candidate
from resnet.findings.learning import Result
from resnet.findings.selection import Part
from resnet.specs import NetSpec, Recipe


def part(name: str, loss: float = 0.3, device: str = "cpu", **words: object) -> Part:
    net, recipe = NetSpec.parse(name), Recipe(**words)  # type: ignore[arg-type]
    result = Result(400, 400, 10, first=2.3, last=loss, error=0.01, best=loss, best_step=400, right=0.9, shown=640)
    return Part(name, net, recipe, device, Candidate(name, {}, "ended", result))


def told(*parts: Part) -> str:
    return selection.difference_sentence(parts)


def test_every_field_of_a_recipe_has_a_word() -> None:
    assert set(selection.RECIPE_WORDS) == set(Recipe.model_fields)


def test_every_field_of_net_and_recipe_belongs_to_something_that_is_told() -> None:
    known = {name for names in selection._keys().values() for name in names}
    assert set(selection.fields(NetSpec(depth=8), Recipe(), "cpu")) <= known


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (part("res-20"), part("res-56"), "depth"),
        (part("res-20"), part("plain-20"), "shortcut"),
        (part("res-20"), part("res-20", lr=0.1), "learning rate"),
        (part("res-20"), part("res-20", data="digits"), "data set"),
        (part("res-20"), part("res-20", device="cuda"), "device"),
    ],
)
def test_one_difference_is_named_and_may_be_the_cause(one: Part, other: Part, what: str) -> None:
    assert (
        told(one, other) == f"These runs differ in one thing alone, {what}: a gap between them can be put down to it."
    )


def test_several_differences_are_named_and_none_is_the_cause() -> None:
    text = told(part("res-20"), part("plain-56", lr=0.1))
    assert text == (
        "These runs differ in depth, shortcut and learning rate: "
        "a gap between two of them cannot be put down to one of these."
    )


def test_runs_of_a_mixed_selection_that_differ_in_one_thing_are_pointed_out() -> None:
    text = told(part("res-20"), part("res-56"), part("plain-20", lr=0.1), part("plain-20"))
    assert "In depth alone differ “res-20” and “res-56”." in text
    assert "In shortcut alone differ “res-20” and “plain-20”." in text
    assert "In learning rate alone differ “plain-20” and “plain-20”." in text


def test_seeds_alone_are_chance() -> None:
    assert told(part("res-20"), part("res-20", seed=1)).endswith("what tells their curves apart is chance.")


def test_runs_that_differ_in_their_seed_are_not_pointed_out_as_a_comparison() -> None:
    text = told(part("res-20"), part("res-20", seed=1), part("plain-56", lr=0.1))
    assert "alone" not in text


def test_how_often_something_is_measured_is_no_difference() -> None:
    assert told(part("res-20"), part("res-20", record_every=5)) == "These runs are of one net and one recipe."


def test_one_run_is_compared_with_nothing() -> None:
    assert told(part("res-20")) == ""


def test_findings_are_told_of_those_only_that_share_a_recipe() -> None:
    apart = [part("plain-20", loss=0.9), part("plain-56", loss=2.3, lr=0.1)]
    assert "Depth" not in selection.sentences(apart)
    together = [*apart, part("plain-56", loss=1.8)]
    text = selection.sentences(together).replace("\\", "")
    assert "deeper is worse" in text
    assert text.startswith("These runs differ in depth and learning rate; what follows compares those that differ in")
    assert "In learning rate alone differ “plain-56” and “plain-56”." in text


def test_labels_say_what_a_recipe_has_of_its_own_and_are_never_equal() -> None:
    recipes = [Recipe(), Recipe(lr=0.1), Recipe(lr=0.1, record_every=5)]
    assert selection.labels(["res-20"] * 3, recipes) == [
        "res-20",
        "res-20 · learning rate 0.1",
        "res-20 · learning rate 0.1 (2)",
    ]
    assert selection.labels(["a", "b"], [Recipe(), Recipe()]) == ["a", "b"]


def test_a_recipe_in_words_leaves_out_what_is_usual() -> None:
    assert selection.recipe_words(Recipe()) == ""
    assert selection.recipe_words(Recipe(lr=0.1, optimizer="sgd", seed=3)) == "optimizer sgd, learning rate 0.1"
    assert selection.recipe_words(Recipe(schedule="one_cycle")) == "schedule one cycle"


def test_words_of_aspects_are_known() -> None:
    assert {selection._word(key) for key in ASPECTS} >= {"depth", "shortcut", "blocks per stage"}
