"""How long a run takes and how much memory it needs, before it starts; counted from the spec, torch-free.

Fitted on eleven nets (depth 20–1202, width 4–32, batch 8–128; one thread of an AVX2 CPU, torch 2.14, n = 6–30 steps
each): step times within 15 %, memory never below what was seen. A few steps on another device (`tasks.speed`) say how
much faster it is, apart for what a layer costs and what an image costs: on a GPU layers count, on a CPU images.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import psutil

from resnet import catalog
from resnet.i18n import _
from resnet.nets.layers import layer_table
from resnet.specs import NetSpec, Recipe, SpecError, depths
from resnet.specs.limits import LIMITS

SECONDS_PER_LAYER = 0.5e-3
SECONDS_PER_MULTIPLY_ADD = 46.5e-12
SECONDS_PER_OUTPUT = 10.8e-9  # norm, activation, addition: bound by memory, not by arithmetic
SETTLING_IMAGES = (256, 512)  # re-estimate the norms before an evaluation and the last one; a third of a step's cost

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


@dataclass(frozen=True)
class Speed:
    """What steps cost on a device, by default on the fitted CPU: seconds a layer, and the factor for images.

    `bytes_per_output` are kept for the backward pass.
    """

    per_layer: float = SECONDS_PER_LAYER
    images: float = 1.0
    bytes_per_output: float = BYTES_PER_OUTPUT


FITTED = Speed()
FASTEST = 1e-4  # times the fitted CPU's seconds of an image: a GPU may take no longer for 128 images than for 8


def speed_from(
    net: NetSpec, recipes: Sequence[Recipe], seconds: Sequence[float], peaks: Sequence[float] = (0, 0)
) -> Speed:
    """From the steps of one net with a small and a large batch: their seconds, and their bytes where they are known."""
    (small, large), (short, long), (low, high) = recipes, seconds, peaks
    more, one = large.batch - small.batch, cost(net, small.data)
    images = max(FASTEST, (long - short) / (more * _image_seconds(net, small)))
    layer = max(0.0, short - small.batch * images * _image_seconds(net, small)) / net.depth
    kept = max(float(BYTES_PER_OUTPUT), (high - low) / (more * one.outputs))  # never below: other parts round up
    return Speed(layer, images, kept if high else float(BYTES_PER_OUTPUT))


@lru_cache(maxsize=512)
def cost(net: NetSpec, data: str, pixels: int = 32) -> Cost:
    """What the layer table adds up to."""
    channels, size, _width = catalog.data_choice(data, pixels).shape
    rows = layer_table(net, channels, len(catalog.data_choice(data).classes), size)
    convs = [row.shape for row in rows if row.operation == "conv"]
    outputs = sum(channels * height * width for channels, height, width in convs)
    return Cost(sum(row.multiply_adds for row in rows), outputs, sum(row.parameters for row in rows))


def seconds(net: NetSpec, recipe: Recipe, faster: float = 1.0, speed: Speed = FITTED) -> float:
    """Duration of a whole run, on one thread of a CPU; `faster` is how many times faster than `speed` it goes."""
    evaluations = -(-recipe.steps // recipe.evaluate_every)  # before the last one
    settling, last = SETTLING_IMAGES
    images = evaluations * (settling + recipe.tested(0)) + last + recipe.tested(recipe.steps)
    steps = recipe.steps * step_seconds(net, recipe, speed)
    return (steps + images * speed.images * _image_seconds(net, recipe) / 3) / faster


def step_seconds(net: NetSpec, recipe: Recipe, speed: Speed = FITTED) -> float:
    """Duration of one step, on one thread of a CPU."""
    return speed.per_layer * net.depth + recipe.batch * speed.images * _image_seconds(net, recipe)


def _image_seconds(net: NetSpec, recipe: Recipe) -> float:
    one = cost(net, recipe.data, recipe.pixels)
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


def memory(net: NetSpec, recipe: Recipe, speed: Speed = FITTED) -> float:
    """Bytes that training needs on top of an idle worker."""
    one = cost(net, recipe.data, recipe.pixels)
    return WORKING_BYTES + BYTES_PER_PARAMETER * one.parameters + speed.bytes_per_output * one.outputs * recipe.batch


def budget(slots: int = 1, gpu_memory: float = 0.0, gpus: int = 1) -> float:
    """Bytes that one of `slots` training workers on this machine may plan for.

    With `gpu_memory` bytes on each of its `gpus`: on the one that most workers share (`batches.cuda_device`).
    """
    if LIMITS.max_memory_gb:
        return LIMITS.max_memory_gb * 1e9
    if gpu_memory:
        return SHARE * gpu_memory / max(1, -(-slots // max(1, gpus)))
    return SHARE * psutil.virtual_memory().available / max(1, slots)


def require_fit(net: NetSpec, recipe: Recipe, available: float, speed: Speed = FITTED) -> None:
    """Raise SpecError, with the estimate and the largest setting that fits, for a run that needs more memory."""
    needed = memory(net, recipe, speed)
    if needed <= available:
        return
    places = {"net": str(net), "batch": recipe.batch, "needed": needed / 1e9, "available": available / 1e9}
    text = _("{net} with batch {batch} needs about {needed:.1f} GB and {available:.1f} GB are free; ", **places)
    if batch := _largest_batch(net, recipe, available, speed):
        raise SpecError(text + _("the largest batch that fits is {batch}.", batch=batch))
    if depth := _largest_depth(net, recipe.but(batch=LIMITS.min_batch), available, speed):
        at = {"depth": depth, "batch": LIMITS.min_batch}
        raise SpecError(text + _("no batch of this net fits; the deepest that does has {depth} layers.", **at))
    raise SpecError(text + _("no batch of this net fits: try a smaller width."))


def _largest_batch(net: NetSpec, recipe: Recipe, available: float, speed: Speed) -> int:
    """0 when none fits."""
    left = available - memory(net, recipe.but(batch=LIMITS.min_batch), speed)
    more = int(left // (speed.bytes_per_output * cost(net, recipe.data, recipe.pixels).outputs))
    return LIMITS.min_batch + more if left >= 0 else 0


def _largest_depth(net: NetSpec, recipe: Recipe, available: float, speed: Speed) -> int:
    """0 when none fits."""
    usual = depths(net.branch, net.family)
    fit = bisect_right(usual, available, key=lambda depth: memory(net.adapt(depth=depth), recipe, speed))
    return usual[fit - 1] if fit else 0
