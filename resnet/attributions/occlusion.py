"""f_c(x) - f_c(x without a patch), for every patch. Source: Zeiler and Fergus 2013, arXiv 1311.2901."""

from captum.attr import Occlusion
from torch import Tensor

from resnet.attributions.setting import Setting
from resnet.nets.network import Network

PATCH = 4  # a quarter of the image side, about the size of an object's part
STRIDE = 8  # an eighth: neighbouring patches overlap by half
BATCH = 16  # covered copies in one pass


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Fall of the logit when a patch is covered by the baseline, averaged over the patches, (N, C, H, W)."""
    channels, side = images.shape[1], images.shape[-1]
    patch, stride = side // PATCH, side // STRIDE
    return (
        Occlusion(net).attribute(
            images,
            sliding_window_shapes=(channels, patch, patch),
            strides=(channels, stride, stride),
            target=targets,
            baselines=setting.baseline,
            perturbations_per_eval=BATCH,
        )
        / channels
    )
