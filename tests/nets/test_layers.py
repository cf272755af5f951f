import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from resnet.nets.layers import layer_table, output_names, weight_names
from resnet.nets.network import build_network
from resnet.specs import NetSpec


def test_every_row_equals_the_real_module(small_spec):
    net = build_network(small_spec).eval()
    rows = {row.name: row for row in layer_table(small_spec)}
    shapes = {}
    for name, module in net.named_modules():
        module.register_forward_hook(lambda _m, _i, out, name=name: shapes.update({name: tuple(out.shape[1:])}))
    net(torch.zeros(1, 3, 32, 32))
    for name, row in rows.items():
        module = net.get_submodule(name)
        assert (*shapes[name], 1, 1)[:3] == row.shape
        assert sum(p.numel() for p in module.parameters()) == row.parameters
        if row.operation == "conv":
            assert (module.kernel_size[0], module.stride[0]) == (row.kernel, row.stride)


def test_counts_equal_the_real_net(small_spec):
    net = build_network(small_spec).eval()
    rows = layer_table(small_spec)
    assert sum(row.parameters for row in rows) == sum(p.numel() for p in net.parameters())
    with FlopCounterMode(display=False) as counter:
        net(torch.zeros(1, 3, 32, 32))
    assert 2 * sum(row.multiply_adds for row in rows) == counter.get_total_flops()


@pytest.mark.parametrize("depth", [8, 20, 22, 56, 110, 1202])
def test_there_are_as_many_weighted_layers_as_the_depth_says(depth):
    spec = NetSpec(depth=depth)
    assert len(weight_names(spec)) == depth
    assert len(output_names(spec)) == (depth - 2) // 2 + 1


def test_paper_net_20_costs_41_million_multiply_adds():
    # The 0.27 M parameters of Table 6 and the known 40.6 M multiply-adds of ResNet-20 with option A.
    rows = layer_table(NetSpec.parse("res-20-w16-s1"))
    assert sum(row.parameters for row in rows) == 269_722
    assert sum(row.multiply_adds for row in rows) == 40_551_040


def test_names_in_layer_order_are_the_order_of_the_signal():
    names = [row.name for row in layer_table(NetSpec.parse("res-8-optb"))]
    assert names[:3] == ["stem.conv", "stem.norm", "stem.act"]
    assert names[-2:] == ["head.pool", "head.fc"]
    assert "stage2.block1.shortcut.conv" in names
    assert "stage1.block1.shortcut" not in names
