"""Gradients at random places between baselines and image. Source: Erion et al. 2019, arXiv 1906.10670."""

from captum.attr import GradientShap
from torch import Tensor

from resnet.attributions.alone import alone
from resnet.attributions.setting import Setting
from resnet.nets.network import Network

PLACES = 16  # random baselines and places between them and the image


@alone
def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Each pixel's share of f(x) minus the mean of f over noisy baselines, (N, C, H, W), estimated."""
    return GradientShap(net).attribute(images, setting.several(), n_samples=PLACES, target=targets)
