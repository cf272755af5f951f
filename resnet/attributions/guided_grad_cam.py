"""Guided backpropagation times Grad-CAM. Source: Selvaraju et al. 2016, arXiv 1610.02391, Sec. 3.2."""

from captum.attr import GuidedGradCam
from torch import Tensor

from resnet.attributions.setting import Setting
from resnet.attributions.untouched import own_inputs
from resnet.nets.network import Network


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Fine as the guided gradient, about the class as Grad-CAM, (N, C, H, W)."""
    with own_inputs(net):
        method = GuidedGradCam(net, setting.layer(net))
        return method.attribute(images, target=targets, interpolate_mode="bilinear")
