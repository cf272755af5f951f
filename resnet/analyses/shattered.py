"""How fast the gradient changes on the way between two images. Source: Balduzzi et al. 2017, arXiv 1702.08591."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from resnet.analyses.results import Shattered
from resnet.analyses.series import LAGS, PLACES, POINTS, autocorrelation, reduced, shares
from resnet.datasets.batches import Batches
from resnet.nets.network import Network
from resnet.nets.statistics import calibrate, same_statistics


def shattered(
    net: Network,
    start: Tensor,
    end: Tensor,
    target: int,
    points: int = POINTS,
    lags: int = LAGS,
    places: Sequence[int] = (),
) -> Shattered:
    """The gradient of one logit, summed over evenly spaced points between two images (C, H, W), at each point.

    Pictures are kept of the points in `places`.

    In training mode batch norm uses the statistics of these points, through which each acts on the others too; in
    evaluation mode a point's gradient is that of its own logit.
    """
    t = torch.linspace(0, 1, points, dtype=start.dtype)[:, None, None, None]
    images = (start * (1 - t) + end * t).requires_grad_()
    with same_statistics(net):
        (gradients,) = torch.autograd.grad(net(images)[:, target].sum(), images)  # (points, C, H, W)
    slope = (gradients * (end - start)).sum((1, 2, 3))
    correlation = autocorrelation(gradients.flatten(1).numpy(), lags)
    pictures = shares(reduced(gradients[list(places)].sum(1).numpy()))
    return Shattered(slope.numpy(), correlation, correlation[1:2], each=correlation[None], pictures=pictures)


def over_pairs(net: Network, images: Tensor, labels: Tensor, train: Batches) -> Shattered:
    """The ways between images 0 and 1, 2 and 3, …: by statistics of the points, and by frozen ones of training images.

    `images` (2 pairs, C, H, W), `labels` (2 pairs,); the logit is that of each first image's class.
    """
    own = [_between(net, images, labels, first, () if first else PLACES) for first in range(0, len(images), 2)]
    with same_statistics(net):
        calibrate(net, train)
        net.eval()
        try:
            frozen = [_between(net, images, labels, first).correlation[1] for first in range(0, len(images), 2)]
        finally:
            net.train()
    correlations = np.array([one.correlation for one in own])
    first = own[0]
    return Shattered(
        first.slope, correlations.mean(0), correlations[:, 1], np.array(frozen), correlations, first.pictures
    )


def _between(net: Network, images: Tensor, labels: Tensor, first: int, places: Sequence[int] = ()) -> Shattered:
    return shattered(net, images[first], images[first + 1], int(labels[first]), places=places)
