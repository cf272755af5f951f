"""Mean marginal contribution over random orders of the cells. Source: Castro et al. 2009, Computers & OR 36."""

from captum.attr import ShapleyValueSampling
from torch import Tensor

from resnet.attributions.setting import Setting, cells, per_value
from resnet.nets.network import Network

ORDERS = 6  # random orders in which the cells are put in
BATCH = 16  # partly covered copies in one pass


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Each cell's estimated Shapley value, shared by its values, (N, C, H, W); they add up to f(x) - f(x₀)."""
    found = ShapleyValueSampling(net).attribute(
        images,
        baselines=setting.baseline,
        target=targets,
        feature_mask=cells(images),
        n_samples=ORDERS,
        perturbations_per_eval=BATCH,
    )
    return found / per_value(images)
