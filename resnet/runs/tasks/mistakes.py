"""The question what nets predict, and so where they are wrong."""

import numpy as np

from resnet.runs.store.states import State
from resnet.runs.tasks.loading import trained
from resnet.specs import NetSpec, Recipe


def predictions(spec: NetSpec, recipe: Recipe, state: State | None) -> np.ndarray:
    """Probabilities (N, classes) of every test image, float32."""
    import torch

    from resnet.datasets.batches import Batches

    net, dataset = trained(spec, recipe, state)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    with torch.inference_mode():
        found = torch.cat([net.probabilities(net(images)) for images, _labels in test.in_order(250)])
    return found.numpy()
