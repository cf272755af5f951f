"""ReLU(Σ_k mean(∂f_c/∂A_k) A_k) on one stage. Source: Selvaraju et al. 2016, arXiv 1610.02391."""

from captum.attr import LayerAttribution, LayerGradCam
from torch import Tensor

from resnet.attributions.setting import Setting
from resnet.nets.network import Network


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """The map of the stage, enlarged bilinearly and shared equally by the channels, (N, C, H, W), not negative."""
    method = LayerGradCam(net, setting.layer(net))
    cam = method.attribute(images, target=targets, relu_attributions=True)  # (N, 1, h, w)
    cam = LayerAttribution.interpolate(cam, images.shape[-2:], interpolate_mode="bilinear")
    return cam.expand_as(images) / images.shape[1]
