"""x ∂f_c/∂x. Source: Shrikumar et al. 2016, arXiv 1605.01713."""

from captum.attr import InputXGradient
from torch import Tensor

from resnet.attributions.setting import Setting
from resnet.nets.network import Network


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """The gradient times the pixel, (N, C, H, W): the first term of a Taylor series around the mean colour."""
    return InputXGradient(net).attribute(images, target=targets)
