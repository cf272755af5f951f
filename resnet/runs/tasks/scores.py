"""The question how far maps can be trusted: every score of one method's maps."""

from typing import TYPE_CHECKING

import numpy as np

from resnet.runs.store.states import State
from resnet.runs.tasks.loading import baselines_of, test_images, trained
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor


def score(
    spec: NetSpec, recipe: Recipe, state: State | None, method: str, indices: list[int], baseline: str
) -> dict[str, np.ndarray]:
    """Every score of one method's maps of some test images for their labels, (N,) each; see `catalog.SCORES`."""
    from resnet.attributions import quality
    from resnet.attributions.attribute import attribute
    from resnet.attributions.scores import against_masks

    net, dataset = trained(spec, recipe, state)
    images, labels = test_images(dataset, indices)
    baselines = baselines_of(baseline, images, dataset)

    def explain(inputs: "Tensor", targets: "Tensor", own: "Tensor") -> "Tensor":
        return attribute(method, net, inputs, targets, baselines=own)

    maps = explain(images, labels, baselines)
    found = quality.measure(explain, net, images, labels, maps, baselines)
    scores = {name: values.detach().numpy().astype("f4") for name, values in found.items()}
    if dataset.test.masks is not None:
        scores |= against_masks(maps.sum(1).numpy(), dataset.test.masks[indices])
    return scores
