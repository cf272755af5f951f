"""What is said to who was taught that gradients vanish follows from what the gradients do."""

import numpy as np
import pytest

from resnet.findings.vanishing import Arrival, sentences

VALUES = {"vanish": (1e-5, 1.0), "healthy": (3.0, 1.0), "explode": (1e4, 1.0)}


def net(name: str, kind: str, learned: bool | None = None) -> Arrival:
    return Arrival(name, np.array(VALUES[kind]), learned)


def said(*nets: Arrival) -> tuple[str, str]:
    """What is said of the gradients, and of learning."""
    _taught, gradients, learning, _source = sentences(nets)
    return gradients.split("arriving. ", 1)[1], learning


def test_every_net_is_named_once_with_what_its_gradient_does() -> None:
    nets = [net("plain-56", "explode"), net("res-20", "healthy"), net("plain-20-sigmoid", "vanish")]
    assert said(*nets)[0] == (
        "It vanishes in plain-20-sigmoid (÷1.0·10⁵). It arrives in res-20 (×3). It explodes in plain-56 (×1.0·10⁴)."
    )


@pytest.mark.parametrize(
    ("nets", "learning"),
    [
        (
            [net("plain-56", "explode", learned=False), net("res-56", "healthy", learned=True)],
            "Nothing was learned by plain-56, though no gradient vanishes there.",
        ),
        ([net("plain-56-ln", "healthy", learned=False)],
         "Nothing was learned by plain-56-ln, though no gradient vanishes there."),
        ([net("deep", "vanish", learned=False)], "Nothing was learned by deep, where it does vanish."),
        ([net("deep", "vanish", learned=True)], "Yet deep did learn, though it vanishes there."),
        ([net("res-20", "healthy", learned=True), net("wild", "explode", learned=True)], "All of these learn."),
        ([net("res-20", "healthy", learned=True), net("new", "healthy")],
         "Train new to see whether it goes with learning."),
        (
            [net("deep", "vanish", learned=False), net("plain-56", "explode", learned=False)],
            "Nothing was learned by plain-56, though no gradient vanishes there. "
            "Nothing was learned by deep, where it does vanish.",
        ),
    ],
)  # fmt: skip
def test_whether_learning_goes_with_it_is_read_off_the_runs(nets: list[Arrival], learning: str) -> None:
    assert said(*nets)[1] == learning


def test_a_gradient_that_is_0_or_not_finite_is_told_without_a_factor() -> None:
    nets = [Arrival("dead", np.array([0.0, 1.0])), Arrival("lost", np.array([np.inf, 1.0]))]
    assert said(*nets)[0] == "It vanishes in dead (exactly 0). It explodes in lost (not finite)."
