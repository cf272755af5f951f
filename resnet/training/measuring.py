"""Every probe of a net at one moment, outside a training."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from resnet.nets.network import Network
from resnet.nets.statistics import same_statistics
from resnet.probes import UPDATE, capture, profiles
from resnet.specs import Recipe
from resnet.training.optimizers import learning_rate, make_optimizer


def measure_all(net: Network, images: Tensor, labels: Tensor, recipe: Recipe | None = None) -> dict[str, np.ndarray]:
    """Every probe, and the ``loss`` (1,), from one forward and backward pass; the net is left as it was.

    `images` (N, C, H, W) normalised, `labels` (N,). In training mode batch norm uses the statistics of these images.
    With a `recipe` its optimiser makes its first update, which is measured and taken back.
    """
    gradients = [weight.grad for weight in net.parameters()]
    state = {name: tensor.clone() for name, tensor in net.state_dict().items()} if recipe else {}
    try:
        net.zero_grad(set_to_none=True)
        with torch.enable_grad(), same_statistics(net), capture(net) as seen:
            loss = F.cross_entropy(net(images), labels)
            loss.backward()
        if recipe:
            _update(net, recipe)
        measured = {"loss": loss.detach()[None], **profiles(seen, recipe is not None)}
        return {name: values.cpu().numpy() for name, values in measured.items()}
    finally:
        for weight, gradient in zip(net.parameters(), gradients, strict=True):
            weight.grad = gradient
        if state:
            net.load_state_dict(state)


def _update(net: Network, recipe: Recipe) -> None:
    """The first update of a training by this recipe."""
    optimizer = make_optimizer(net, recipe)
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(recipe, 0)
    optimizer.step()


def measure(probe: str, net: Network, images: Tensor, labels: Tensor, recipe: Recipe | None = None) -> np.ndarray:
    """One value per layer, in layer order, float32; which layers, `catalog.PROBES` says.

    The update probe needs to know how large an update is: by default that of the demo's recipe.
    """
    return measure_all(net, images, labels, recipe or (Recipe() if probe == UPDATE else None))[probe]
