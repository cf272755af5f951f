"""DeepLift averaged over several baselines. Source: Lundberg and Lee 2017, arXiv 1705.07874, Sec. 4."""

from captum.attr import DeepLiftShap
from torch import Tensor

from resnet.attributions.alone import alone
from resnet.attributions.setting import Setting
from resnet.attributions.untouched import own_inputs
from resnet.nets.network import Network


@alone
def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Each pixel's share of f(x) minus the mean of f over noisy baselines, (N, C, H, W)."""
    with own_inputs(net):
        return DeepLiftShap(net).attribute(images, setting.several(), target=targets)
