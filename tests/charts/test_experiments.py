"""The rows of an experiment."""

import math

from resnet.charts.experiments import LETTER, RowPoint, experiment_figure
from resnet.experiments import Number
from resnet.specs import NetSpec

NET = NetSpec.parse("res-8")


def test_where_the_page_is_narrow_titles_are_broken_to_the_room_beside_the_names() -> None:
    rows = [RowPoint(NET, "a", "short", (0.3,)), RowPoint(NET, "b", "a name of twenty-five let", (0.5,))]
    compact = experiment_figure(rows, "loss", math.log(10)).layout.meta["compact"]
    assert compact["margin"]["l"] >= 25 * LETTER
    assert "xaxis2" not in compact
    printed = [RowPoint(NET, "a", "short", (0.3,), (Number(6.6, "ResNet-110", "paper"),))]
    assert experiment_figure(printed, "loss").layout.meta["compact"]["xaxis2"]["nticks"] <= 3
