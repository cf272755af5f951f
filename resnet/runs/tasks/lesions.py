"""The question what a net still knows without some of its blocks."""

from resnet.analyses.cuts import Lesion
from resnet.runs.store.states import State
from resnet.runs.tasks.loading import trained
from resnet.specs import NetSpec, Recipe


def right(
    spec: NetSpec, recipe: Recipe, state: State | None, lesions: list[Lesion], images: int, anew: bool
) -> list[int]:
    """How many of the first `images` test images the net names rightly under each lesion.

    With `anew`, batch norm's statistics are estimated anew on training images after each cut.
    """
    import torch

    from resnet.analyses.lesions import right_answers
    from resnet.datasets.batches import Batches

    net, dataset = trained(spec, recipe, state)
    test, train = (Batches(dataset, split, torch.device("cpu")) for split in (dataset.test, dataset.train))
    return right_answers(net, lesions, test, images, train if anew else None)
