"""What the net would draw: ReLU applied to the gradient alone. Source: Zeiler and Fergus 2013, arXiv 1311.2901."""

from captum.attr import Deconvolution
from torch import Tensor

from resnet.attributions.setting import Setting
from resnet.attributions.untouched import own_inputs
from resnet.nets.network import Network


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """The deconvolved signal, (N, C, H, W); in a net without ReLU it is the gradient."""
    with own_inputs(net):
        return Deconvolution(net).attribute(images, target=targets)
