"""Blocks that are added to a net: which of them do nothing."""

import copy

import pytest
import torch

from resnet.analyses.additions import COUNTS, deeper, stage_of
from resnet.analyses.copying import copies
from resnet.nets.network import build_network
from resnet.specs import NetSpec

IMAGES = torch.randn(16, 3, 16, 16, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(16) % 10


def net_of(name):
    """A net whose running statistics fit its weights."""
    net = build_network(NetSpec.parse(name), seed=1)
    for _repeat in range(40):
        net(IMAGES)
    return net.eval()


def test_branches_of_zeros_change_nothing_in_a_residual_net_and_everything_in_a_plain_one():
    residual, plain = copies(net_of("res-8-w4"), IMAGES, LABELS), copies(net_of("plain-8-w4"), IMAGES, LABELS)
    assert (residual["zero"].difference == 0).all()
    assert (plain["zero"].difference[1:] > 1e-3).all()


def test_identity_kernels_do_nothing_once_the_norms_put_back_what_they_take():
    found = copies(net_of("plain-8-w4"), IMAGES, LABELS)
    assert (found["matched"].difference < 1e-4 * found["identity"].difference.max()).all()
    assert found["matched"].loss == pytest.approx(found["matched"].loss[:1].repeat(len(COUNTS)), abs=1e-4)


def test_the_net_is_left_as_it_was():
    net = net_of("plain-8-w4").train()
    before = copy.deepcopy(net.state_dict())
    copies(net, IMAGES, LABELS)
    assert net.training
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_a_net_without_batch_norm_is_refused():
    with pytest.raises(ValueError, match="batch norm"):
        copies(build_network(NetSpec.parse("plain-8-nobn"), seed=0), IMAGES, LABELS)


def test_eighteen_blocks_make_a_net_of_depth_56_of_one_of_depth_20():
    spec = NetSpec.parse("plain-20")
    assert str(deeper(spec, 18)) == "plain-56"
    added = [stage_of(number, 3) for number in range(18)]
    assert deeper(spec, 18).blocks == tuple(own + added.count(stage) for stage, own in enumerate(spec.blocks, start=1))
