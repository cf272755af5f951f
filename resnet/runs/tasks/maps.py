"""The question what nets look at: maps of test images, by trained weights or those of step 0."""

from typing import TYPE_CHECKING

import numpy as np

from resnet.runs.store.states import State
from resnet.runs.tasks.loading import baselines_of, test_images, trained
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor


def explain(
    spec: NetSpec,
    recipe: Recipe,
    state: State | None,
    method: str,
    indices: list[int],
    target: str,
    baseline: str = "mean",
    stage: int = 0,
) -> dict[str, np.ndarray]:
    """Maps of some test images by a net of its own: with the weights of `state`, untrained (step 0) with None.

    `target` is "label", "prediction" or the number of a class. Returns ``maps`` (N, H, W), channels summed;
    ``targets`` (N,); ``probabilities`` (N, classes); ``rises`` (N,), f(x) - f(x₀) of the target, which the maps of
    some methods add up to.
    """
    import torch

    from resnet.attributions.attribute import attribute

    net, dataset = trained(spec, recipe, state)
    images, labels = test_images(dataset, indices)
    baselines = baselines_of(baseline, images, dataset)
    with torch.inference_mode():
        outputs = net(images)
        at_baseline = net(baselines)
    targets = _targets(target, labels, outputs)
    rises = (outputs - at_baseline).gather(1, targets[:, None])[:, 0]
    maps = attribute(method, net, images, targets, baselines=baselines, stage=stage).sum(1)
    found = {"maps": maps, "targets": targets, "probabilities": net.probabilities(outputs), "rises": rises}
    return {name: values.numpy() for name, values in found.items()}


def _targets(target: str, labels: "Tensor", outputs: "Tensor") -> "Tensor":
    if target == "label":
        return labels
    return outputs.argmax(1).clone() if target == "prediction" else labels.new_full(labels.shape, int(target))
