"""(x - x₀) ∫ ∂f_c(x₀ + α (x - x₀))/∂x dα. Source: Sundararajan et al. 2017, arXiv 1703.01365."""

from captum.attr import IntegratedGradients
from torch import Tensor

from resnet.attributions.setting import BATCH, Setting
from resnet.nets.network import Network

STEPS = 32  # points of the Gauss-Legendre rule


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Each pixel's share of f(x) - f(x₀), (N, C, H, W)."""
    method = IntegratedGradients(net)
    return method.attribute(
        images, setting.baseline, target=targets, n_steps=STEPS, internal_batch_size=max(BATCH, len(images))
    )
