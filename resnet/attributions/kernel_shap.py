"""Shapley values by weighted regression. Source: Lundberg and Lee 2017, arXiv 1705.07874, Sec. 4.1."""

from captum.attr import KernelShap
from torch import Tensor

from resnet.attributions.setting import Setting, cells, per_value
from resnet.nets.network import Network

SAMPLES = 256  # random sets of cells that are asked for
BATCH = 32  # of them in one pass


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Each cell's estimated Shapley value, shared by its values, (N, C, H, W)."""
    found = KernelShap(net).attribute(
        images,
        baselines=setting.baseline,
        target=targets,
        feature_mask=cells(images),
        n_samples=SAMPLES,
        perturbations_per_eval=BATCH,
    )
    return found / per_value(images)
