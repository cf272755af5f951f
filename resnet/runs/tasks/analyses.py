"""Questions about how signal and gradient run through a net: untrained, or with weights that a run has kept.

Everything handed over is plain: specs, numbers, numpy arrays. A net is built anew in every call and never shared. All
but `shattered` look at the first images of the first batch of the training, in training mode as its steps do.
"""

from typing import TYPE_CHECKING

import numpy as np

from resnet.runs.store.states import State
from resnet.runs.tasks.loading import PROFILE_IMAGES, filled, first_images
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.analyses.results import Equations, PathLengths, Shattered
    from resnet.nets.network import Network


def equations(spec: NetSpec, recipe: Recipe, state: State | None, stage: int) -> "dict[str, Equations]":
    """The equations of 2016 in one stage of the net, in "float32" and in "float64"."""
    import torch

    from resnet.analyses.equations import equations as equations_of
    from resnet.nets.network import repeatable

    net, images, labels = _first_batch(spec, recipe, state)
    with repeatable(net, recipe.seed):
        single = equations_of(net, images, labels, stage)
    with repeatable(net, recipe.seed):
        double = equations_of(net.to(torch.float64), images.to(torch.float64), labels, stage)
    return {"float32": single, "float64": double}


def path_lengths(spec: NetSpec, recipe: Recipe, state: State | None) -> "PathLengths":
    """The gradient by path length."""
    from resnet.analyses.paths import path_lengths as path_lengths_of
    from resnet.nets.network import repeatable

    net, images, labels = _first_batch(spec, recipe, state)
    with repeatable(net, recipe.seed):
        return path_lengths_of(net, images.contiguous(), labels)  # channels last, batch norm is less exact


def gains(spec: NetSpec, recipe: Recipe, state: State | None) -> np.ndarray:
    """What each block multiplies the gradient by, (blocks,); see the probe of that name."""
    from resnet.nets.network import repeatable
    from resnet.training.measuring import measure_all

    net, images, labels = _first_batch(spec, recipe, state)
    with repeatable(net, recipe.seed):
        return measure_all(net, images, labels)["gain"]


def shattered(spec: NetSpec, recipe: Recipe, state: State | None, chosen: list[int]) -> "Shattered":
    """The gradient of the first image's class on the way between two test images, for each pair of `chosen` ones."""
    import torch

    from resnet.analyses.shattered import over_pairs
    from resnet.datasets.batches import Batches
    from resnet.nets.network import repeatable

    net, dataset = filled(spec, recipe, state)
    test, train = (Batches(dataset, split, torch.device("cpu")) for split in (dataset.test, dataset.train))
    images, labels = test.take(torch.tensor(chosen))
    with repeatable(net, recipe.seed):
        return over_pairs(net, images, labels, train)


def _first_batch(spec: NetSpec, recipe: Recipe, state: State | None) -> "tuple[Network, Tensor, Tensor]":
    net, dataset = filled(spec, recipe, state)
    return net, *first_images(dataset, recipe, PROFILE_IMAGES)
