"""Differences to the baseline, handed back by the rescale rule. Source: Shrikumar et al. 2017, arXiv 1704.02685."""

from captum.attr import DeepLift
from torch import Tensor

from resnet.attributions.setting import Setting
from resnet.attributions.untouched import own_inputs
from resnet.nets.network import Network


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Each pixel's share of f(x) - f(x₀), (N, C, H, W)."""
    with own_inputs(net):
        return DeepLift(net).attribute(images, setting.baseline, target=targets)
