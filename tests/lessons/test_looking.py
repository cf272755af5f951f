"""Lesson 13: the column of the untrained net, and methods judged by numbers."""

import pytest

from resnet.lessons import looking
from resnet.lessons.looking import Shown

NETS = [Shown("res-56", 0.62, True), Shown("res-56", 0.48, False), Shown("plain-56", 0.4, True)]


@pytest.mark.parametrize("place", range(3))
def test_the_answer_is_the_letter_above_the_untrained_net(place: int) -> None:
    trained = [one for one in NETS if one.trained]
    columns = [*trained[:place], NETS[1], *trained[place:], Shown("plain-20", 0.58, True)]
    assert looking.reveal(columns, 0.26, 8).right == "ABC"[place]


def test_it_has_the_share_of_every_net_and_of_an_even_map() -> None:
    text = looking.reveal([*NETS, Shown("plain-20", 0.58, True)], 0.26, 8).text
    assert "8 test images: A res-56 **62 %**; B res-56 **48 %**; C plain-56 **40 %**; D plain-20 **58 %**." in text
    assert "An even map has 26 %." in text


@pytest.mark.parametrize(("inside", "finds"), [(0.48, True), (0.2, False), (float("nan"), False)])
def test_that_an_untrained_net_finds_the_object_is_said_only_where_it_does(inside: float, finds: bool) -> None:
    columns = [Shown("res-56", inside, False), *NETS[:1], *NETS[2:], Shown("plain-20", 0.58, True)]
    assert ("find the object, too" in looking.reveal(columns, 0.26, 8).text) == finds


def test_a_net_that_was_trained_for_nothing_is_named() -> None:
    columns = [*NETS, Shown("plain-20", 0.58, True, learned=False)]
    assert "Trained, and yet at chance: plain-20." in looking.reveal(columns, 0.26, 8).text
    assert "at chance" not in looking.reveal([*NETS, Shown("plain-20", 0.58, True)], 0.26, 8).text


def test_the_method_that_stays_most_like_itself_hardly_notices() -> None:
    likeness = {"saliency": 0.45, "guided_backprop": 0.87, "grad_cam": 0.32}
    told = {method: looking.forgets(method, likeness, "stage2.block2") for method in likeness}
    assert [method for method, verdict in told.items() if verdict.done] == ["guided_backprop"]
    assert "to stage2.block2 random: Saliency 0.45, Guided backprop 0.87, Grad-CAM 0.32." in told["saliency"].text


def test_the_method_with_the_largest_difference_separates_best() -> None:
    inside = {"saliency": (0.9, 0.8), "occlusion": (0.6, 0.33), "grad_cam": (0.27, 0.35)}
    told = {method: looking.separates(method, inside) for method in inside}
    assert [method for method, verdict in told.items() if verdict.done] == ["occlusion"]
    assert "Occlusion 60 % against 33 %" in told["saliency"].text
