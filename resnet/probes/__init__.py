"""Per-layer measurements; one file each, one record in the catalog each."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from resnet.network import Network
from resnet.probes import activation_std, gradient_norm, output_gradient
from resnet.probes.seen import Seen, capture

PROBES = {
    "output_gradient": output_gradient.values,
    "gradient_norm": gradient_norm.values,
    "activation_std": activation_std.values,
}


def measure_all(net: Network, images: Tensor, labels: Tensor) -> dict[str, np.ndarray]:
    """Every probe from one forward and one backward pass in the net's present mode; the net is left as it was.

    `images` (N, C, H, W) normalised, `labels` (N,). In training mode batch norm uses the statistics of these images.
    """
    gradients = [weight.grad for weight in net.parameters()]
    buffers = [buffer.clone() for buffer in net.buffers()]
    try:
        net.zero_grad(set_to_none=True)
        with torch.enable_grad(), capture(net.outputs(), net.weights()) as seen:
            F.cross_entropy(net(images), labels).backward()
        return {name: values(seen).cpu().numpy() for name, values in PROBES.items()}
    finally:
        for weight, gradient in zip(net.parameters(), gradients, strict=True):
            weight.grad = gradient
        for buffer, before in zip(net.buffers(), buffers, strict=True):
            buffer.copy_(before)


def measure(probe: str, net: Network, images: Tensor, labels: Tensor) -> np.ndarray:
    """One value per layer, in layer order, float32; which layers, `catalog.PROBES` says."""
    return measure_all(net, images, labels)[probe]


__all__ = ["PROBES", "Seen", "capture", "measure", "measure_all"]
