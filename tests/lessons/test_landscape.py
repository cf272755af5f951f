"""Lesson 12: plateaus and hollows by numbers, and what maps cannot tell."""

import math

import numpy as np
import pytest

from resnet.findings.learning import Result
from resnet.findings.surface import Ground
from resnet.lessons import landscape

AXIS = np.linspace(-1, 1, 5)
X, Y = np.meshgrid(AXIS, AXIS)


def ground(losses: np.ndarray, name: str = "plain-56") -> Ground:
    return Ground(name, 10, AXIS, AXIS, losses, float(losses[2, 2]))


def bowl(centre: float, steep: float, name: str = "res-56") -> Ground:
    """The loss doubles `1 / steep` from the centre along all four ways, up to the grid's linear logarithm."""
    return ground(centre * 2 ** (steep * np.hypot(X, Y)), name)


PLATEAU = ground(np.full((5, 5), 2.3))


def test_the_loss_of_guessing_all_over_is_a_plateau() -> None:
    reveal = landscape.reveal(PLATEAU, bowl(0.2, 4))
    assert reveal.right == "plateau"
    assert "plain-56: the loss is 2.30 at the centre, and at **100 %** of the points" in reveal.text
    assert "ln 10 = 2.30" in reveal.text
    assert "res-56: the loss is 0.20 at the centre and twice that 0.25 to 0.25 filter norms away." in reveal.text


def test_one_low_point_is_a_hollow_and_several_are_hollows() -> None:
    assert landscape.kind(bowl(0.2, 4)) == "hollow"
    waves = ground(3 + np.cos(2 * math.pi * X) + np.cos(2 * math.pi * Y))
    assert landscape.kind(waves) == "hollows"


def test_a_net_in_a_hollow_of_a_plateau_does_not_lie_on_it() -> None:
    losses = np.full((5, 5), 2.3)
    losses[2, 2] = 0.5
    assert landscape.kind(ground(losses)) == "hollow"


def test_points_without_a_finite_loss_are_no_hollows_and_a_slope_has_none_inside() -> None:
    losses = bowl(0.2, 4).losses.copy()
    losses[0] = np.nan
    losses[4] = np.inf
    assert landscape.kind(ground(losses)) == "hollow"
    assert landscape.kind(ground(np.full((5, 5), np.nan))) == ""
    assert landscape.kind(ground(np.full((5, 5), 7.0))) == ""


@pytest.mark.parametrize(("classes", "right"), [(10, "2.30"), (3, "1.10")])
def test_the_level_of_guessing_follows_from_the_classes(classes: int, right: str) -> None:
    assert landscape.level(right, classes).done
    assert not landscape.level("1.00", classes).done
    assert f"ln {classes} = {right}" in landscape.level("1.00", classes).text


@pytest.mark.parametrize(
    ("plain", "residual", "right"),
    [
        ((0.5, 1.5), (0.4, 4.0), "plain"),
        ((0.5, 4.0), (0.4, 1.5), "residual"),
        ((0.5, 3.0), (0.4, 3.0), "neither"),
        ((0.9, 1.5), (0.2, 4.0), "neither"),  # the losses differ 4.5 times
    ],
)
def test_which_net_lies_flatter_is_told_only_where_the_losses_are_alike(
    plain: tuple[float, float], residual: tuple[float, float], right: str
) -> None:
    pairs = [(bowl(*plain, name="plain-20"), bowl(*residual, name="res-20"))] * 3
    told = {name: landscape.flatter(name, pairs) for name in ("plain", "residual", "neither")}
    assert [name for name, verdict in told.items() if verdict.done] == [right]
    assert f"plain-20 {plain[0]:.2f}, res-20 {residual[0]:.2f}" in told[right].text
    assert ("flatness cannot be compared" in told[right].text) == (plain[0] > 2 * residual[0])


def test_a_net_that_lies_flatter_along_some_ways_only_is_not_flatter() -> None:
    valley = ground(0.5 * 2 ** np.hypot(4 * X, 1.2 * Y), "plain-20")
    pairs = [(valley, bowl(0.4, 2.0, "res-20"))]
    assert landscape.flatter("neither", pairs).done
    assert landscape.flatter("neither", [pair[::-1] for pair in pairs]).done


def test_pairs_of_directions_that_disagree_tell_nothing() -> None:
    one = bowl(0.5, 1.5, "plain-20"), bowl(0.4, 4.0, "res-20")
    other = bowl(0.5, 4.0, "plain-20"), bowl(0.4, 1.5, "res-20")
    assert landscape.flatter("neither", [one, other]).done


def result(last: float) -> Result:
    return Result(400, 400, 10, 2.3, last, 0.01, last, 400, 0.1, 640)


def test_only_a_residual_net_at_the_loss_of_guessing_counts() -> None:
    assert landscape.on_plateau([("res-56-scale", True, result(2.29))]).done
    assert not landscape.on_plateau([("plain-56", False, result(2.29))]).done
    assert not landscape.on_plateau([("res-56", True, None)]).done
    found = landscape.on_plateau([("plain-56", False, result(2.3)), ("res-56", True, result(0.25))])
    assert not found.done
    assert "Loss at the end: res-56 0.25; guessing gives 2.30." in found.text
    assert not landscape.on_plateau([("res-56", True, result(math.nan))]).done
