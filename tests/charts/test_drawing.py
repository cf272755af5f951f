"""The drawings: every block drawn or counted, nothing cut, no words over each other."""

import pytest

from resnet import catalog
from resnet.charts.drawing import FONT, LETTER, blocks_figure, nets_figure
from resnet.charts.look import look
from resnet.nets.description import describe
from resnet.nets.structure import block_shapes
from resnet.specs import NetSpec

NAMES = [
    "plain-8",
    "res-20",
    "res-62",
    "plain-86",
    "res-110-w64-s1",
    "res-1202-w64-s1",
    "resnet-50",
    "resnet-152",
    "res-18-imagenet-b1.2.2.3",
    "res-1202-bottleneck-gate-p0.5",
    "notes-34",
]


def drawn(*names):
    nets = [NetSpec.parse(name) for name in names]
    return [(look(net), net) for net in nets]


def words(fig):
    """(left, right, y, text) of every text, by a generous width of its letters."""
    for note in fig.layout.annotations:
        width = LETTER * len(note.text.replace("<b>", "").replace("</b>", ""))
        left = note.x - (width / 2 if note.xanchor == "center" else 0)
        yield left, left + width, note.y, note.text


def no_words_overlap(fig):
    found = sorted(words(fig))
    for one in found:
        for other in found:
            apart = one[1] <= other[0] or other[1] <= one[0] or abs(one[2] - other[2]) >= FONT
            if one is not other and not apart:
                return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_and_no_words_overlap(name):
    for fig in (nets_figure(drawn(name)), blocks_figure(drawn(name))):
        bottom, edge = fig.layout.yaxis.range[0], fig.layout.xaxis.range[1]
        assert all(left >= 0 and right <= edge and 0 < y < bottom for left, right, y, _ in words(fig))
        assert all(shape.x0 >= 0 and shape.x1 <= edge for shape in fig.layout.shapes if shape.type == "rect")
        assert no_words_overlap(fig)


def test_every_block_is_drawn_or_counted_and_shortcuts_are_dotted_where_the_size_changes():
    def arcs(fig):
        return [shape.line.dash for shape in fig.layout.shapes if shape.type == "path"]

    assert sorted(arcs(nets_figure(drawn("res-20")))) == ["dot"] * 2 + ["solid"] * 7
    assert arcs(nets_figure(drawn("plain-20"))) == []
    assert sorted(arcs(nets_figure(drawn("res-20-optc")))) == ["dot"] * 2 + ["solid"] * 7
    assert arcs(nets_figure(drawn("res-29-bottleneck"))).count("dot") == 3  # the first widens the channels
    folded = nets_figure(drawn("res-1202"))
    assert len(arcs(folded)) == 18
    assert [note.text for note in folded.layout.annotations].count("…194…") == 3


@pytest.mark.parametrize("order", list(catalog.ORDERS))
def test_the_opened_block_shows_the_operations_in_their_order(order):
    net = NetSpec(depth=20, order=order)
    fig = blocks_figure(drawn(str(net)))
    row = min(note.y for note in fig.layout.annotations if note.text == "+")
    boxes = [note.text for note in sorted(fig.layout.annotations, key=lambda note: note.x) if note.y == row]
    expected = {"conv": "3×3, 8", "norm": "BN", "act": "ReLU"}
    order = [operation.name for operation in describe(net).branch]
    assert boxes[1 : len(order) + 1] == [expected[name[:-1]] for name in order]
    assert boxes[len(order) + 1] == "+"


def test_nets_with_the_same_block_share_one_opened_block():
    shared = blocks_figure(drawn("plain-20", "plain-56", "res-20", "res-56"))
    titles = [note.text for note in shared.layout.annotations if "stage" in note.text]
    assert titles == [
        "plain-20, plain-56: stage 1, block 2",
        "res-20, res-56: stage 1, block 2",
        "res-20, res-56: stage 2, block 1",
    ]


def test_hovering_a_block_tells_its_counts_and_hovering_an_operation_its_layer():
    net = nets_figure(drawn("res-20")).data[0]
    assert len(net.text) == 11
    assert "1,184 parameters" in net.text[1]  # 2 (8·8·9 + 2·8)
    assert "output 8×16×16" in net.text[1]
    block = blocks_figure(drawn("res-20")).data[0]
    assert "stage1.block2.branch.conv1" in block.text[0]
    assert "576 parameters" in block.text[0]


def test_depth_1202_is_a_small_figure():
    fig = nets_figure(drawn("res-1202", "plain-1202"))
    assert len(fig.layout.shapes) < 100
    assert sum(1 for _ in block_shapes(NetSpec.parse("res-1202"))) == 600


def test_lanes_of_several_nets_are_aligned():
    fig = nets_figure(drawn("res-20", "plain-56"))
    stems = [note.x for note in fig.layout.annotations if note.text == "stem"]
    heads = [note.x for note in fig.layout.annotations if note.text == "head"]
    assert len(stems) == len(heads) == 2
    assert len(set(stems)) == len(set(heads)) == 1


def test_the_lane_of_a_net_ends_above_the_name_of_the_next():
    found = sorted((y, text) for _left, _right, y, text in words(nets_figure(drawn("res-20", "plain-56"))))
    (second,) = (place for place, (_y, text) in enumerate(found) if text == "<b>plain-56</b>")
    for lane, blocks in ((found[:second], "3 blocks"), (found[second:], "9 blocks")):
        assert [text for _y, text in lane if "stage" in text] == [f"stage {stage}: {blocks}" for stage in (1, 2, 3)]
    assert found[second][0] - found[second - 1][0] >= FONT


def test_one_block_can_be_opened_alone():
    fig = blocks_figure(drawn("res-20", "res-20-optb"), block="stage2.block1")
    words_of = [note.text for note in fig.layout.annotations]
    assert [text for text in words_of if "stage" in text] == [
        "res-20: stage 2, block 1",
        "res-20-optb: stage 2, block 1",
    ]
    assert "zero padding" in words_of
    assert "1×1, 16 /2 → BN" in words_of


def test_a_narrow_row_of_blocks_ends_where_it_should():
    fig = nets_figure(drawn("res-20"), width=560)
    assert fig.layout.xaxis.range == (0, 560)
    assert max(float(shape.x1) for shape in fig.layout.shapes if shape.type == "rect") <= 560
    assert max(right for _left, right, _y, _text in words(fig)) <= 560
