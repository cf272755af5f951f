"""Lesson 9: counts of the family beside the paper's, and budgets that are met or not."""

import pytest

from resnet.findings.outcomes import Outcome
from resnet.lessons import bottleneck
from resnet.lessons.bottleneck import FAMILY, Built, Counts, counts, inner
from resnet.specs import NetSpec


@pytest.mark.parametrize(
    ("name", "billions", "millions"),
    [("ResNet-18", 1.8, 11.69), ("ResNet-34", 3.6, 21.80), ("ResNet-50", 3.8, 25.56), ("ResNet-101", 7.6, 44.55),
     ("ResNet-152", 11.3, 60.19)],
)  # fmt: skip
def test_the_family_counts_as_the_paper_and_torchvision_print(name: str, billions: float, millions: float) -> None:
    own = counts(NetSpec.parse(FAMILY[name]))
    assert own.multiply_adds / 1e9 == pytest.approx(billions, rel=0.02)
    assert own.parameters / 1e6 == pytest.approx(millions, abs=0.01)


def test_a_bottleneck_has_17_sixteenths_of_the_squared_channels_as_weights() -> None:
    narrow = inner(NetSpec.parse(FAMILY["ResNet-50"]), 1)
    assert narrow.weights == 17 * 256**2 // 16 == 69_632
    assert narrow.shape == (256, 56, 56)
    assert inner(NetSpec.parse(FAMILY["ResNet-34"]), 3).weights == 2 * 9 * 256**2


def test_inner_blocks_cost_the_same_in_every_stage() -> None:
    for name in ("ResNet-34", "ResNet-50"):
        net = NetSpec.parse(FAMILY[name])
        assert len({inner(net, stage).multiply_adds for stage in (1, 2, 3, 4)}) == 1


@pytest.mark.parametrize(("factor", "right"), [(1.05, "little"), (1.4, "half"), (2.1, "twice")])
def test_the_answer_is_the_nearest(factor: float, right: str) -> None:
    told = bottleneck.reveal(Counts(16, 21_000_000, 10**9), Counts(16, 25_000_000, int(factor * 10**9)), 34, 2)
    assert told.right == right
    assert "17 times fewer" in told.text


def test_rows_are_compared_as_counted() -> None:
    assert bottleneck.truth(Counts(16, 21, 1), Counts(16, 25, 1)) == {"blocks": "equal", "parameters": "large"}


def built(name: str) -> Built:
    net = NetSpec.parse(name)
    return Built(name, net.branch == "bottleneck", counts(net, 10, 32))


def test_the_budget_is_met_by_blocks_in_the_first_stage() -> None:
    wanted = counts(NetSpec.parse("res-56"), 10, 32)
    assert bottleneck.budget([built("res-56"), built("res-86-bottleneck-b20.5.3")], wanted).done
    assert not bottleneck.budget([built("res-86-bottleneck")], wanted).done  # as much work, too many parameters
    assert not bottleneck.budget([built("res-83-bottleneck-b19.5.3")], wanted).done
    assert not bottleneck.budget([built("res-56")], wanted).done


def test_the_weights_are_those_of_the_table() -> None:
    assert bottleneck.bottleneck_weights("69632", 69_632).done
    assert not bottleneck.bottleneck_weights("70000", 69_632).done


@pytest.mark.parametrize(("narrow", "right"), [(1.7, "basic"), (0.1, "bottleneck"), (0.45, "level")])
def test_who_ends_lower_is_read_from_the_runs(narrow: float, right: str) -> None:
    found = {row.key: [Outcome("ended", narrow if row.key == bottleneck.NARROW else 0.43)] * 3
             for row in bottleneck.EXPERIMENT.rows}  # fmt: skip
    for word in ("basic", "bottleneck", "level"):
        assert bottleneck.trained(word, found).done == (word == right)
    missing = {row.key: [Outcome("open")] * 3 for row in bottleneck.EXPERIMENT.rows}
    assert not bottleneck.trained("basic", missing).done
