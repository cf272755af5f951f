"""The question whether maps change when the net forgets what it has learned."""

from typing import TYPE_CHECKING, Any

from resnet.runs.store.states import State
from resnet.runs.tasks.loading import test_images, trained
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.nets.network import Network

SETTLING = 128  # training images for the norms' statistics after each step of forgetting


def sanity(
    spec: NetSpec, recipe: Recipe, state: State | None, method: str, indices: list[int], cascading: bool
) -> dict[str, Any]:
    """The sanity check of one method on some test images, explained for their labels.

    ``parts`` names; ``maps`` (parts + 1, H, W) of the first image; ``rank`` and ``ssim`` (parts, N).
    """
    import torch

    from resnet.attributions.attribute import attribute
    from resnet.attributions.sanity import check
    from resnet.datasets.batches import Batches
    from resnet.nets.network import build_network
    from resnet.nets.statistics import calibrate

    net, dataset = trained(spec, recipe, state)
    images, labels = test_images(dataset, indices)
    other = build_network(spec, recipe.seed + 1, images.shape[1], len(dataset.classes))
    train = Batches(dataset, dataset.train, torch.device("cpu"))

    def explain(one: "Network") -> "Tensor":
        return attribute(method, one, images, labels).sum(1)

    found = check(explain, net, other, cascading, lambda one: calibrate(one, train, images=SETTLING))
    return {"parts": found.parts, "maps": found.maps.numpy(), "rank": found.rank, "ssim": found.ssim}
