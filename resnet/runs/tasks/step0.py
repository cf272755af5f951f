"""Questions about a net at step 0: what the interactive worker measures before any training.

Everything handed over is plain: specs, numbers, numpy arrays. A net is built anew in every call and never shared.
"""

from typing import TYPE_CHECKING

import numpy as np

from resnet.runs.tasks.loading import first_batch, fresh
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from resnet.analyses.results import Equations, PathLengths, Shattered


def profiles(spec: NetSpec, recipe: Recipe, update: bool = False, images: int = 0) -> dict[str, np.ndarray]:
    """Every probe, and the ``loss``, at step 0 on a training's first batch, or its first `images`; float32 per layer.

    With `update` also the probe that needs the optimiser's first step.
    """
    from resnet.nets.network import repeatable
    from resnet.training.measuring import measure_all

    net, batch, labels = first_batch(spec, recipe, images or recipe.batch)
    with repeatable(net, recipe.seed):  # as in the first step of a run
        return measure_all(net, batch, labels, recipe if update else None, recipe.label_smoothing)


def equations(spec: NetSpec, recipe: Recipe, stage: int) -> "dict[str, Equations]":
    """The equations of 2016 in one stage of the net at step 0, in "float32" and in "float64"."""
    import torch

    from resnet.analyses.equations import equations as equations_of
    from resnet.nets.network import repeatable

    net, images, labels = first_batch(spec, recipe)
    with repeatable(net, recipe.seed):
        single = equations_of(net, images, labels, stage)
    with repeatable(net, recipe.seed):
        double = equations_of(net.to(torch.float64), images.to(torch.float64), labels, stage)
    return {"float32": single, "float64": double}


def path_lengths(spec: NetSpec, recipe: Recipe) -> "PathLengths":
    """The gradient by path length of the net at step 0."""
    from resnet.analyses.paths import path_lengths as path_lengths_of
    from resnet.nets.network import repeatable

    net, images, labels = first_batch(spec, recipe)
    with repeatable(net, recipe.seed):
        return path_lengths_of(net, images.contiguous(), labels)  # channels last, batch norm is less exact


def shattered(spec: NetSpec, recipe: Recipe, chosen: list[int]) -> "Shattered":
    """The gradient of the first image's class on the way between two test images, for each pair of `chosen` ones."""
    import torch

    from resnet.analyses.shattered import over_pairs
    from resnet.datasets.batches import Batches
    from resnet.nets.network import repeatable

    net, dataset = fresh(spec, recipe)
    test, train = (Batches(dataset, split, torch.device("cpu")) for split in (dataset.test, dataset.train))
    images, labels = test.take(torch.tensor(chosen))
    with repeatable(net, recipe.seed):
        return over_pairs(net, images, labels, train)
