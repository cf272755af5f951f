"""Truth by parity: torchvision's nets and ours give the same numbers from the same weights."""

import pytest
import torch
import torchvision
from torch.nn import functional as F

from resnet.nets.network import build_network
from resnet.nets.weights import from_first_layout, from_torchvision
from resnet.specs import NetSpec

IMAGES = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([3, 700])


def pair(depth):
    """torchvision's net with fresh weights, and ours with the same."""
    with torch.random.fork_rng():
        torch.manual_seed(depth)
        theirs = getattr(torchvision.models, f"resnet{depth}")()
    ours = build_network(NetSpec.parse(f"resnet-{depth}"), classes=1_000)
    ours.load_state_dict(from_torchvision(theirs.state_dict()))
    return theirs, ours


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_torchvisions_weights_give_the_same_logits_in_training_and_in_evaluation(depth):
    # In float64: ours takes the pixels of a 1x1 convolution with stride first, which rounds otherwise (Pointwise)
    theirs, ours = (net.double() for net in pair(depth))
    with torch.no_grad():
        for mode in (True, False):  # the first pass sets the running statistics of the second
            expected, found = theirs.train(mode)(IMAGES.double()), ours.train(mode)(IMAGES.double())
            torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9 * expected.abs().max().item())


@pytest.mark.parametrize("depth", [18, 50])
def test_torchvisions_weights_give_the_same_gradients_in_float64(depth):
    theirs, ours = pair(depth)
    gradients = []
    for net in (theirs.double(), ours.double()):
        F.cross_entropy(net(IMAGES.double()), LABELS).backward()
        gradients.append({name: weight.grad for name, weight in net.named_parameters()})
    expected = from_torchvision(gradients[0])
    assert expected.keys() == gradients[1].keys()
    for name, gradient in gradients[1].items():
        torch.testing.assert_close(gradient, expected[name], rtol=1e-9, atol=1e-12)


def test_weights_of_runs_from_before_the_branch_are_still_read():
    net = build_network(NetSpec.parse("res-8-optb"))
    old = {name.replace(".branch.", "."): tensor for name, tensor in net.state_dict().items()}
    assert from_first_layout(old).keys() == net.state_dict().keys()
    assert from_first_layout(net.state_dict()).keys() == net.state_dict().keys()
