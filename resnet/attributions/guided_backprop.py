"""The gradient with negative parts cut at every ReLU. Source: Springenberg et al. 2014, arXiv 1412.6806."""

from captum.attr import GuidedBackprop
from torch import Tensor

from resnet.attributions.setting import Setting
from resnet.attributions.untouched import own_inputs
from resnet.nets.network import Network


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """The guided gradient, (N, C, H, W); in a net without ReLU it is the gradient."""
    with own_inputs(net):
        return GuidedBackprop(net).attribute(images, target=targets)
