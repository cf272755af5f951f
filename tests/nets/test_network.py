import copy

import pytest
import torch

from resnet.nets.blocks import ZeroPad
from resnet.nets.layers import layer_table
from resnet.nets.network import Network, build_network
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
        # torchvision's documentation of its weights, "num_params"
        ("resnet-18", 11_689_512),
        ("resnet-34", 21_797_672),
        ("resnet-50", 25_557_032),
        ("resnet-101", 44_549_160),
        ("resnet-152", 60_192_808),
    ],
)
def test_parameter_counts_are_the_papers(name, parameters):
    spec = NetSpec.parse(name)
    with torch.device("meta"):
        net = Network(spec, 3, 1_000 if spec.family == "imagenet" else 10)
    assert sum(p.numel() for p in net.parameters()) == parameters


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


def test_zero_padding_takes_every_second_pixel_and_adds_empty_channels():
    x = torch.arange(2 * 16.0).reshape(1, 2, 4, 4)
    out = ZeroPad(2, 2)(x)
    assert torch.equal(out[0, :2], x[0, :, ::2, ::2])
    assert torch.equal(out[0, 2:], torch.zeros(2, 2, 2))


def test_every_activation_is_a_module_of_its_own_and_not_in_place(small_spec):
    net = build_network(small_spec)
    acts = [
        module for name, module in net.named_modules(remove_duplicate=False) if name.split(".")[-1].startswith("act")
    ]
    gates = sum(row.name.endswith(".gate.act") for row in layer_table(small_spec))
    # One behind every convolution; pre-activation has the first block's in the stem and one more in the head.
    assert len(acts) == small_spec.depth - 1 - (not small_spec.stem_activation) + gates
    assert len({id(act) for act in acts}) == len(acts)
    assert not any(getattr(act, "inplace", False) for act in acts)


def test_depth_1202_can_be_copied_and_saved_without_recursion(tmp_path):
    net = build_network(NetSpec.parse("res-1202-w4"))
    torch.save(copy.deepcopy(net).state_dict(), tmp_path / "net.pt")
    assert len(net.weights()) == 1202


@pytest.mark.parametrize(
    ("name", "millions"),
    [("resnet-20", 0.27), ("resnet-110", 1.7), ("resnet-1202", 19.4), ("resnet-164", 1.7), ("resnet-1001", 10.2)],
)
def test_parameter_counts_round_to_what_the_papers_print(name, millions):
    # He et al. 2015, Table 6; 2016, Table 4 and Sec. 4: ResNet-1001 has 10.33 M here, printed as 10.2 M
    count = sum(row.parameters for row in layer_table(NetSpec.parse(name)))
    assert count / 1e6 == pytest.approx(millions, rel=0.025)
