"""Shortcuts that are cut: both ends are the twins, and in between λⁿ passes where the branches are silent."""

import math

import pytest
import torch
from torch.nn import functional as F

from resnet.analyses.wire import PERCENT, TRAINED, cut, passed, uncut
from resnet.nets.network import build_network
from resnet.specs import NetSpec, Recipe
from resnet.training.optimizers import make_optimizer

IMAGES = torch.randn(8, 3, 32, 32, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(8)
NETS = ["res-20", "res-20-preact", "res-20-nobn", "res-29-bottleneck-w4", "res-20-relupre-tanh"]


def scaled(name, factor):
    """The residual net with that factor on every shortcut, also at the ends."""
    return uncut(NetSpec.parse(name)).adapt(shortcut="scale", shortcut_scale=factor, branch_scale=1.0)


def first_step(spec):
    """Loss, gradients, and weights after one update."""
    net = build_network(spec)
    optimizer = make_optimizer(net, Recipe())
    loss = F.cross_entropy(net(IMAGES), LABELS)
    loss.backward()
    gradients = {name: weight.grad.clone() for name, weight in net.named_parameters()}
    optimizer.step()
    return loss.item(), gradients, {name: weight.detach() for name, weight in net.named_parameters()}


def equal(one, other):
    return one[0] == pytest.approx(other[0], rel=2e-6) and all(
        one[kind].keys() == other[kind].keys()
        and all(torch.allclose(one[kind][name], other[kind][name], rtol=2e-6, atol=2e-6) for name in one[kind])
        for kind in (1, 2)
    )


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize(("factor", "percent"), [(0.0, 0), (1.0, 100)])
def test_at_its_ends_the_scaled_net_makes_the_first_step_of_the_plain_and_the_residual_twin(name, factor, percent):
    spec = scaled(name, factor)
    assert spec.shortcut == "scale"
    assert equal(first_step(spec), first_step(cut(NetSpec.parse(name), percent)))


def test_in_between_it_makes_neither():
    half = first_step(cut(NetSpec.parse("res-20"), 50))
    assert not equal(half, first_step(NetSpec.parse("res-20")))
    assert not equal(half, first_step(NetSpec.parse("plain-20")))


@pytest.mark.parametrize("percent", [95, 50, 5])
def test_past_silent_branches_the_gradient_is_multiplied_by_lambda_in_every_block(percent):
    net = build_network(cut(NetSpec.parse("res-20-preact-nobn"), percent)).double()
    for name, weight in net.named_parameters():
        if "branch" in name:
            torch.nn.init.zeros_(weight)
    x = net.stem(IMAGES.double()).detach().requires_grad_()
    inside = net.stage1(x)
    inside.retain_grad()
    F.cross_entropy(net.head(net.stage3(net.stage2(inside))), LABELS).backward()
    assert torch.allclose(x.grad, (percent / 100) ** 3 * inside.grad, rtol=1e-12)
    assert torch.allclose(inside, (percent / 100) ** 3 * x, rtol=1e-12)


@pytest.mark.parametrize(("name", "whole", "none"), [
    ("plain-56", "res-56", "plain-56"),
    ("res-56", "res-56", "plain-56"),
    ("res-20-optb-preact", "res-20-preact", "plain-20-preact"),
    ("res-20-zerogamma", "res-20", "plain-20"),
    ("res-20-bnafter-p0.5", "res-20", "plain-20"),
    ("res-20-scale-x0.3", "res-20", "plain-20"),
])  # fmt: skip
def test_the_ends_are_nets_that_stand_elsewhere_too(name, whole, none):
    net = NetSpec.parse(name)
    assert (str(cut(net, 100)), str(cut(net, 0))) == (whole, none)
    assert all(NetSpec.parse(str(cut(net, percent))) == cut(net, percent) for percent in PERCENT)
    assert str(cut(net, 50)) == f"{whole.replace('-preact', '')}-scale-f1{'-preact' if 'preact' in whole else ''}"


def test_lambda_to_the_power_of_the_blocks():
    net = NetSpec.parse("res-56")
    assert 10 ** passed(net, 50) == pytest.approx(0.5**27)
    assert passed(net, 100) == 0
    assert passed(net, 0) == -math.inf
    assert set(TRAINED) < set(PERCENT)
