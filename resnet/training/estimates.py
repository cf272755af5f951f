"""How long a run takes and how much memory it needs, before it starts; counted from the spec, torch-free.

Fitted on eleven nets (depth 20–1202, width 4–32, batch 8–128; one thread of an AVX2 CPU, torch 2.14, n = 6–30 steps
each): step times within 15 %, memory never below what was seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import psutil

from resnet import catalog
from resnet.i18n import _
from resnet.nets.layers import layer_table
from resnet.specs import NetSpec, Recipe, SpecError
from resnet.specs.limits import LIMITS

SECONDS_PER_LAYER = 0.5e-3
SECONDS_PER_MULTIPLY_ADD = 46.5e-12
SECONDS_PER_OUTPUT = 10.8e-9  # norm, activation, addition: bound by memory, not by arithmetic
EVALUATION_IMAGES = 756  # test images and those that re-estimate the norms; forward only, a third of a step's cost
LAST_EVALUATION_IMAGES = 1_512

WORKING_BYTES = 250e6  # data set, optimiser code, buffers of the convolutions
BYTES_PER_OUTPUT = 18  # kept for the backward pass: convolution and activation, float32, with the allocator's slack
BYTES_PER_PARAMETER = 32  # weight, gradient, two moments, and as much again when weights are copied
WARM = 20  # steps after which a run's own speed counts: the first ones carry its start and an evaluation
SHARE = 0.8  # of the free memory may be planned for


@dataclass(frozen=True)
class Cost:
    """For one image: multiply-adds forward, outputs of all convolutions; and the parameters."""

    multiply_adds: int
    outputs: int
    parameters: int


@lru_cache(maxsize=512)
def cost(net: NetSpec, data: str) -> Cost:
    """What the layer table adds up to."""
    channels, size, _width = catalog.DATASETS[data].shape
    rows = layer_table(net, channels, len(catalog.DATASETS[data].classes), size)
    convs = [row.shape for row in rows if row.operation == "conv"]
    outputs = sum(channels * height * width for channels, height, width in convs)
    return Cost(sum(row.multiply_adds for row in rows), outputs, sum(row.parameters for row in rows))


def seconds(net: NetSpec, recipe: Recipe, speed: float = 1.0) -> float:
    """Duration of a whole run on one thread; `speed` is how many times faster than the fitted CPU this machine is."""
    evaluations = -(-recipe.steps // recipe.evaluate_every)  # before the last one
    images = evaluations * EVALUATION_IMAGES + LAST_EVALUATION_IMAGES
    steps = recipe.steps * step_seconds(net, recipe)
    return (steps + images * _image_seconds(net, recipe) / 3) / speed


def step_seconds(net: NetSpec, recipe: Recipe) -> float:
    """Duration of one step on one thread of the fitted CPU."""
    return SECONDS_PER_LAYER * net.depth + recipe.batch * _image_seconds(net, recipe)


def _image_seconds(net: NetSpec, recipe: Recipe) -> float:
    one = cost(net, recipe.data)
    return SECONDS_PER_MULTIPLY_ADD * one.multiply_adds + SECONDS_PER_OUTPUT * one.outputs


def longest_first(nets: Iterable[NetSpec], recipe: Recipe) -> list[NetSpec]:
    """The order in which several workers are done soonest: no long run is left over for the end."""
    return sorted(nets, key=lambda net: -seconds(net, recipe))


def total_seconds(runs: Sequence[float], slots: int, ahead: Iterable[float] = ()) -> float:
    """Until the last of `runs` ends: `slots` workers take them in their order, after what is `ahead` of them."""
    busy, end = [0.0] * max(1, slots), 0.0
    for run in ahead:
        busy[busy.index(min(busy))] += run
    for run in runs:
        first = busy.index(min(busy))
        busy[first] += run
        end = max(end, busy[first])
    return end


def remaining_seconds(whole: float, steps: int, done: int, taken: float) -> float:
    """What is left of a run of `steps` steps after `done`: by its own speed, at first by the estimate `whole`."""
    return taken / done * (steps - done) if done >= WARM and taken > 0 else whole


def memory(net: NetSpec, recipe: Recipe) -> float:
    """Bytes that training needs on top of an idle worker."""
    one = cost(net, recipe.data)
    return WORKING_BYTES + BYTES_PER_PARAMETER * one.parameters + BYTES_PER_OUTPUT * one.outputs * recipe.batch


def budget(slots: int = 1, gpu_memory: float = 0.0, gpus: int = 1) -> float:
    """Bytes that one of `slots` training workers on this machine may plan for.

    With `gpu_memory` bytes on each of its `gpus`: on the one that most workers share (`batches.cuda_device`).
    """
    if LIMITS.max_memory_gb:
        return LIMITS.max_memory_gb * 1e9
    if gpu_memory:
        return SHARE * gpu_memory / max(1, -(-slots // max(1, gpus)))
    return SHARE * psutil.virtual_memory().available / max(1, slots)


def require_fit(net: NetSpec, recipe: Recipe, available: float) -> None:
    """Raise SpecError, with the estimate and the largest batch that fits, for a run that needs more memory."""
    needed = memory(net, recipe)
    if needed <= available:
        return
    places = {"net": str(net), "batch": recipe.batch, "needed": needed / 1e9, "available": available / 1e9}
    text = _("{net} with batch {batch} needs about {needed:.1f} GB and {available:.1f} GB are free; ", **places)
    one = cost(net, recipe.data)
    largest = int((available - memory(net, recipe.but(batch=LIMITS.min_batch))) / (BYTES_PER_OUTPUT * one.outputs))
    largest += LIMITS.min_batch
    if largest >= LIMITS.min_batch:
        raise SpecError(text + _("the largest batch that fits is {batch}.", batch=largest))
    raise SpecError(text + _("no batch of this net fits: try a smaller depth or width."))
