"""What the loss around a net says, for numbers that are chosen."""

import math

import numpy as np
import pytest

from resnet.findings import surface
from resnet.findings.surface import Ground

LN2 = math.log(2)
AXIS = np.linspace(-1, 1, 9)


def bowl(centre=0.5, along=LN2, across=LN2, name="res-20"):
    """Loss = centre · exp(along |x| + across |y|): with ln 2 it doubles at a distance of 1."""
    losses = centre * np.exp(along * np.abs(AXIS)[None, :] + across * np.abs(AXIS)[:, None])
    return Ground(name, 10, AXIS, AXIS, losses, centre)


def flat(loss, centre, name="plain-56"):
    losses = np.full((9, 9), float(loss))
    losses[4, 4] = centre
    return Ground(name, 10, AXIS, AXIS, losses, centre)


@pytest.mark.parametrize(("along", "distance"), [(1.0, 1.0), (4.0, 0.25), (3.0, 1 / 3), (0.5, math.inf)])
def test_the_loss_doubles_where_its_exponential_does(along, distance):
    found = surface.doubling(bowl(along=along * LN2, across=2 * LN2))
    assert found == pytest.approx([distance, distance, 0.5, 0.5])


def test_each_of_the_four_ways_is_looked_along():
    ground = bowl()
    ground.losses[4, 5:] *= 8  # along x
    ground.losses[:2, 4] *= 8  # against y, from 0.75 on
    east, west, north, south = surface.doubling(ground)
    assert 0 < east < 0.25
    assert (west, north) == pytest.approx((1, 1))
    assert 0.5 < south < 0.75


def test_beyond_a_point_without_a_loss_nothing_is_claimed():
    ground = bowl(along=4 * LN2)
    ground.losses[4, 5] = np.nan
    ground.losses[4, 3] = np.inf
    assert surface.doubling(ground)[:2] == [math.inf, math.inf]


def test_a_failed_net_is_said_to_lie_on_a_plateau():
    (centre, plateau) = surface.surface_sentences([flat(2.31, 2.30)], random=True)
    assert centre == r"Loss at the centre, which is the net itself: plain\-56 **2.30**."
    assert plateau == (
        r"plain\-56 lies on a plateau: at 100 % of the points, and at its centre, the loss is within 5 % of ln 10 = "
        "2.30, which guessing gives."
    )


def test_a_trained_net_in_a_plateau_lies_in_a_hollow():
    found = surface.surface_sentences([flat(2.30, 0.2, "res-20")], random=True)
    assert found[1].startswith(r"res\-20 lies in a hollow of a plateau: at 99 % of the points")
    assert len(found) == 2


@pytest.mark.parametrize(("loss", "near"), [(2.302, True), (2.40, True), (2.43, False), (2.20, True), (2.17, False)])
def test_a_point_is_on_the_plateau_within_a_twentieth_of_the_loss_of_guessing(loss, near):
    assert flat(loss, 0.1).plateau == (80 / 81 if near else 0)


def test_a_loss_of_exactly_zero_is_no_error():
    assert surface.doubling(bowl(0.0)) == [math.inf] * 4


def test_how_far_the_loss_doubles_is_said_with_its_range_and_its_edge():
    said = surface.doubling_sentence
    assert said(bowl()) == r"res\-20: the loss doubles 1.00 from the centre, along all four ways."
    assert said(bowl(along=4 * LN2)) == (
        r"res\-20: the loss doubles 0.25 to 1.00 from the centre, along all four ways."
    )
    assert said(bowl(along=0.1)) == (
        r"res\-20: the loss doubles 1.00 from the centre; along 2 of the four ways it does not within ±1."
    )
    assert said(bowl(along=0.1, across=0.1)) == (r"res\-20: along neither direction does the loss double within ±1.")


def test_points_without_a_loss_are_counted():
    ground = bowl()
    ground.losses[0, 0] = np.nan
    assert r"res\-20: the loss of 1 point is not a finite number; it is marked ×." in surface.surface_sentences(
        [ground], random=True
    )
    ground.losses[0, 1] = np.inf
    assert surface.missing_sentence(ground).startswith(r"res\-20: the losses of 2 points are not finite")


def test_flatter_is_said_only_where_all_distances_of_one_net_are_larger():
    steep, wide = bowl(along=4 * LN2, across=4 * LN2, name="plain-20"), bowl()
    assert surface.comparison_sentence(steep, wide) == (
        r"Along these two directions res\-20 lies flatter than plain\-20."
    )
    assert surface.comparison_sentence(wide, steep) == surface.comparison_sentence(steep, wide)
    assert "neither net lies clearly flatter" in surface.comparison_sentence(wide, bowl(along=4 * LN2))
    assert "neither net lies clearly flatter" in surface.comparison_sentence(wide, bowl())


def test_nets_with_other_losses_are_not_compared():
    assert "does not tell which net lies flatter" in surface.comparison_sentence(bowl(0.1), bowl(0.9))
    assert "differ 9 times" in surface.comparison_sentence(bowl(0.1), bowl(0.9))
    assert surface.comparison_sentence(bowl(2.0), flat(2.30, 2.3)) == ""
    assert surface.comparison_sentence(bowl(math.nan), bowl()) == ""


def test_along_the_training_nothing_is_said_of_doubling():
    found = surface.surface_sentences([bowl(), bowl(name="plain-20")], random=False)
    assert found == [r"Loss at the centre, which is the net itself: res\-20 **0.50**, plain\-20 **0.50**."]


def test_the_shares_of_the_variance_are_given_for_each_net():
    said = surface.explained_sentence(["plain-20", "res-20"], [np.array([0.8, 0.15]), np.array([0.75, 0.2])])
    assert said.endswith(r"along x and along y: plain\-20 80 %, 15 %; res\-20 75 %, 20 %.")


def test_the_note_names_parameters_and_images():
    said = surface.limits_note([("res-20", 272_474)], 512, random=True)
    assert r"two random directions out of 272,474 (res\-20) parameters, on 512 training images" in said
