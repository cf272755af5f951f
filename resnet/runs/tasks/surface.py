"""Questions about the loss around a net: a few points of a plane at a time."""

from typing import TYPE_CHECKING

import numpy as np

from resnet.runs.store.states import State
from resnet.runs.tasks.loading import fresh, tensors_of, trained
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.analyses.results import TrainingPath
    from resnet.datasets import Dataset
    from resnet.nets.network import Network

Points = tuple[tuple[float, float], ...]


def losses(
    spec: NetSpec, recipe: Recipe, state: State | None, points: Points, images: int, seed: int, *kept: State
) -> np.ndarray:
    """The loss at these points, on so many training images; untrained for None.

    The directions are random ones of that seed, or the two main ones of the `kept` states where there are any.
    """
    from resnet.analyses.surface import along_training, random_directions
    from resnet.analyses.surface import losses as losses_of

    net, dataset = _net(spec, recipe, state)
    batch, labels = _images(dataset, images)
    directions = along_training(_weights(kept), _names(net))[0] if kept else random_directions(net, seed)
    return losses_of(net, batch, labels, directions, points)


def path(spec: NetSpec, recipe: Recipe, state: State | None, *kept: State) -> "TrainingPath":
    """Where the `kept` states of a training lie on the plane of their two main directions; `state` is not read."""
    from resnet.analyses.surface import training_path

    return training_path(_weights(kept), _names(fresh(spec, recipe)[0]))


def _net(spec: NetSpec, recipe: Recipe, state: State | None) -> "tuple[Network, Dataset]":
    """Without statistics of its own for the untrained net, which nobody reads here: they take as long as a point."""
    return trained(spec, recipe, state) if state else fresh(spec, recipe)


def _names(net: "Network") -> list[str]:
    return [name for name, _weights in net.named_parameters()]


def _weights(kept: tuple[State, ...]) -> "list[dict[str, Tensor]]":
    from safetensors.torch import load

    from resnet.nets.weights import from_first_layout

    return [from_first_layout(load(tensors_of(state))) for state in kept]


def _images(dataset: "Dataset", count: int) -> "tuple[Tensor, Tensor]":
    """So many training images, evenly over the whole set: always the same ones, of all classes where it is sorted."""
    import torch

    from resnet.datasets.batches import Batches

    train = Batches(dataset, dataset.train, torch.device("cpu"))
    return train.take(torch.linspace(0, len(train) - 1, min(count, len(train))).long())
