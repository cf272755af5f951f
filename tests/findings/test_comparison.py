"""What is said of nets that differ in depth alone."""

import math

import pytest

from resnet.findings.comparison import Trained, depth_conclusion, depth_sentence


@pytest.mark.parametrize(
    ("deep", "start"), [(2.30, "Deeper is worse: d ends 1.60"), (0.75, "Depth does no harm"), (0.3, "Deeper is better")]
)
def test_depth_is_judged_by_the_gap(deep, start):
    assert depth_sentence("s", "d", 0.70, deep, 10).startswith(start)


def test_two_nets_at_chance_are_not_said_to_do_well():
    assert depth_sentence("s", "d", 2.31, 2.29, 10) == "Neither learns: s and d both end at chance."


def test_the_shallowest_and_the_deepest_of_each_family_are_compared_and_names_are_escaped():
    nets = [
        Trained("res*-56", "residual", 56, 0.70, 10),
        Trained("plain-20", "plain", 20, 0.80, 10),
        Trained("res-20", "residual", 20, 0.90, 10),
        Trained("res-32", "residual", 32, 9.90, 10),
        Trained("plain-56", "plain", 56, 2.30, 10),
    ]
    said = depth_conclusion(nets, at_work=True)
    assert said.startswith("**Deeper is worse\\: plain\\-56 ends 1\\.50 nats above plain\\-20")
    assert "Deeper is better\\: res\\*\\-56 ends 0\\.20 nats below res\\-20\\." in said


@pytest.mark.parametrize(
    ("done", "at_work", "start"),
    [
        ([], True, "The conclusion appears here when"),
        ([], False, "Press **Train**"),
        ([Trained("res-20", "residual", 20, math.nan, 10)], False, "Put a second depth"),
        ([Trained("a", "plain", 20, 1.0, 10), Trained("b", "residual", 56, 1.0, 10)], False, "Put a second depth"),
    ],
)
def test_without_two_depths_it_says_what_to_do_next(done, at_work, start):
    assert depth_conclusion(done, at_work).startswith(start)
