"""The optimiser of a recipe and its learning rate at each step."""

import math

import torch
from torch import nn

from resnet.specs import Recipe


def make_optimizer(net: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Adam or SGD in their fused form; weight decay acts on convolutions and the head, not on norms and biases."""
    weights = [parameter for parameter in net.parameters() if parameter.ndim > 1]
    others = [parameter for parameter in net.parameters() if parameter.ndim <= 1]
    groups = [{"params": weights, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]
    if recipe.optimizer == "adam":
        return torch.optim.Adam(groups, lr=recipe.lr, fused=True)
    return torch.optim.SGD(groups, lr=recipe.lr, momentum=recipe.momentum, fused=True)


def learning_rate(recipe: Recipe, step: int) -> float:
    """The learning rate of the update after `step` updates; during warm-up it rises linearly from lr / warmup."""
    if step < recipe.warmup:
        return recipe.lr * (step + 1) / recipe.warmup
    progress = (step - recipe.warmup) / max(1, recipe.steps - recipe.warmup)
    if recipe.schedule == "cosine":
        return recipe.lr * (1 + math.cos(math.pi * min(progress, 1.0))) / 2
    if recipe.schedule == "step":  # He et al. 2015, Sec. 4.2: ÷10 at 32k and 48k of 64k iterations
        return recipe.lr * 0.1 ** ((step >= recipe.steps // 2) + (step >= recipe.steps * 3 // 4))
    return recipe.lr
