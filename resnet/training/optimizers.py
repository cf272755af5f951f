"""The optimiser of a recipe and its learning rate at each step."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from resnet.specs import Recipe

Groups = list[dict[str, Any]]


def make_optimizer(net: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's, in its fused form; weight decay acts on convolutions and the head, not on norms and biases."""
    weights = [parameter for parameter in net.parameters() if parameter.ndim > 1]
    others = [parameter for parameter in net.parameters() if parameter.ndim <= 1]
    groups = [{"params": weights, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return OPTIMIZERS[recipe.optimizer](groups, recipe)


OPTIMIZERS: dict[str, Callable[[Groups, Recipe], torch.optim.Optimizer]] = {
    "adam": lambda groups, recipe: torch.optim.Adam(groups, lr=recipe.lr, fused=True),
    "sgd": lambda groups, recipe: torch.optim.SGD(groups, lr=recipe.lr, momentum=recipe.momentum, fused=True),
}


def learning_rate(recipe: Recipe, step: int) -> float:
    """The learning rate of the update after `step` updates; during warm-up it rises linearly from lr / warmup."""
    if step < recipe.warmup:
        return recipe.lr * (step + 1) / recipe.warmup
    return recipe.lr * SCHEDULES[recipe.schedule](recipe, step)


def _cosine(recipe: Recipe, step: int) -> float:
    """From 1 behind the warm-up to 0 at the last step. Source: Loshchilov and Hutter 2016, arXiv 1608.03983."""
    progress = (step - recipe.warmup) / max(1, recipe.steps - recipe.warmup)
    return (1 + math.cos(math.pi * min(progress, 1.0))) / 2


def _steps(recipe: Recipe, step: int) -> float:
    """÷10 at 32k and 48k of 64k iterations. Source: He et al. 2015, Sec. 4.2."""
    return 0.1 ** ((step >= recipe.steps // 2) + (step >= recipe.steps * 3 // 4))


SCHEDULES: dict[str, Callable[[Recipe, int], float]] = {  # the share of the recipe's learning rate
    "cosine": _cosine,
    "constant": lambda _recipe, _step: 1.0,
    "step": _steps,
}
