"""(x - x₀) ∫ ∂f_c/∂x along the line from x₀ to x. Source: Sundararajan et al. 2017, arXiv 1703.01365."""

import torch
from captum.attr import IntegratedGradients
from torch import Tensor

from resnet.network import Network

STEPS = 32  # points of the Gauss-Legendre rule
BATCH = 64  # images and points in one pass: bounds the memory


def heatmap(net: Network, images: Tensor, targets: Tensor) -> Tensor:
    """Each pixel's share of f(x) - f(x₀), (N, C, H, W); x₀ is zero, which is the mean colour."""
    method = IntegratedGradients(net)
    return method.attribute(images, torch.zeros_like(images), target=targets, n_steps=STEPS, internal_batch_size=BATCH)
