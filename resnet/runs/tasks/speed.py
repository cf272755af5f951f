"""How fast this device trains, by a few steps of a real net; torch is imported inside the function only."""

import time
from typing import TYPE_CHECKING

from resnet.specs import NetSpec, Recipe
from resnet.specs.limits import LIMITS
from resnet.training.estimates import Speed, speed_from

if TYPE_CHECKING:
    import torch

DEPTH, BATCHES = 20, (8, 128)  # a small batch tells what layers cost, a large one what images cost
WARM, STEPS = 2, 5  # steps before the clock starts, and on it; of these the fastest counts: others disturb, none help


def measured() -> Speed:
    """The speed of the device on which this process would train; about a second on a CPU."""
    from resnet.datasets.batches import default_device
    from resnet.training.exactness import prepare

    device = default_device()
    prepare(device)
    net = NetSpec(depth=LIMITS.depth(DEPTH))
    recipes = [Recipe.model_construct(**{**Recipe().model_dump(), "batch": batch}) for batch in BATCHES]
    steps = [_step(net, recipe, device) for recipe in recipes]
    return speed_from(net, recipes, [seconds for seconds, _bytes in steps], [peak for _seconds, peak in steps])


def _step(net: NetSpec, recipe: Recipe, device: "torch.device") -> tuple[float, float]:
    """Seconds of one step, and on a CUDA device the bytes that it holds at most; else 0."""
    import torch
    from torch.nn import functional as F

    from resnet.datasets.batches import Batches, memory_format
    from resnet.runs.tasks.loading import fresh
    from resnet.training.optimizers import make_optimizer

    network, dataset = fresh(net, recipe)
    network.to(device=device, memory_format=memory_format(device)).train()  # type: ignore[call-overload]
    images, labels = Batches(dataset, dataset.train, device).take(slice(recipe.batch))
    optimizer, cuda = make_optimizer(network, recipe), device.type == "cuda"
    if cuda:
        torch.cuda.reset_peak_memory_stats(device)
    seconds = []
    for _step in range(WARM + STEPS):
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = F.cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()  # waits for the device
        seconds.append(time.perf_counter() - start)
    return min(seconds[WARM:]), float(torch.cuda.max_memory_allocated(device)) if cuda else 0.0
