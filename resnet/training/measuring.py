"""Every probe of a net at one moment, outside a training."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from resnet.nets.network import Network
from resnet.probes import UPDATE, capture, profiles
from resnet.specs import Recipe
from resnet.training.loss import losses
from resnet.training.optimizers import make_optimizer, set_lr, update
from resnet.training.schedules import learning_rate


def measure_all(
    net: Network, images: Tensor, labels: Tensor, recipe: Recipe | None = None, smoothing: float = 0.0
) -> dict[str, np.ndarray]:
    """Every probe, and the ``loss`` (1,), from one forward and backward pass; the net is left as it was.

    `images` (N, C, H, W) normalised, `labels` (N,). In training mode batch norm uses the statistics of these images.
    With a `recipe` its optimiser makes its first update, which is measured and taken back. The gradients are those by
    which a net learns: of labels with that `smoothing`.

    In float64 where the device has it, rounded to float32 at the end. In float32 rounding alone moves plain-56's weight
    gradients at step 0 by 7-22 % and plain-110's by 24-34 % (digits and shapes, batch 32 and 128, seed 0, AVX2 CPU).
    """
    gradients = [weight.grad for weight in net.parameters()]
    try:
        net.zero_grad(set_to_none=True)
        with torch.enable_grad(), _precise(net) as number, capture(net) as seen:
            loss, told = losses(net(images.to(number)), labels, smoothing)
            loss.backward()
            if recipe:
                _update(net, recipe)
            measured = {"loss": told[None].float(), **profiles(seen, recipe is not None)}
            return {name: values.cpu().numpy() for name, values in measured.items()}
    finally:
        for weight, gradient in zip(net.parameters(), gradients, strict=True):
            weight.grad = gradient


@contextmanager
def _precise(net: Network) -> Iterator[torch.dtype]:
    """Inside, the net's weights and buffers are copies, in float64 except on Apple's GPU, which has none.

    Afterwards they are the very same tensors as before. A deep copy of plain-56 would take 45 ms.
    """
    tensors = [*net.parameters(), *net.buffers()]
    before = [tensor.data for tensor in tensors]
    number = torch.float32 if before[0].device.type == "mps" else torch.float64
    try:
        for tensor in tensors:
            tensor.data = tensor.data.to(number, copy=True) if tensor.is_floating_point() else tensor.data.clone()
        yield number
    finally:
        net.zero_grad(set_to_none=True)
        for tensor, data in zip(tensors, before, strict=True):
            tensor.data = data


def _update(net: Network, recipe: Recipe) -> None:
    """The first update of a training by this recipe."""
    optimizer = make_optimizer(net, recipe)
    set_lr(optimizer, learning_rate(recipe, 0))
    update(optimizer, recipe.clip)


def measure(probe: str, net: Network, images: Tensor, labels: Tensor, recipe: Recipe | None = None) -> np.ndarray:
    """One value per layer, in layer order, float32; which layers, `catalog.PROBES` says.

    The update probe needs to know how large an update is: by default that of the demo's recipe.
    """
    return measure_all(net, images, labels, recipe or (Recipe() if probe == UPDATE else None))[probe]
