"""A sparse linear model of the net around the image. Source: Ribeiro et al. 2016, arXiv 1602.04938."""

from captum.attr import Lime
from torch import Tensor

from resnet.attributions.setting import Setting, cells, per_value
from resnet.nets.network import Network

SAMPLES = 256  # random sets of cells that the model learns from
BATCH = 32  # of them in one pass


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Each cell's weight in the linear model, shared by its values, (N, C, H, W)."""
    found = Lime(net).attribute(
        images,
        baselines=setting.baseline,
        target=targets,
        feature_mask=cells(images),
        n_samples=SAMPLES,
        perturbations_per_eval=BATCH,
    )
    return found / per_value(images)
