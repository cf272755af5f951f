"""The optimiser of a recipe, and one update by it."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

from resnet import catalog
from resnet.specs import Recipe

Groups = list[dict[str, Any]]


def make_optimizer(net: nn.Module, recipe: Recipe, capturable: bool = False) -> torch.optim.Optimizer:
    """The recipe's, in its fastest form; weight decay acts on convolutions and the head, not on norms and biases.

    A `capturable` one keeps its learning rate in a tensor on the device, on a GPU its count of steps too.
    """
    weights = [parameter for parameter in net.parameters() if parameter.ndim > 1]
    others = [parameter for parameter in net.parameters() if parameter.ndim <= 1]
    groups = [{"params": weights, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]
    optimizer = OPTIMIZERS[recipe.optimizer](groups, recipe)
    for group in optimizer.param_groups if capturable else ():
        group["lr"] = torch.tensor(recipe.lr, device=group["params"][0].device)
        group |= {"capturable": True} if "capturable" in group and group["lr"].is_cuda else {}
    return optimizer


def _sgd(groups: Groups, recipe: Recipe) -> torch.optim.Optimizer:
    return torch.optim.SGD(groups, lr=recipe.lr, momentum=recipe.momentum, nesterov=recipe.nesterov, fused=True)


def _adagrad(groups: Groups, recipe: Recipe) -> torch.optim.Optimizer:
    """Torch has no fused form of it for Apple's GPU."""
    fused = groups[0]["params"][0].device.type != "mps"
    return torch.optim.Adagrad(groups, lr=recipe.lr, **{"fused" if fused else "foreach": True})


OPTIMIZERS: dict[str, Callable[[Groups, Recipe], torch.optim.Optimizer]] = {
    "adam": lambda groups, recipe: torch.optim.Adam(groups, lr=recipe.lr, fused=True),
    "adamw": lambda groups, recipe: torch.optim.AdamW(groups, lr=recipe.lr, fused=True),
    "sgd": _sgd,
    "rmsprop": lambda groups, recipe: torch.optim.RMSprop(groups, lr=recipe.lr, foreach=True),  # never fused
    "adagrad": _adagrad,
}


def set_lr(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """The learning rate of the next update; where it is a tensor, in the same memory."""
    for group in optimizer.param_groups:
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(lr)
        else:
            group["lr"] = lr


def update(optimizer: torch.optim.Optimizer, clip: float = 0.0) -> dict[str, Tensor]:
    """One update by the gradients in the net, which stay as they are; with a `clip`, by clipped ones.

    Then the answer is whether they were ``clipped``, 1.0 or 0.0, on the device.
    """
    if clip:
        return _clipped_step(optimizer, clip)
    optimizer.step()
    return {}


def _clipped_step(optimizer: torch.optim.Optimizer, clip: float) -> dict[str, Tensor]:
    """Like torch's ``clip_grad_norm_``: all gradients together get a norm of at most `clip`. Source: arXiv 1211.5063.

    By copies: probes measure the gradients of the loss, not what is left of them. The host does not wait for the norm.
    """
    weights = [weight for group in optimizer.param_groups for weight in group["params"] if weight.grad is not None]
    gradients = [weight.grad for weight in weights]
    norm = get_total_norm(gradients)
    shorter = torch._foreach_mul(gradients, (clip / (norm + 1e-6)).clamp(max=1))
    for weight, gradient in zip(weights, shorter, strict=True):
        weight.grad = gradient
    optimizer.step()
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.grad = gradient
    return {catalog.CLIPPED: (norm > clip).float()}
