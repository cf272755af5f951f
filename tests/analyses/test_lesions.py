"""Lesions against nets whose branch is zero by other means, and against blocks that are called one by one."""

import copy
from collections import Counter
from itertools import chain, pairwise

import pytest
import torch

from resnet.analyses import cuts
from resnet.analyses.cuts import Lesion
from resnet.analyses.lesions import Cut, logits, plan, right_answers
from resnet.datasets import load_dataset
from resnet.datasets.batches import Batches
from resnet.nets.network import build_network
from resnet.nets.statistics import calibrate
from resnet.nets.structure import block_names
from resnet.specs import NetSpec
from resnet.training.evaluation import evaluate
from tests.conftest import SINGLES

IMAGES = torch.randn(6, 3, 32, 32, generator=torch.Generator().manual_seed(1))
TESTED = 120


@pytest.fixture(scope="module")
def batches(data_home):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESNET_HOME", str(data_home))
        dataset = load_dataset("shapes")
    return [Batches(dataset, split, torch.device("cpu")) for split in (dataset.train, dataset.test)]


def net_of(name):
    """A net whose running statistics are not those of its construction, so that they matter."""
    net = build_network(NetSpec.parse(name) if isinstance(name, str) else name, seed=3)
    net.train()
    with torch.no_grad():
        net(IMAGES.flip(0) + 0.3)
    return net.eval()


def zero_branch(net, name):
    net.get_submodule(f"{name}.branch").register_forward_hook(lambda _module, _inputs, output: torch.zeros_like(output))


def outputs(net, *lesions):
    with torch.no_grad():
        found = dict(logits(net, [plan(net.spec, lesion) for lesion in lesions], IMAGES))
    return [found[number] for number in range(len(lesions))]


@pytest.mark.parametrize("spec", [spec for spec in SINGLES if spec.block == "residual"], ids=str)
def test_a_deleted_block_of_every_residual_net_is_one_whose_branch_is_zero(spec):
    net = net_of(spec)
    for name in block_names(spec):
        other = copy.deepcopy(net)
        zero_branch(other, name)
        with torch.no_grad():
            assert torch.equal(outputs(net, Lesion((name,)))[0], other(IMAGES))


@pytest.mark.parametrize("name", ["res-14-w4", "res-14-w4-optb", "res-14-w4-preact", "res-20-bottleneck-w4"])
def test_a_deleted_block_is_one_whose_last_weights_are_zero(name):
    net = net_of(name)
    for block in block_names(net.spec):
        other = copy.deepcopy(net)
        last = [part for part in other.get_submodule(f"{block}.branch") if list(part.parameters())][-1]
        for parameter in last.parameters():
            torch.nn.init.zeros_(parameter)
        with torch.no_grad():
            assert torch.equal(outputs(net, Lesion((block,)))[0], other(IMAGES))


def test_a_deleted_plain_block_is_passed_over():
    net = net_of("plain-14-w4")
    with torch.no_grad():
        x = net.stage3(net.stage2.block2(net.stage2.block1(net.stage1.block1(net.stem(IMAGES)))))
        assert torch.equal(outputs(net, Lesion(("stage1.block2",)))[0], net.head(x))


def test_a_plain_block_that_changes_the_size_cannot_be_deleted():
    spec = NetSpec.parse("plain-14-w4")
    assert set(block_names(spec)) - set(cuts.removable(spec)) == {"stage2.block1", "stage3.block1"}
    assert cuts.removable(spec.twin()) == block_names(spec.twin())
    with pytest.raises(ValueError, match="no such blocks"):
        plan(spec, Lesion(("stage2.block1",)))


@pytest.mark.parametrize("name", ["res-20-w4", "plain-20-w4", "res-20-w4-exgate", "res-20-w4-gate"])
def test_shared_beginnings_change_no_number(name):
    net = net_of(name)
    spec = net.spec
    lesions = [Lesion(), *(Lesion((one,)) for one in cuts.removable(spec)), *chain(*cuts.draws(spec).values())]
    lesions += [Lesion(order=cuts.shuffled(spec, 4, 1)), Lesion(("stage3.block3",), cuts.shuffled(spec, 7, 2))]
    with torch.no_grad():
        for lesion, found in zip(lesions, outputs(net, *lesions), strict=True):
            assert torch.equal(found, Cut(net, plan(spec, lesion))(IMAGES))
        assert torch.equal(outputs(net, Lesion())[0], net(IMAGES))


def test_a_block_runs_once_for_each_different_beginning():
    net = net_of("res-20-w4")
    names, runs = block_names(net.spec), Counter()
    for name in names:
        net.get_submodule(f"{name}.branch").register_forward_hook(lambda *_seen, name=name: runs.update([name]))
    outputs(net, *(Lesion((name,)) for name in names))
    # the k-th behind each of the k gaps before it, and once in the whole net, unless nothing is left to cut behind it
    assert [runs[name] for name in names] == [k + (k < len(names) - 1) for k in range(len(names))]


def test_swapped_blocks_run_in_the_other_order():
    net = net_of("res-20-w4")
    order = cuts.swapped(block_names(net.spec), "stage2.block2", "stage2.block3")
    with torch.no_grad():
        x = net.stage2.block2(net.stage2.block3(net.stage2.block1(net.stage1(net.stem(IMAGES)))))
        assert torch.equal(outputs(net, Lesion(order=order))[0], net.head(net.stage3(x)))
    assert cuts.swapped(order, "stage2.block2", "stage2.block3") == block_names(net.spec)
    assert cuts.moved(net.spec, order) == 2


@pytest.mark.parametrize("name", ["res-20", "res-56", "plain-20", "res-29-bottleneck"])
def test_neighbours_have_one_shape_and_others_cannot_be_swapped(name):
    spec = NetSpec.parse(name)
    names = block_names(spec)
    pairs = list(pairwise(names))
    fits = [pair for pair in pairs if cuts.possible(spec, Lesion(order=cuts.swapped(names, *pair)))]
    assert fits == cuts.neighbours(spec)
    assert ("stage1.block3", "stage2.block1") not in fits
    assert ("stage2.block1", "stage2.block2") not in fits
    assert not cuts.possible(spec, Lesion(order=cuts.swapped(names, "stage2.block2", "stage3.block2")))


@pytest.mark.parametrize("count", [0, 2, 5, 7])
def test_a_shuffle_follows_its_seed_and_stays_within_stages(count):
    spec = NetSpec.parse("res-20")
    orders = [cuts.shuffled(spec, count, seed) for seed in range(20)]
    assert orders == [cuts.shuffled(spec, count, seed) for seed in range(20)]
    assert all(cuts.possible(spec, Lesion(order=order)) for order in orders)
    assert all(cuts.moved(spec, order) <= count for order in orders)
    assert len(set(orders)) > 1 or count == 0
    if count == 7:  # all that can move
        assert {cuts.moved(spec, order) for order in orders} == {7}


def test_draws_are_different_choices_of_as_many_blocks():
    spec = NetSpec.parse("res-56")
    found = cuts.draws(spec)
    assert found == cuts.draws(spec)
    assert found != cuts.draws(spec, seed=1)
    assert (min(found), max(found)) == (1, 27)
    for count, lesions in found.items():
        assert {len(set(lesion.deleted)) for lesion in lesions} == {count}
        assert len(set(lesions)) == len(lesions) == (1 if count == 27 else cuts.DRAWS)


def test_of_a_very_deep_net_some_blocks_are_deleted_in_turn():
    deep, usual = NetSpec.parse("res-1202"), NetSpec.parse("res-110")
    assert cuts.singles(usual) == list(block_names(usual))
    assert len(cuts.singles(deep)) * sum(deep.blocks) / 2 <= cuts.PASSES
    assert cuts.singles(deep)[0] == "stage1.block1"
    assert cuts.singles(deep)[-1] == "stage3.block200"


@pytest.mark.parametrize("anew", [False, True])
def test_the_whole_net_is_as_right_as_its_evaluation_says(batches, anew):
    train, test = batches
    net = build_network(NetSpec.parse("res-8-w4"), seed=0)
    calibrate(net, train)
    (right,) = right_answers(net, [Lesion()], test, len(test), train if anew else None)
    assert right / len(test) == evaluate(net, train, test).accuracy


def test_statistics_are_those_of_the_net_with_the_gap(batches):
    train, test = batches
    net, name = net_of("res-14-w4"), "stage2.block2"
    other = copy.deepcopy(net)
    zero_branch(other, name)
    calibrate(other, train)
    with torch.no_grad():
        images, labels = test.take(slice(0, TESTED))
        expected = int((other(images).argmax(1) == labels).sum())
    kept, anew = (right_answers(net, [Lesion((name,))], test, TESTED, data)[0] for data in (None, train))
    assert anew == expected
    assert anew != kept


@pytest.mark.parametrize("anew", [False, True])
def test_a_lesion_leaves_no_trace_on_the_net(batches, anew):
    train, test = batches
    net = net_of("res-8-w4")
    net.stage1.train()  # a mode of its own
    before, modes = copy.deepcopy(net.state_dict()), [part.training for part in net.modules()]
    seed = torch.get_rng_state()
    data = train if anew else None
    right_answers(net, [Lesion(("stage2.block1",))], test, 20, data)
    with pytest.raises(RuntimeError):  # one channel, where the stem wants three
        right_answers(net, [Lesion(("stage1.block1",))], _Grey(), 20, data)
    assert [part.training for part in net.modules()] == modes
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert torch.equal(torch.get_rng_state(), seed)
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in net.modules())


class _Grey:
    """Test images that no net here can read."""

    def in_order(self, size, limit):
        yield IMAGES[:, :1], torch.zeros(len(IMAGES), dtype=torch.long)
