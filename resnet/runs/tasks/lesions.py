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
    cpu = torch.device("cpu")
    train = Batches(dataset, dataset.train, cpu) if anew else None
    return right_answers(net, lesions, Batches(dataset, dataset.test, cpu), images, train)
