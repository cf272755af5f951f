"""f_c(x) - f_c(x without a patch), for every patch. Source: Zeiler and Fergus 2013, arXiv 1311.2901."""

from captum.attr import Occlusion
from torch import Tensor

from resnet.network import Network

PATCH = 8  # pixels: a quarter of the image side, about the size of an object's part
STRIDE = 4
BATCH = 16  # covered copies in one pass


def heatmap(net: Network, images: Tensor, targets: Tensor) -> Tensor:
    """Fall of the logit when a patch is covered by the mean colour, averaged over the patches, (N, C, H, W)."""
    channels = images.shape[1]
    return (
        Occlusion(net).attribute(
            images,
            sliding_window_shapes=(channels, PATCH, PATCH),
            strides=(channels, STRIDE, STRIDE),
            target=targets,
            baselines=0,
            perturbations_per_eval=BATCH,
        )
        / channels
    )
