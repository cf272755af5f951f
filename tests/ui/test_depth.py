"""The depth slider: which depths it offers, what the net is called there, and what a drag shows before release."""

import json
from itertools import pairwise

import numpy as np
import pytest

from resnet.runs.engine import Engine
from resnet.specs import NetSpec, SpecError, depths
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.ui.bench import depth
from resnet.ui.lab.build import counts


@pytest.mark.parametrize("name", ["plain-20", "res-56", "res-23-bottleneck", "res-34-imagenet", "res-1202", "res-110"])
def test_a_slider_offers_all_usual_depths_and_ever_fewer_great_ones(name: str) -> None:
    net = NetSpec.parse(name)
    possible = depths(net.branch, net.family)
    offered = depth.positions(net)
    assert offered == sorted(set(offered))
    assert set(offered) <= {*possible, net.depth}
    assert [one for one in offered if one <= depth.FINE] == [one for one in possible if one <= depth.FINE]
    assert offered[-1] == possible[-1]
    assert net.depth in offered
    assert len(offered) <= 100
    great = [one for one in offered if one > depth.FINE and one not in (net.depth, offered[-1])]
    assert all(after >= 1.07 * before for before, after in pairwise(great))


def test_a_depth_of_a_net_that_has_none_of_the_usual_ones_has_its_place() -> None:
    net = NetSpec.parse("res-14-b1.2.3")
    assert net.depth in depth.positions(net)


def test_the_net_is_called_at_each_depth_as_it_will_be() -> None:
    entry = Entry(net=NetSpec.parse("res-20-w16-preact"))
    assert depth.names(entry, (8, 20, 110), "en") == ["res-8-w16-preact", "res-20-w16-preact", "res-110-w16-preact"]
    assert depth.names(entry.but(label="mine"), (8, 20), "en") == ["mine", "mine"]


def test_a_drag_says_what_training_there_takes(waiting_engine: Engine) -> None:
    said = {one: depth.dragged(Bench(), 1, one, 0) for one in (20, 56, 110, 602)}
    assert all(words["train"].startswith("Train 4 nets · about ") for words in (said[56], said[110], said[602]))
    assert said[20]["train"].startswith("Train 3 nets · about ")  # plain-20 stands there twice
    assert [bool(words["cost"]) for words in said.values()] == [False, False, False, True]
    assert "GB of memory" in said[602]["cost"]


def test_a_depth_beyond_the_host_s_limit_is_a_sentence() -> None:
    with pytest.raises(SpecError, match="depth"):
        depth.moved(Bench(), 0, LIMITS.max_depth + 2)


def test_the_drawing_and_the_numbers_of_a_drag_are_those_of_the_bench_it_ends_at() -> None:
    bench, counted = Bench(), (3, 10, 32)
    for there in (8, 44, 110):
        dragged = counts.dragged(bench, counted, 3, there, 0)
        assert dragged == counts.drawn(depth.moved(bench, 3, there), counted)
        assert f"res-{there}" in dragged["counts"]
        assert f"res-{there}" in json.dumps(json.loads(dragged["nets"])["layout"]["annotations"])


def test_positions_of_a_slider_are_near_each_other_where_depth_matters_most() -> None:
    offered = np.array(depth.positions(NetSpec.parse("plain-20")))
    assert (np.diff(offered[offered <= depth.FINE]) == 2).all()
