"""Contracts between what a net is made of, the catalog, and the three readers: builder, counter, exported code."""

import types

import pytest
import torch

from resnet import catalog
from resnet.catalog.records import Choice
from resnet.export.code import DRAWS as DRAWN_CODE
from resnet.export.code import module_code
from resnet.export.operations import CODE
from resnet.nets import description, inits
from resnet.nets.blocks import MODULES
from resnet.nets.description import INNER, Operation, Shortcut, describe
from resnet.nets.layers import COUNTS, OPERATIONS, layer_table
from resnet.nets.network import build_network
from resnet.specs import CONVOLUTIONS, STAGES, NetSpec
from resnet.specs.net import NET_OPTIONS

IMAGES = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
SILENT = {"none", "flatten"}  # change no number


def test_every_kind_of_operation_is_known_to_builder_counter_and_exporter():
    assert set(MODULES) == set(COUNTS) == set(CODE)
    assert {kind for kind, count in COUNTS.items() if count is None} == SILENT
    assert set(OPERATIONS) | SILENT == set(MODULES) | {"add"}  # the addition is no operation but what makes a block


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ("BLOCKS", description.BLOCKS),
        ("FAMILIES", description.FAMILIES),
        ("FAMILIES", STAGES),
        ("BRANCHES", description.BRANCHES),
        ("BRANCHES", description.EXPANSION),
        ("BRANCHES", CONVOLUTIONS),
        ("STRIDES", description.STRIDES),
        ("SHORTCUTS", description.SHORTCUTS),
        ("ORDERS", description.ORDERS),
        ("ACTIVATIONS", description.GAINS),
        ("INITS", inits.DRAWS),
        ("INITS", DRAWN_CODE),
    ],
)
def test_every_record_has_its_code_and_every_code_its_record(records, code):
    assert set(getattr(catalog, records)) == set(code)


def test_every_norm_and_activation_is_a_kind_of_operation_and_the_others_are_not_choices():
    others = {"conv", "pool", "average", "flatten", "linear", "softmax", "pad", "scale", "dropout", "drop"}
    assert set(MODULES) - others == set(catalog.NORMS) | set(catalog.ACTIVATIONS)


def test_every_switch_is_a_field_that_changes_the_net_and_every_such_field_has_its_record():
    fields = {name for name, field in NetSpec.model_fields.items() if field.annotation is bool}
    assert fields == set(catalog.SWITCHES)
    for name in fields:
        usual = NetSpec(depth=8, width=4, norm="none" if name == "fixup" else "batch")
        nets = [build_network(spec) for spec in (usual, usual.but(**{name: not getattr(usual, name)}))]
        assert not torch.equal(nets[0].train()(IMAGES), nets[1].train()(IMAGES))


@pytest.mark.parametrize("field", list(NET_OPTIONS))
def test_a_name_without_code_raises_and_never_becomes_another_net(field):
    usual = NetSpec(depth=11, width=4, branch="bottleneck", stages=(1, 1, 1))
    unknown = NetSpec.model_construct(**{**usual.model_dump(), field: "unheard-of"})
    for made in (build_network, module_code):
        with pytest.raises(KeyError, match="unheard-of"):
            made(unknown)


def test_a_spec_says_that_its_steps_are_random_where_an_operation_draws(small_spec):
    draws = {operation.kind for operation in describe(small_spec).parts} & {"dropout", "drop"}
    assert small_spec.random_steps == bool(draws)


def test_what_the_first_block_leaves_out_stands_at_the_start_of_its_branch(small_spec):
    wheres = [operation.where for operation in describe(small_spec).branch]
    assert wheres == sorted(wheres, key=lambda where: where != INNER)


def test_a_shortcut_of_known_operations_is_one_record_and_one_description(monkeypatch):
    _bare = Operation("conv", "conv", "inputs", "outputs", stride="stride", bias=True)
    path = (_bare, Operation("norm", "group", "outputs", "outputs"), Operation("scale", "scale", value=0.25))
    gate = (_bare, Operation("act", "sigmoid", "outputs", "outputs"))
    for shared in (False, True):
        describe.cache_clear()
        new = Shortcut(path, gate, shared)
        monkeypatch.setitem(catalog.SHORTCUTS, "new", Choice("new", "New", "As good as new.", part="new"))
        monkeypatch.setitem(description.SHORTCUTS, "new", lambda _spec, new=new: new)
        spec = NetSpec(depth=8, width=4, shortcut="new")
        ours, module = build_network(spec, seed=5), types.ModuleType("generated")
        exec(compile(module_code(spec), "generated.py", "exec"), module.__dict__)
        net = module.Net()
        module.initialise(net, seed=5)
        assert all(torch.equal(tensor, ours.state_dict()[name]) for name, tensor in net.state_dict().items())
        assert torch.equal(net(IMAGES), ours(IMAGES))
        assert sum(row.parameters for row in layer_table(spec)) == sum(p.numel() for p in ours.parameters())
    describe.cache_clear()
