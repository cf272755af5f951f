"""How fast the gradient changes on the way between two images. Source: Balduzzi et al. 2017, arXiv 1702.08591."""

import torch
from torch import Tensor

from resnet.analyses.results import Shattered
from resnet.analyses.series import LAGS, POINTS, autocorrelation
from resnet.nets.network import Network
from resnet.nets.statistics import same_statistics


def shattered(
    net: Network, start: Tensor, end: Tensor, target: int, points: int = POINTS, lags: int = LAGS
) -> Shattered:
    """The gradient of one logit at evenly spaced points between two images (C, H, W), normalised.

    Batch norm uses the statistics of these points, as in training.
    """
    t = torch.linspace(0, 1, points, dtype=start.dtype)[:, None, None, None]
    images = (start * (1 - t) + end * t).requires_grad_()
    with same_statistics(net):
        (gradients,) = torch.autograd.grad(net(images)[:, target].sum(), images)  # (points, C, H, W)
    slope = (gradients * (end - start)).sum((1, 2, 3))
    return Shattered(slope.numpy(), autocorrelation(gradients.flatten(1).numpy(), lags))
