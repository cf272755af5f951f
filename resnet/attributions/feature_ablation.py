"""f_c(x) - f_c(x without a cell), for every cell of a grid. Source: captum.attr.FeatureAblation."""

from captum.attr import FeatureAblation
from torch import Tensor

from resnet.attributions.setting import Setting, cells, per_value
from resnet.nets.network import Network

BATCH = 16  # covered copies in one pass


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Fall of the logit when one cell is replaced by the baseline, shared by the cell's values, (N, C, H, W)."""
    found = FeatureAblation(net).attribute(
        images,
        baselines=setting.baseline,
        target=targets,
        feature_mask=cells(images),
        perturbations_per_eval=BATCH,
    )
    return found / per_value(images)
