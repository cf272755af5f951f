"""Lesson 15: what few test pictures say, by numbers."""

import pytest

from resnet.findings.few import Few
from resnet.findings.learning import Result
from resnet.lessons import photographs


def few(test: int, many: int = 150, train: int = 48) -> Few:
    return Few((train, 48), (test, 12), (many, 300))


@pytest.mark.parametrize(
    ("rights", "right"), [((7, 7, 8), "few"), ((7, 9), "some"), ((6, 9), "some"), ((6, 10, 8), "many")]
)
def test_the_answer_is_by_how_many_pictures_the_seeds_differ(rights: tuple[int, ...], right: str) -> None:
    assert photographs.reveal([few(one) for one in rights]).right == right


def test_it_has_all_three_parts_and_the_interval_of_the_best_seed() -> None:
    text = photographs.reveal([few(6, 141), few(10, 168)]).text
    assert "Right on the test: 6 to **10 of 12**." in text
    assert "On 300 other pictures of the same classes these nets have 47 % to 56 % right" in text
    assert "on the training pictures 100 %." in text
    assert "With 10 of 12 the 95 % interval reaches from 55 % to 95 %." in text  # Wilson 1927


def test_training_pictures_that_were_not_all_learned_are_a_range() -> None:
    assert "on the training pictures 75 % to 100 %." in photographs.reveal([few(6, train=36), few(8)]).text


def test_the_smallest_number_that_suffices_is_right() -> None:
    offered = (12, 100, 300, 1000)
    told = {count: photographs.enough(str(count), offered) for count in offered}
    assert [count for count, verdict in told.items() if verdict.done] == [300]
    assert "12: 44 points, 100: 17 points, 300: 10 points, 1000: 5 points" in told[12].text
    assert not photographs.enough("12", (12, 100)).done


@pytest.mark.parametrize(
    ("train", "many", "right"), [(40, 220, "test"), (40, 100, "neither"), (48, 220, ""), (40, 151, "")]
)
def test_more_pictures_are_judged_by_both_means(train: int, many: int, right: str) -> None:
    before, after = [few(7)] * 2, [few(9, many, train)] * 2
    told = {name: photographs.more(name, before, after) for name in ("both", "test", "train", "neither")}
    assert [name for name, verdict in told.items() if verdict.done] == ([right] if right else [])
    assert f"{train / 48:.0%}".replace("%", " %") in told["both"].text
    assert f"50 % and then {many / 3:.0f} %" in told["both"].text


def test_better_in_training_too_is_an_answer_of_its_own() -> None:
    before, after = [few(7, 150, 36)], [few(9, 200, 48)]
    assert photographs.more("both", before, after).done
    assert photographs.more("train", before, [few(9, 100, 48)]).done


def result(test: float) -> Result:
    return Result(100, 100, 3, 1.1, 0.1, 0.01, 0.1, 100, 1.0, 320, test, 12)


@pytest.mark.parametrize(
    ("own", "classes", "seeds", "done"),
    [(True, 3, 3, True), (False, 10, 3, False), (True, 2, 3, False), (True, 3, 2, False), (True, 3, 0, False)],
)
def test_own_pictures_need_three_classes_and_three_seeds(own: bool, classes: int, seeds: int, done: bool) -> None:
    verdict = photographs.own_pictures(own, classes, [result(0.5 + 0.1 * seed) for seed in range(seeds)], 12)
    assert verdict.done == done
    assert ("Right on 12 test pictures: 50 % to" in verdict.text) == (own and classes == 3 and seeds > 0)
