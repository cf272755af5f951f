"""Closed forms of the blocks, shortcuts, gates and of stochastic depth."""

import math

import pytest
import torch

from resnet import catalog
from resnet.nets.blocks import Scale
from resnet.nets.network import build_network, repeatable
from resnet.nets.structure import block_shapes
from resnet.specs import NetSpec

X = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
ACTIVATED = {"original", "norm_after"}  # an activation follows the addition


def first_block(name, zero_branch=True):
    """An inner block of a small net, by default with all weights of its branch at zero."""
    block = build_network(NetSpec.parse(name)).stage1.block2
    if zero_branch:
        for weight in block.branch.parameters():
            torch.nn.init.zeros_(weight)
    return block.eval()


@pytest.mark.parametrize("branch", ["res-14-w4", "res-20-bottleneck-w4"])
@pytest.mark.parametrize("norm", ["", "-nobn", "-gn", "-ln"])
@pytest.mark.parametrize("order", list(catalog.ORDERS))
def test_block_with_zero_branch_is_the_identity_and_then_what_follows_the_addition(branch, norm, order):
    spec = NetSpec.parse(branch + norm).adapt(order=order)
    block = first_block(str(spec))
    x = torch.randn(2, 16 if spec.branch == "bottleneck" else 4, 8, 8, generator=torch.Generator().manual_seed(1))
    expected = block.after(x)
    assert torch.equal(block(x), expected)
    if order == "original":
        assert torch.equal(expected, x.relu())
    elif order != "norm_after":
        assert torch.equal(expected, x)


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.5])
def test_constant_scaling_multiplies_the_signal_by_lambda_to_the_number_of_blocks(factor):
    # He et al. 2016, Eq. 6 and 7: without branches x_L = λ^L x_0
    net = build_network(NetSpec.parse(f"res-38-w4-scale-x{factor}-preact")).eval()
    blocks = list(net.stage1)
    assert len(blocks) == 6
    x = X
    for block in blocks:
        for weight in block.branch.parameters():
            torch.nn.init.zeros_(weight)
        x = block(x)
    torch.testing.assert_close(x, factor**6 * X)


def test_the_branch_of_constant_scaling_is_multiplied_by_its_own_factor():
    block = first_block("res-14-w4-scale-x0-f0.25-preact", zero_branch=False)
    assert isinstance(block.branch.scale, Scale)
    torch.testing.assert_close(block(X), 0.25 * block.branch[:-1](X))


@pytest.mark.parametrize("bias", [0, 1, 6])
def test_a_gate_at_its_initial_bias_lets_one_minus_sigmoid_of_the_bias_pass(bias):
    passing = 1 - 1 / (1 + math.exp(bias))
    for kind in ("gate", "exgate"):
        block = first_block(f"res-14-w4-{kind}-g{bias}-preact")
        torch.testing.assert_close(block(X), passing * X)


def test_the_exclusive_gate_gives_the_branch_what_the_shortcut_loses():
    block = first_block("res-14-w4-exgate-g1-preact", zero_branch=False)
    g = 1 / (1 + math.exp(1))
    torch.testing.assert_close(block(X), g * block.branch(X) + (1 - g) * X)


def test_the_1x1_convolution_and_option_c_stand_in_every_block_and_option_b_where_the_size_changes():
    for name, count in (("optb", 2), ("optc", 6), ("conv1x1", 6), ("gate", 6)):
        convs = [
            module
            for path, module in build_network(NetSpec.parse(f"res-14-w4-{name}")).named_modules()
            if ".shortcut" in path and isinstance(module, torch.nn.Conv2d)
        ]
        assert len(convs) == count


def test_survival_falls_linearly_to_p_l_of_the_last_block():
    # Huang et al. 2016, Eq. 4: p_l = 1 - l/L (1 - p_L)
    shapes = list(block_shapes(NetSpec.parse("res-20-p0.5")))
    assert [shape.survival for shape in shapes] == pytest.approx([1 - number / 9 * 0.5 for number in range(1, 10)])
    net = build_network(NetSpec.parse("res-20-p0.5"))
    assert net.stage3.block3.branch.drop.p == pytest.approx(0.5)
    assert net.stage1.block1.branch.drop.p == pytest.approx(0.5 / 9)


def test_a_branch_takes_part_as_often_as_its_survival_says_and_always_in_evaluation():
    block = build_network(NetSpec.parse("res-14-w4-p0.3-preact")).stage3.block2
    x = torch.randn(1, 16, 4, 4, generator=torch.Generator().manual_seed(0))
    survived = 0
    for seed in range(400):
        torch.manual_seed(seed)
        survived += not torch.equal(block.train()(x), x)
    assert survived / 400 == pytest.approx(0.3, abs=0.07)
    assert not torch.equal(block.eval()(x), x)


def test_random_parts_draw_from_the_given_seed_and_leave_the_global_state():
    net = build_network(NetSpec.parse("res-14-w4-dropout-p0.5")).train()
    images = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    before = torch.get_rng_state()
    outputs = []
    for seed in (1, 1, 2):
        with repeatable(net, seed):
            outputs.append(net(images))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])
    assert torch.equal(before, torch.get_rng_state())


def test_the_softmax_of_the_notes_gives_probabilities_and_the_other_nets_logits():
    images = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    faulty, sound = (build_network(NetSpec.parse(name)).eval() for name in ("res-8-w4-softmax", "res-8-w4"))
    torch.testing.assert_close(faulty(images), sound(images).softmax(1))
    assert torch.equal(faulty.probabilities(faulty(images)), faulty(images))
    torch.testing.assert_close(sound.probabilities(sound(images)), faulty(images))


@pytest.mark.parametrize(
    ("order", "names"),
    [  # He et al. 2016, Fig. 4
        ("original", "conv1 norm1 act1 conv2 norm2 + act2"),
        ("norm_after", "conv1 norm1 act1 conv2 + norm2 act2"),
        ("act_before", "conv1 norm1 act1 conv2 norm2 act2 +"),
        ("act_only", "act1 conv1 norm1 act2 conv2 norm2 +"),
        ("preact", "norm1 act1 conv1 norm2 act2 conv2 +"),
    ],
)
def test_operations_stand_in_the_order_of_figure_4(order, names):
    block = build_network(NetSpec(depth=14, order=order)).stage1.block2
    found = [name for name, _ in block.branch.named_children()] + ["+"] + [n for n, _ in block.after.named_children()]
    assert " ".join(found) == names


@pytest.mark.parametrize("classes", [10, 200])
def test_softmax_inside_divides_the_logits_gradient_by_the_number_of_classes_at_the_start(classes):
    # At equal logits p = 1/C, and the Jacobian of softmax is (I - 11ᵀ/C) / C
    labels = torch.arange(10)

    def gradient(outputs):
        x = torch.zeros(10, classes, requires_grad=True)
        torch.nn.functional.cross_entropy(outputs(x), labels).backward()
        return x.grad

    torch.testing.assert_close(gradient(lambda x: x.softmax(1)), gradient(lambda x: x) / classes)
