"""A confusion matrix shows shares of its rows, whatever their sizes."""

import numpy as np

from resnet.charts.attribution import confusion_figure
from resnet.charts.look import look
from resnet.specs import NetSpec


def test_every_row_is_shared_out_and_an_empty_class_has_none() -> None:
    counts = np.array([[3, 1, 0], [0, 0, 0], [10, 0, 10]])
    fig = confusion_figure(look(NetSpec.parse("res-8")), counts, ["a", "b", "c"])
    np.testing.assert_allclose(fig.data[0].z, [[75, 25, 0], [0, 0, 0], [50, 0, 50]])
    assert (fig.data[0].zmin, fig.data[0].zmax) == (0, 100)
    assert fig.layout.yaxis.autorange == "reversed"  # the first label on top
