"""Integrated gradients that flow through one stage. Source: Dhamdhere et al. 2018, arXiv 1805.12233."""

from captum.attr import LayerAttribution, LayerConductance
from torch import Tensor

from resnet.attributions.setting import BATCH, Setting
from resnet.nets.network import Network

STEPS = 16  # points of the integral


def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Each place's share of f(x) - f(x₀) in the stage's output, enlarged and shared by the channels, (N, C, H, W)."""
    method = LayerConductance(net, setting.layer(net))
    flow = method.attribute(
        images, setting.baseline, target=targets, n_steps=STEPS, internal_batch_size=max(BATCH, len(images))
    )
    flow = flow.sum(1, keepdim=True)  # (N, 1, h, w)
    size = images.shape[-2] * images.shape[-1] / (flow.shape[-2] * flow.shape[-1])
    flow = LayerAttribution.interpolate(flow, images.shape[-2:], interpolate_mode="nearest")
    return flow.expand_as(images) / (images.shape[1] * size)
