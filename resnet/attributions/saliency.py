"""∂f_c/∂x, with its sign. Source: Simonyan et al. 2013, arXiv 1312.6034."""

from captum.attr import Saliency
from torch import Tensor

from resnet.attributions.setting import Setting
from resnet.nets.network import Network


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Gradient of the explained logit by every pixel, (N, C, H, W), in logits per unit of normalised input."""
    return Saliency(net).attribute(images, target=targets, abs=False)
