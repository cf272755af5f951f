"""What functional ReLU does to attribution: the same net with ReLU as modules, and as functions nobody can hook."""

import copy

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet.attributions.attribute import attribute
from resnet.nets.network import Network


class _Function(nn.Module):
    """ReLU in a module of no known kind: to methods that look for `nn.ReLU`, as if it were called as a function."""

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x)


def functional(net: Network) -> Network:
    """A copy that computes the same; no `nn.ReLU` is left in it."""
    other = copy.deepcopy(net)
    for module in list(other.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.ReLU):
                setattr(module, name, _Function())
    return other


def effects(net: Network, images: Tensor, labels: Tensor) -> dict[str, tuple[float, float]]:
    """With modules and with functions: ``guided``, the correlation of guided backprop with the plain gradient, and
    ``gap``, the mean of |sum of DeepLift - rise| over the mean of |rise|. ``outputs``: the largest difference."""
    blind = functional(net)
    gradients = attribute("saliency", net, images, labels).flatten()
    guided = [attribute("guided_backprop", one, images, labels).flatten() for one in (net, blind)]
    with torch.inference_mode():
        outputs, same = net(images), blind(images)
        rises = (outputs - net(torch.zeros_like(images))).gather(1, labels[:, None])[:, 0]
    lifts = [attribute("deep_lift", one, images, labels).flatten(1).sum(1) for one in (net, blind)]
    return {
        "guided": (_alike(guided[0], gradients), _alike(guided[1], gradients)),
        "gap": (_missed(lifts[0], rises), _missed(lifts[1], rises)),
        "outputs": (0.0, float((outputs - same).abs().max())),
    }


def _alike(one: Tensor, other: Tensor) -> float:
    return float(np.corrcoef(one.detach().numpy(), other.detach().numpy())[0, 1])


def _missed(sums: Tensor, rises: Tensor) -> float:
    return float((sums - rises).abs().mean() / rises.abs().mean())
