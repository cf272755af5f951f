"""The question what blocks do that are added to a trained net."""

from resnet.analyses.additions import IMAGES, Copied
from resnet.runs.store.states import State
from resnet.runs.tasks.loading import trained
from resnet.specs import NetSpec, Recipe


def copied(spec: NetSpec, recipe: Recipe, state: State | None) -> dict[str, Copied]:
    """By the way of adding them, measured on the first training images as they are, in evaluation mode."""
    import torch

    from resnet.analyses.copying import copies
    from resnet.datasets.batches import Batches

    net, dataset = trained(spec, recipe, state)
    return copies(net, *Batches(dataset, dataset.train, torch.device("cpu")).take(slice(0, IMAGES)))
