"""The weights before the first step against the formulas of their papers."""

import pytest
import torch

from resnet import catalog
from resnet.nets.description import GAINS
from resnet.nets.inits import DRAWS
from resnet.nets.network import build_network
from resnet.specs import NetSpec

IMAGES = torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def test_every_record_has_its_code_and_every_code_its_record():
    assert set(DRAWS) == set(catalog.INITS)


@pytest.mark.parametrize(
    ("init", "variance"),
    [  # of a 3x3 convolution from 64 to 128 channels
        ("he", 2 / (9 * 128)),
        ("he_in", 2 / (9 * 64)),
        ("xavier", 2 / (9 * (64 + 128))),
        ("torch", 1 / (3 * 9 * 64)),
    ],
)
def test_variance_of_the_weights_is_the_formulas(init, variance):
    net = build_network(NetSpec(depth=20, width=64, init=init))
    weight = net.get_parameter("stage2.block1.branch.conv1.weight")
    assert weight.var().item() == pytest.approx(variance, rel=0.03)
    assert net.get_parameter("stage1.block2.branch.norm1.weight").unique().item() == 1


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_orthogonal_kernels_are_orthogonal_matrices_with_the_gain(activation):
    spec = NetSpec(depth=20, width=16, init="orthogonal", activation=activation)
    weight = build_network(spec).get_parameter("stage1.block2.branch.conv1.weight").flatten(1)  # (16, 144)
    torch.testing.assert_close(weight @ weight.T, GAINS[activation] ** 2 * torch.eye(16), atol=1e-4, rtol=0)


def test_delta_orthogonal_kernels_are_an_orthogonal_matrix_in_the_middle_and_zero_elsewhere():
    spec = NetSpec(depth=20, width=16, init="delta", activation="tanh")
    weight = build_network(spec).get_parameter("stage1.block2.branch.conv1.weight")
    middle = weight[:, :, 1, 1]
    torch.testing.assert_close(middle @ middle.T, torch.eye(16), atol=1e-5, rtol=0)
    assert weight.abs().sum() == middle.abs().sum()


def test_delta_orthogonal_keeps_the_size_of_the_signal_in_a_deep_plain_net_where_the_default_init_loses_it():
    # Xiao et al. 2018: the plain net without norm that trains at any depth
    def shrinks(init):
        net = build_network(NetSpec.parse(f"plain-110-nobn-tanh-{init}"))
        x = net.stem(IMAGES)
        y = net.stage1(x)  # the biases make all outputs alike, so look at what tells two images apart
        return ((y[0] - y[1]).norm() / (x[0] - x[1]).norm()).item()

    assert shrinks("delta") > 0.1
    assert shrinks("torchinit") < 1e-6


def test_with_zero_gamma_every_block_starts_as_its_shortcut():
    net = build_network(NetSpec.parse("res-20-zerogamma")).eval()
    x = net.stem(IMAGES)
    assert torch.equal(net.stage1(x), x)


def test_fixup_scales_branches_by_depth_and_zeroes_their_ends_and_the_head():
    # Zhang et al. 2019, Sec. 3: L^(-1/(2m-2)) with m layers in each of L branches
    fixup, usual = (build_network(NetSpec.parse(f"res-56-nobn{part}")) for part in ("-fixup", ""))
    name = "stage2.block3.branch.conv{}.weight"
    torch.testing.assert_close(
        fixup.get_parameter(name.format(1)), usual.get_parameter(name.format(1)) * 27 ** (-1 / 2)
    )
    assert fixup.get_parameter(name.format(2)).count_nonzero() == 0
    assert fixup(IMAGES).count_nonzero() == 0
    deep = build_network(NetSpec.parse("res-83-bottleneck-nobn-fixup")).get_parameter(name.format(2))
    plain = build_network(NetSpec.parse("res-83-bottleneck-nobn")).get_parameter(name.format(2))
    torch.testing.assert_close(deep, plain * 27 ** (-1 / 4))


def test_gates_start_at_their_bias_and_prelu_at_a_quarter():
    net = build_network(NetSpec.parse("res-14-gate-g3-prelu"))
    gate = net.stage1.block1.shortcut.gate.conv
    assert gate.weight.count_nonzero() == 0
    assert gate.bias.unique().item() == -3
    assert net.stem.act.weight.item() == 0.25
