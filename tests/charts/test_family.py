"""A family of nets as bars."""

from itertools import pairwise

from resnet.charts.family import Member, family_figure
from resnet.specs import NetSpec

MEMBERS = [
    Member(NetSpec.parse("res-20"), "first", 9, 68_050, 2_562_368),
    Member(NetSpec.parse("res-56"), "second", 27, 214_546, 7_870_784),
]


def test_every_count_has_a_column_with_an_axis_of_its_own_and_room_for_its_numbers():
    fig = family_figure(MEMBERS)
    assert [trace.xaxis for trace in fig.data] == ["x", "x2", "x3"]
    for trace, axis in zip(fig.data, (fig.layout.xaxis, fig.layout.xaxis2, fig.layout.xaxis3), strict=True):
        assert max(trace.x) < 0.75 * axis.range[1]
    ends = [axis.domain for axis in (fig.layout.xaxis, fig.layout.xaxis2, fig.layout.xaxis3)]
    assert all(left[1] < right[0] for left, right in pairwise(ends))


def test_the_numbers_are_written_beside_the_bars():
    blocks, parameters, adds = family_figure(MEMBERS).data
    assert blocks.text == ("9", "27")
    assert parameters.text == ("0.1", "0.2")
    assert adds.text == ("0.00", "0.01")
    assert family_figure(MEMBERS).layout.yaxis.ticktext == ("first", "second")
