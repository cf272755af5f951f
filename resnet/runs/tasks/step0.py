"""Questions about a net at step 0: what the interactive worker measures before any training.

Everything handed over is plain: JSON texts, numpy arrays. A net is built anew in every call and never shared.
"""

from typing import TYPE_CHECKING

import numpy as np

from resnet.runs.tasks.loading import first_batch, fresh
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from resnet.analyses.results import Equations, PathLengths, Shattered


def profiles_at_start(net_json: str, recipe_json: str, update: bool = False) -> dict[str, np.ndarray]:
    """Every probe, and the ``loss``, at step 0 on (up to 32 images of) a training's first batch; float32 per layer.

    With `update` also the probe that needs the optimiser's first step.
    """
    from resnet.nets.network import repeatable
    from resnet.training.measuring import measure_all

    recipe = Recipe.from_json(recipe_json)
    net, images, labels = first_batch(net_json, recipe_json)
    with repeatable(net, recipe.seed):  # as in the first step of a run
        return measure_all(net, images, labels, recipe if update else None)


def equations_at_start(net_json: str, recipe_json: str, stage: int) -> "dict[str, Equations]":
    """The equations of 2016 in one stage of the net at step 0, in "float32" and in "float64"."""
    import torch

    from resnet.analyses.equations import equations
    from resnet.nets.network import repeatable

    net, images, labels = first_batch(net_json, recipe_json)
    with repeatable(net, Recipe.from_json(recipe_json).seed):
        single = equations(net, images, labels, stage)
    with repeatable(net, Recipe.from_json(recipe_json).seed):
        double = equations(net.to(torch.float64), images.to(torch.float64), labels, stage)
    return {"float32": single, "float64": double}


def path_lengths_at_start(net_json: str, recipe_json: str) -> "PathLengths":
    """The gradient by path length of the net at step 0."""
    from resnet.analyses.paths import path_lengths
    from resnet.nets.network import repeatable

    net, images, labels = first_batch(net_json, recipe_json)
    with repeatable(net, Recipe.from_json(recipe_json).seed):
        return path_lengths(net, images, labels)


def shattered_at_start(net_json: str, recipe_json: str, first: int, second: int) -> "Shattered":
    """The gradient of the first image's class along the way between two test images, for the net at step 0."""
    import torch

    from resnet.analyses.shattered import shattered
    from resnet.datasets.batches import Batches
    from resnet.nets.network import repeatable

    recipe = Recipe.from_json(recipe_json)
    net, dataset = fresh(NetSpec.from_json(net_json), recipe)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    (start, end), labels = test.take(torch.tensor([first, second]))
    with repeatable(net, recipe.seed):
        return shattered(net, start, end, int(labels[0]))
