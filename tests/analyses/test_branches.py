"""What blocks add, against blocks that are called one by one."""

import copy

import numpy as np
import pytest
import torch

from resnet.analyses.branches import CHANNELS, branches
from resnet.nets.network import build_network
from resnet.nets.structure import block_names
from resnet.specs import NetSpec

IMAGES = torch.randn(5, 3, 16, 16, generator=torch.Generator().manual_seed(0))


def net_of(name):
    net = build_network(NetSpec.parse(name), seed=2)
    net(IMAGES)  # running statistics that are not those of its construction
    return net.eval()


@pytest.mark.parametrize("name", ["res-8-w4", "res-8-w8-preact", "res-8-w4-optb"])
def test_norms_and_ratios_are_those_of_branch_and_shortcut(name):
    net = net_of(name)
    found, x = branches(net, IMAGES), net.stem(IMAGES).detach()
    for place, block in enumerate(map(net.get_submodule, block_names(net.spec))):
        with torch.no_grad():
            branch, past = block.branch(x), block.shortcut(x)
            x = block(x)
        norms = [float(term[0].norm()) for term in (past, branch, past + branch)]
        assert found.norms[place] == pytest.approx(norms, rel=1e-5)
        each = branch.flatten(1).norm(dim=1) / past.flatten(1).norm(dim=1)
        assert found.ratio[place] == pytest.approx(float(each.mean()), rel=1e-5)


def test_the_pictures_add_up_and_show_the_strongest_channels():
    net = net_of("res-8-w8")
    found = branches(net, IMAGES)
    assert [picture.shape for picture in found.pictures] == [(3, CHANNELS, side, side) for side in (8, 4, 2)]
    for (x, branch, whole), (_x, _branch, length) in zip(found.pictures, found.norms, strict=True):
        assert x + branch == pytest.approx(whole, abs=1e-6)
        assert np.linalg.norm(whole) <= length * (1 + 1e-6)
    assert np.linalg.norm(found.pictures[0][2]) == pytest.approx(found.norms[0, 2])  # all channels of the first stage
    assert np.linalg.norm(found.pictures[2][2]) > 0.5 * found.norms[2, 2]  # a quarter of them, but the strongest


def test_a_branch_of_zeros_adds_nothing():
    net = net_of("res-8-w4")
    torch.nn.init.zeros_(net.stage2.block1.branch.norm2.weight)
    assert branches(net, IMAGES).ratio[1] == 0


def test_the_net_is_left_as_it_was_and_a_plain_net_is_refused():
    net = net_of("res-8-w4").train()
    before = copy.deepcopy(net.state_dict())
    branches(net, IMAGES)
    assert net.training
    assert not any(module._forward_hooks for module in net.modules())
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    with pytest.raises(ValueError, match="adds nothing"):
        branches(net_of("plain-8-w4"), IMAGES)
