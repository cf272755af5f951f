"""The learning rate of a recipe at each step; no torch, for the pages draw it before a run."""

import math
from collections.abc import Callable

from resnet.specs import Recipe

RISE = 0.3  # of a one-cycle run; RISE, FIRST and LAST are the defaults of torch.optim.lr_scheduler.OneCycleLR
FIRST, LAST = 1 / 25, 1 / 25e4  # shares of the highest learning rate, at the first step and at the last one


def learning_rate(recipe: Recipe, step: int) -> float:
    """The learning rate of the update after `step` updates; during warm-up it rises linearly from lr / warmup.

    A run that was extended follows the schedule of its ``extended`` first steps, then that of all its steps.
    """
    steps = recipe.extended if step < recipe.extended else recipe.steps
    if step < recipe.warmup and recipe.schedule != "one_cycle":
        return recipe.lr * (step + 1) / recipe.warmup
    return recipe.lr * SCHEDULES[recipe.schedule](step, steps, recipe.warmup)


def _cosine(step: int, steps: int, warmup: int) -> float:
    """From 1 behind the warm-up to 0 at the last step. Source: Loshchilov and Hutter 2016, arXiv 1608.03983."""
    progress = (step - warmup) / max(1, steps - warmup)
    return (1 + math.cos(math.pi * min(progress, 1.0))) / 2


def _steps(step: int, steps: int, _warmup: int) -> float:
    """÷10 at 32k and 48k of 64k iterations. Source: He et al. 2015, Sec. 4.2."""
    return 0.1 ** ((step >= steps // 2) + (step >= steps * 3 // 4))


def _one_cycle(step: int, steps: int, warmup: int) -> float:
    """Up to 1 within the warm-up, without one in 0.3 of the steps, then down to almost 0, both along a cosine.

    Source: Smith and Topin 2018, arXiv 1708.07120, as torch's OneCycleLR has it.
    """
    peak, last = (warmup or RISE * steps) - 1, steps - 1
    if step <= peak:
        return _between(FIRST, 1.0, step / peak if peak else 1.0)
    return _between(1.0, LAST, (step - peak) / (last - peak) if last > peak else 1.0)


def _between(start: float, end: float, progress: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * min(progress, 1.0))) / 2


SCHEDULES: dict[str, Callable[[int, int, int], float]] = {  # the share of the recipe's learning rate
    "cosine": _cosine,
    "constant": lambda _step, _steps, _warmup: 1.0,
    "step": _steps,
    "one_cycle": _one_cycle,
}
