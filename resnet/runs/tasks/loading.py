"""What the questions to a worker begin with: a net of their own, its data, its weights.

Imported by the pages' process too, so torch is imported inside the functions only.
"""

import os
from typing import TYPE_CHECKING, Any

from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.datasets import Dataset
    from resnet.nets.network import Network

LAST = -1  # the weights at the end of a run
PROFILE_IMAGES = 32  # at most so many images of the first batch for a profile at step 0


def fresh(spec: NetSpec, recipe: Recipe) -> "tuple[Network, Dataset]":
    """A net with the weights of step 0, and its data."""
    import torch

    from resnet.datasets import load_dataset
    from resnet.nets.network import build_network

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    dataset = load_dataset(recipe.data, recipe.level)
    channels, classes = dataset.train.images.shape[1], len(dataset.classes)
    return build_network(spec, recipe.seed, channels, classes), dataset


def first_batch(net_json: str, recipe_json: str) -> "tuple[Network, Tensor, Tensor]":
    """The net of step 0, and (up to 32 images of) the first batch of its training with their labels."""
    recipe = Recipe.from_json(recipe_json)
    net, dataset = fresh(NetSpec.from_json(net_json), recipe)
    images, labels = next(_first_batches(dataset, recipe))
    return net, images[:PROFILE_IMAGES], labels[:PROFILE_IMAGES]


def _first_batches(dataset: "Dataset", recipe: Recipe) -> Any:
    import torch

    from resnet import catalog
    from resnet.datasets.batches import Batches

    data = Batches(dataset, dataset.train, torch.device("cpu"))
    return data.shuffled(recipe.batch, recipe.seed, recipe.augment, catalog.DATASETS[dataset.name].flip)


def load_weights(net: "Network", dataset: "Dataset", weights: bytes | None, step: int = LAST) -> None:
    """Weights of a run into `net`, or fitting batch-norm statistics for the fresh net; evaluation mode.

    Those of a kept step have the statistics of training, which lag: they are estimated anew.
    """
    import torch
    from safetensors.torch import load

    from resnet.datasets.batches import Batches
    from resnet.nets.statistics import calibrate
    from resnet.nets.weights import from_first_layout

    if weights is not None:
        prefix = "" if step == LAST else f"@{step}/"
        states = {
            name.removeprefix(prefix): tensor for name, tensor in load(weights).items() if name.startswith(prefix)
        }
        net.load_state_dict(from_first_layout({n: tensor for n, tensor in states.items() if not n.startswith("@")}))
    if weights is None or step != LAST:
        calibrate(net, Batches(dataset, dataset.train, torch.device("cpu")))
    net.eval()
