"""Charts of the attribution lab."""

import numpy as np

from resnet.charts.attribution import sanity_figure
from resnet.ui.lab.sanity import looks


def test_every_point_of_the_sanity_check_lies_inside_the_chart():
    values = [np.array([1.0, -0.62, np.nan]), np.array([0.2, 0.1, 0.0]), np.full(3, np.nan)]
    fig = sanity_figure(["head", "stage1.block1", "stem"], list(zip(looks(["saliency"] * 3), values, strict=True)), "")
    low, high = fig.layout.yaxis.range
    for line, known in zip(fig.data, values, strict=False):
        assert line.cliponaxis is False
        assert all(low < value < high for value in known[np.isfinite(known)])
