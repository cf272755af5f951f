import pytest

from resnet.nets.layers import layer_table
from resnet.nets.structure import output_names, weight_names
from resnet.specs import NetSpec


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
