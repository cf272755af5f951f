"""The question what a net learns from a handful of pictures, and what a handful of test pictures says of it."""

from typing import TYPE_CHECKING, Any

from resnet.runs.tasks.loading import one_thread
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.datasets import Dataset
    from resnet.datasets.data import Split
    from resnet.nets.network import Network


def measured(spec: NetSpec, recipe: Recipe, classes: tuple[int, ...], each: int) -> dict[str, Any]:
    """Train on a few pictures of some classes; right answers and how many pictures there were, of three splits.

    ``train`` and ``test`` of those few, ``many`` of all other test images of these classes: (right, count) each. Of the
    first test picture of each class: ``maps`` (classes, H, W), input × gradient for the label, and ``seen`` (classes,),
    the class that the net sees.
    """
    import torch

    from resnet.attributions.attribute import attribute
    from resnet.datasets import load_dataset
    from resnet.datasets.batches import Batches
    from resnet.datasets.few import handful
    from resnet.nets.network import build_network
    from resnet.training.loop import train

    one_thread()
    small, many = handful(load_dataset(recipe.data, recipe.level), classes, each)
    net = build_network(spec, recipe.seed, small.train.images.shape[1], len(classes))
    for _step in train(net, small, recipe, device=torch.device("cpu")):
        pass  # afterwards the statistics of batch norm fit the last weights
    splits = {"train": small.train, "test": small.test, "many": many}
    images, labels = Batches(small, small.test, torch.device("cpu")).take(_firsts(small.test))
    net.eval()
    with torch.inference_mode():
        seen = net(images).argmax(1)
    maps = attribute("input_x_gradient", net, images, labels).sum(1)
    counts = {name: (_right(net, small, split), len(split.labels)) for name, split in splits.items()}
    return {**counts, "maps": maps.numpy(), "seen": seen.numpy()}


def _firsts(split: "Split") -> "Tensor":
    """The place of the first picture of each class."""
    import numpy as np
    import torch

    return torch.from_numpy(np.unique(split.labels, return_index=True)[1])


def _right(net: "Network", dataset: "Dataset", split: "Split") -> int:
    import torch

    from resnet.datasets.batches import Batches

    images, labels = Batches(dataset, split, torch.device("cpu")).take(slice(None))
    with torch.inference_mode():
        return int((net(images).argmax(1) == labels).sum())
