import copy

import pytest
import torch
from torch import nn

from resnet.blocks import ResidualBlock, ZeroPadShortcut
from resnet.network import build_network
from resnet.specs import NetSpec

IMAGES = torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("name", "parameters"),
    [  # He et al. 2015, Table 6, counted exactly
        ("res-20-w16", 269_722),
        ("res-32-w16", 464_154),
        ("res-44-w16", 658_586),
        ("res-56-w16", 853_018),
        ("res-110-w16", 1_727_962),
        ("res-1202-w16", 19_421_274),
        ("plain-56-w16", 853_018),
        ("res-20-w16-optb", 272_474),
        ("res-110-w16-optb", 1_730_714),
    ],
)
def test_parameter_counts_are_the_papers(name, parameters):
    assert sum(p.numel() for p in build_network(NetSpec.parse(name)).parameters()) == parameters


def test_output_is_finite_and_the_gradient_reaches_the_input(small_spec):
    images = IMAGES.clone().requires_grad_()
    logits = build_network(small_spec)(images)
    logits[:, 0].sum().backward()
    assert logits.shape == (4, 10)
    assert logits.isfinite().all()
    assert images.grad.abs().sum() > 0


@pytest.mark.parametrize("name", ["res-20", "res-56-nobn", "res-20-optb", "res-14-w16-s1-tanh-xavier"])
def test_twins_start_from_bitwise_equal_weights(name):
    spec = NetSpec.parse(name)
    residual, plain = build_network(spec, seed=3).state_dict(), build_network(spec.twin(), seed=3).state_dict()
    assert all(torch.equal(value, residual[key]) for key, value in plain.items())
    assert (len(residual) == len(plain)) == (spec.shortcut == "A")


def test_same_seed_same_weights_other_seed_other_weights_and_the_global_state_is_not_used():
    spec = NetSpec(depth=8)
    before = torch.get_rng_state()
    first, again, other = (build_network(spec, seed).stem.conv.weight for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("norm", ["batch", "none"])
def test_residual_block_with_zero_branch_is_the_activation_of_its_input(norm):
    block = ResidualBlock(4, 4, 1, norm, "relu", "A")
    nn.init.zeros_(block.conv2.weight)
    if block.conv2.bias is not None:
        nn.init.zeros_(block.conv2.bias)
    x = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    assert torch.equal(block(x), x.relu())


def test_zero_padding_takes_every_second_pixel_and_adds_empty_channels():
    x = torch.arange(2 * 16.0).reshape(1, 2, 4, 4)
    out = ZeroPadShortcut(2, 2)(x)
    assert torch.equal(out[0, :2], x[0, :, ::2, ::2])
    assert torch.equal(out[0, 2:], torch.zeros(2, 2, 2))


def test_every_activation_is_a_module_of_its_own_and_not_in_place(small_spec):
    net = build_network(small_spec)
    acts = [
        module for name, module in net.named_modules(remove_duplicate=False) if name.split(".")[-1].startswith("act")
    ]
    assert len(acts) == small_spec.depth - 1
    assert len({id(act) for act in acts}) == len(acts)
    assert not any(getattr(act, "inplace", False) for act in acts)


def test_depth_1202_can_be_copied_and_saved_without_recursion(tmp_path):
    net = build_network(NetSpec.parse("res-1202-w4"))
    torch.save(copy.deepcopy(net).state_dict(), tmp_path / "net.pt")
    assert len(net.weights()) == 1202


@pytest.mark.parametrize(
    ("init", "variance"), [("he", 2 / (9 * 64)), ("xavier", 1 / (9 * 64)), ("torch", 1 / (3 * 9 * 64))]
)
def test_variance_of_the_weights_is_the_formulas(init, variance):
    net = build_network(NetSpec(depth=20, width=64, init=init))
    weight = net.get_parameter("stage1.block2.conv1.weight")
    assert weight.var().item() == pytest.approx(variance, rel=0.03)
    assert net.get_parameter("stage1.block2.norm1.weight").unique().item() == 1
