"""The question what nets see in a picture from outside: those of the bench, and torchvision's of ImageNet."""

from typing import TYPE_CHECKING, Any

import numpy as np

from resnet.runs.store.states import State
from resnet.runs.tasks.loading import one_thread, trained
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.nets.network import Network


def read_own(content: bytes, sides: tuple[int, ...]) -> dict[str, Any]:
    """What is kept of a picture file, all uint8: `shown` (H, W, 3), small with the frame, and what nets see of it.

    `seen` is the middle square by its side, (3, side, side). The file is unpacked here and not in the pages' process,
    whose memory is everybody's. Raises PictureError.
    """
    from resnet.datasets.pictures import for_net, read_picture, with_crop

    picture = read_picture(content)
    return {"shown": np.asarray(with_crop(picture)), "seen": {side: for_net(picture, side) for side in sides}}


def explain_picture(
    spec: NetSpec, recipe: Recipe, state: State | None, method: str, picture: np.ndarray
) -> dict[str, np.ndarray]:
    """The map (H, W) of a picture (C, H, W) uint8 for the class that the net sees in it, and the probabilities."""
    import torch

    from resnet.datasets.batches import Batches

    net, dataset = trained(spec, recipe, state)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    return _explained(net, test.normalised(torch.from_numpy(picture.copy())[None]), method)


def explain_pretrained(depth: int, path: str, method: str, picture: np.ndarray) -> dict[str, Any]:
    """Like `explain_picture`, by torchvision's net with the weights at `path`; ``classes`` are the names of ImageNet.

    The picture is (3, 224, 224). The file is read without running anything that it might contain.
    """
    import torch
    from torchvision.models import get_model_weights

    from resnet.nets.network import build_network
    from resnet.nets.weights import from_torchvision

    one_thread()
    weights = get_model_weights(f"resnet{depth}")["IMAGENET1K_V1"]
    net = build_network(NetSpec.parse(f"resnet-{depth}"), 0, 3, len(weights.meta["categories"]))
    net.load_state_dict(from_torchvision(torch.load(path, map_location="cpu", weights_only=True)))
    preset = weights.transforms()
    mean, std = (torch.tensor(values)[:, None, None] for values in (preset.mean, preset.std))
    image = (torch.from_numpy(picture.copy()) / 255 - mean) / std
    return {**_explained(net.eval(), image[None], method), "classes": list(weights.meta["categories"])}


def _explained(net: "Network", images: "Tensor", method: str) -> dict[str, np.ndarray]:
    import torch

    from resnet.attributions.attribute import attribute

    with torch.inference_mode():
        probabilities = net.probabilities(net(images))
    heatmap = attribute(method, net, images, probabilities.argmax(1).clone()).sum(1)
    return {"map": heatmap[0].numpy(), "probabilities": probabilities[0].numpy()}
