"""Charts of lesions, from results whose numbers are known."""

import numpy as np
import pytest

from resnet.analyses.cuts import Lesion, shuffled, swapped
from resnet.analyses.results import Lesions
from resnet.charts.lesions import MOST_DRAWN, bars_figure, blocks_figure, several_figure, short
from resnet.charts.look import look
from resnet.findings.learning import wilson
from resnet.nets.structure import block_names
from resnet.specs import NetSpec

RES, PLAIN = NetSpec.parse("res-20"), NetSpec.parse("plain-20")
SINGLE = {name: 400 - 20 * number for number, name in enumerate(block_names(RES))}
FOUND = Lesions(500, 10, 450, SINGLE, {1: [400, 300, 350], 4: [100, 200]})
WEAK = Lesions(500, 10, 300, {"stage1.block1": 60, "stage2.block2": 50}, {1: [60, 50]})
NETS = [(look(RES), RES, FOUND), (look(PLAIN), PLAIN, WEAK)]


def test_bars_are_percent_of_the_images_with_wilsons_intervals_and_know_their_block():
    bars = bars_figure(NETS).data[0]
    assert list(bars.customdata) == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3"]
    assert list(bars.y) == pytest.approx([80 - 4 * number for number in range(9)])
    low, high = wilson(0.8, 500)
    assert bars.error_y.array[0] == pytest.approx(100 * (high - 0.8))
    assert bars.error_y.arrayminus[0] == pytest.approx(100 * (0.8 - low))


def test_bars_of_all_depths_stand_within_their_stages_and_do_not_overlap():
    deep = NetSpec.parse("res-56")
    all_of = Lesions(500, 10, 450, dict.fromkeys(block_names(deep), 400))
    fig = bars_figure([(look(deep), deep, all_of), NETS[0]])
    for bars, spec in zip(fig.data, (deep, RES), strict=True):
        stages = [int(word.split(".")[0]) for word in bars.customdata]
        assert [int(x) + 1 for x in bars.x] == stages
        assert len(bars.x) == sum(spec.blocks)
    left, right = (np.array(bars.x) for bars in bars_figure([NETS[0], NETS[0]]).data)
    assert np.all(right - left > 0.9 * np.array(bars_figure([NETS[0], NETS[0]]).data[0].width))


def test_the_whole_net_is_a_line_and_what_cannot_be_deleted_a_cross():
    fig = bars_figure(NETS)
    assert {shape.y0 for shape in fig.layout.shapes if shape.yref == "y"} == {10.0, 90.0, 60.0}
    crosses = fig.data[-1]
    assert list(crosses.x) == pytest.approx([1 + 0.5 / 3, 2 + 0.5 / 3])
    assert "stage 2, block 1" in crosses.text[0]
    assert len(bars_figure(NETS[:1]).data) == 1


def test_bars_come_one_by_one_and_before_any_the_axes_stand():
    assert not bars_figure([]).data
    some = Lesions(500, 10, 450, {"stage3.block1": 400})
    (bar,) = bars_figure([(look(RES), RES, some)]).data
    assert list(bar.x) == pytest.approx([2 + 0.5 / 3])
    assert not several_figure([]).data


def test_a_curve_has_mean_lowest_and_highest_of_the_draws_and_begins_with_the_whole_net():
    curve = several_figure(NETS).data[0]
    assert list(curve.x) == [0, 1, 4]
    assert list(curve.y) == pytest.approx([90, 70, 30])
    assert list(curve.error_y.array) == pytest.approx([0, 10, 10])
    assert list(curve.error_y.arrayminus) == pytest.approx([0, 10, 10])


def kinds(fig):
    return {trace.name: list(trace.customdata) for trace in fig.data}


def test_the_drawing_shows_what_is_missing_and_what_has_moved():
    order = swapped(block_names(RES), "stage2.block2", "stage2.block3")
    drawn = kinds(blocks_figure(look(RES), RES, Lesion(("stage1.block2",), order)))
    assert drawn["deleted"] == ["1.2"]
    assert drawn["moved"] == ["2.3", "2.2"]  # in the order in which they run
    assert len(drawn["there"]) == 6
    assert kinds(blocks_figure(look(RES), RES, Lesion())) == {"there": [short(name) for name in block_names(RES)]}


def test_at_a_gap_a_residual_net_has_its_shortcut_alone_and_a_plain_one_a_line():
    def lines(spec, lesion):
        shapes = blocks_figure(look(spec), spec, lesion).layout.shapes
        return [sum(shape.type == kind for shape in shapes) for kind in ("line", "path")]

    assert lines(RES, Lesion()) == [9, 9]
    assert lines(RES, Lesion(("stage2.block1",))) == [8, 9]
    assert lines(PLAIN, Lesion(("stage1.block1",))) == [9, 0]


def test_of_a_very_deep_net_some_blocks_are_drawn_and_every_missing_one():
    deep = NetSpec.parse("res-1202")
    gone = ("stage1.block3", "stage3.block77")
    drawn = kinds(blocks_figure(look(deep), deep, Lesion(gone, shuffled(deep, 5, 0))))
    assert set(drawn["deleted"]) == {short(name) for name in gone}
    assert sum(map(len, drawn.values())) <= MOST_DRAWN + 7
