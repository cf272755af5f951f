"""Lesson 11: which net breaks, by the numbers of its lesions; what counts as a right answer of the tasks."""

import pytest

from resnet.findings.lesions import Lost
from resnet.lessons import many_paths


def net(name: str, whole: int, *single: int) -> Lost:
    """500 images of ten classes: guessing gives 50 right answers."""
    return Lost(name, 500, 10, whole, {f"stage1.block{place}": right for place, right in enumerate(single, 1)}, {})


@pytest.mark.parametrize(
    ("plain", "residual", "right"),
    [
        ((70, 80), (440, 460), "plain"),
        ((400, 410), (60, 60), "residual"),
        ((70, 80), (60, 60), "both"),
        ((380, 390), (440, 460), "neither"),
    ],
)
def test_a_net_breaks_that_keeps_less_than_half_of_its_lead(
    plain: tuple[int, ...], residual: tuple[int, ...], right: str
) -> None:
    nets = net("plain-20", 400, *plain), net("res-20", 450, 200, 200), net("res-56", 460, *residual)
    assert many_paths.reveal(nets, anew=False).right == right


def test_the_answer_has_the_numbers_of_all_nets_and_says_which_statistics() -> None:
    nets = net("plain-20", 400, 50, 100), net("res-20", 450, 350, 400), net("res-56", 460, 450, 450)
    kept, anew = (many_paths.reveal(nets, anew=anew).text for anew in (False, True))
    for text in (kept, anew):
        assert "plain-20 **15 %** of 80 %; res-20 **75 %** of 90 %; res-56 **90 %** of 92 %" in text
        assert "Guessing gives 10 %." in text
    assert "estimated anew" in anew
    assert "estimated anew" not in kept


def test_a_net_that_knows_nothing_bears_out_no_answer() -> None:
    nets = net("plain-20", 55, 50, 50), net("res-56", 460, 450, 450)
    reveal = many_paths.reveal(nets, anew=False)
    assert reveal.right == ""
    assert "plain-20 **10 %** of 11 %" in reveal.text


def test_the_block_that_costs_most_is_right_and_so_is_its_equal() -> None:
    found = net("res-56", 460, 300, 400, 300)
    offered = ["stage1.block1", "stage1.block2", "stage1.block3"]
    verdicts = [many_paths.worst(name, found, offered) for name in offered]
    assert [verdict.done for verdict in verdicts] == [True, False, True]
    assert "1.1 60 %, 1.2 80 %, 1.3 60 %" in verdicts[0].text


@pytest.mark.parametrize(
    ("plain", "residual", "right"), [(60, 440, "residual"), (390, 440, "both"), (60, 60, "neither")]
)
def test_swapped_neighbours_are_judged_by_the_mean_over_all_pairs(plain: int, residual: int, right: str) -> None:
    nets = net("plain-20", 400), net("res-56", 460)
    rights = [plain - 10, plain + 10], [residual]
    told = {name: many_paths.swapped(name, *nets, rights) for name in ("plain", "residual", "both", "neither")}
    assert [name for name, verdict in told.items() if verdict.done] == [right]
    assert f"plain-20 {plain / 5:.0f} %, res-56 {residual / 5:.0f} %" in told[right].text


def test_no_answer_about_swaps_is_right_where_a_net_knows_nothing() -> None:
    nets = net("plain-20", 50), net("res-56", 460)
    assert not many_paths.swapped("residual", *nets, ([50], [440])).done


@pytest.mark.parametrize(("kept", "right"), [(0.012, "little"), (0.2, "some"), (0.7, "most")])
def test_what_is_left_of_the_norms_is_told_in_percent(kept: float, right: str) -> None:
    told = {name: many_paths.cancels(name, "res-56", kept) for name in ("most", "some", "little")}
    assert [name for name, verdict in told.items() if verdict.done] == [right]
    assert f"{100 * kept:g} %" in told[right].text
