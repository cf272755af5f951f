"""Contracts over the product of the catalog: every option alone, and a sample of pairs."""

import copy

import pytest
import torch
from safetensors.torch import load, save
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from resnet import catalog
from resnet.attributions.attribute import attribute
from resnet.nets.description import describe
from resnet.nets.layers import layer_table
from resnet.nets.network import build_network
from resnet.nets.structure import output_names, weight_names
from resnet.specs import NetSpec, SpecError

IMAGES = torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([1, 3, 5, 7])


def check_signal(spec):
    images = IMAGES.clone().requires_grad_()
    logits = build_network(spec)(images)
    F.cross_entropy(logits, LABELS).backward()
    assert logits.shape == (4, spec.classes or 10)
    assert logits.isfinite().all()
    assert images.grad.isfinite().all()
    assert images.grad.abs().sum() > 0 or spec.fixup  # whose head starts at zero


def check_rows(spec):
    """Every row of the layer table equals the real module, and the sums the real net."""
    net = build_network(spec).eval()
    shapes = {}
    for name, module in net.named_modules():
        module.register_forward_hook(lambda _m, _i, out, name=name: shapes.update({name: tuple(out.shape[1:])}))
    with FlopCounterMode(display=False) as counter:
        net(IMAGES[:1])
    rows = layer_table(spec)
    for row in rows:
        module = net.get_submodule(row.name)
        assert (*shapes[row.name], 1, 1)[:3] == row.shape, row.name
        assert sum(p.numel() for p in module.parameters()) == row.parameters, row.name
        if row.operation == "conv":
            assert (module.kernel_size[0], module.stride[0]) == (row.kernel, row.stride)
    leaves = {name for name, module in net.named_modules() if not list(module.children())}
    named = {row.name for row in rows}
    silent = (torch.nn.Identity, torch.nn.Flatten, torch.nn.Sequential)  # change no number
    assert all(isinstance(net.get_submodule(name), silent) for name in leaves - named)
    assert sum(row.parameters for row in rows) == sum(p.numel() for p in net.parameters())
    assert 2 * sum(row.multiply_adds for row in rows) == counter.get_total_flops()
    # As many weighted layers as the depth says, in the order of the signal.
    assert len(net.weights()) == len(weight_names(spec)) == spec.depth
    assert len(net.outputs()) == len(output_names(spec)) == sum(spec.blocks) + 1


def check_copies(spec):
    net = build_network(spec, seed=1).eval()
    other = build_network(spec, seed=2).eval()
    other.load_state_dict(load(save(net.state_dict())))
    expected = net(IMAGES)
    assert torch.equal(other(IMAGES), expected)
    assert torch.equal(copy.deepcopy(net)(IMAGES), expected)


def check_twin(spec):
    """Without weights on the shortcut twins have the same parameters, and start from the same numbers."""
    twin = spec.twin()
    one, other = (build_network(net, seed=3).state_dict() for net in (spec, twin))
    past = describe(spec).shortcut
    if (
        (past and any(operation.kind == "conv" for operation in past.path + past.gate))
        or spec.zero_gamma
        or spec.fixup
        or spec.order != twin.order
    ):
        return
    assert one.keys() == other.keys()
    assert all(torch.equal(tensor, other[name]) for name, tensor in one.items())


def check_name(spec):
    assert NetSpec.parse(str(spec)) == spec
    assert NetSpec.from_json(spec.to_json()) == spec


CHECKS = [check_signal, check_rows, check_copies, check_twin, check_name]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_option_keeps_the_contract(check, small_spec):
    check(small_spec)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_pairs_of_options_keep_the_contract(check, paired_spec):
    check(paired_spec)


def test_deep_lift_adds_up_wherever_its_record_says_that_it_applies(small_spec):
    net = build_network(small_spec).train()
    for _ in range(30):
        net(IMAGES)
    net.eval()
    if {choice.name for choice in small_spec.choices} & set(catalog.METHODS["deep_lift"].not_with):
        pytest.skip("DeepLift has no rule for a part of this net")
    with torch.no_grad():
        difference = (net(IMAGES) - net(torch.zeros_like(IMAGES))).gather(1, LABELS[:, None])[:, 0]
    total = attribute("deep_lift", net, IMAGES, LABELS).sum((1, 2, 3))
    torch.testing.assert_close(total, difference, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(
    ("name", "billions"),
    [  # He et al. 2015, Table 1: "FLOPs" are multiply-adds of the convolutions and the head, at 224 pixels
        ("res-18-imagenet-w64", 1.8),
        ("res-34-imagenet-w64", 3.6),
        ("res-50-imagenet-bottleneck-v1-w64-optb", 3.8),
        ("res-101-imagenet-bottleneck-v1-w64-optb", 7.6),
        ("res-152-imagenet-bottleneck-v1-w64-optb", 11.3),
    ],
)
def test_multiply_adds_are_the_papers(name, billions):
    found = sum(row.multiply_adds for row in layer_table(NetSpec.parse(name), 3, 1_000, 224)) / 1e9
    assert found == pytest.approx(billions, rel=0.017)  # ResNet-50 has 3.86, printed as 3.8


@pytest.mark.parametrize("record", catalog.PRESETS.values(), ids=lambda record: record.name)
def test_a_presets_name_and_its_spec_are_the_same_net(record):
    net = NetSpec.parse(record.name)
    assert str(net) == record.net
    assert net.title == record.label
    assert net.depth == int(record.name.split("-")[1])


@pytest.mark.parametrize("record", catalog.FAULTS.values(), ids=lambda record: record.name)
def test_a_fault_of_the_notes_is_part_of_the_notes_net(record):
    notes, faulty = NetSpec.parse("notes-34"), NetSpec.parse(record.net)
    fault = {name: value for name, value in faulty.changed().items() if name not in ("block", "depth")}
    assert fault.items() <= notes.changed().items()


def test_receptive_fields_are_those_of_the_recursion():
    # r grows by (k - 1) times the product of the strides so far
    rows = {row.name: row.receptive_field for row in layer_table(NetSpec.parse("resnet-18"), size=224)}
    assert rows["stem.conv"] == 7
    assert rows["stem.pool"] == 11
    assert rows["stage1.block1.branch.conv1"] == 19
    assert rows["stage4.block2.branch.conv2"] == 435
    assert rows["stage2.block1.shortcut.conv"] == rows["stage1.block2.add"] == 43


def test_an_unknown_preset_names_the_nearest():
    with pytest.raises(SpecError, match="try resnet-152"):
        NetSpec.parse("resnet-151")
