"""Questions about what nets look at and predict: maps, scores, the sanity check, pictures from outside, ONNX.

Everything handed over is plain: JSON texts, bytes, numpy arrays. A net is built anew in every call and never shared.
"""

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from resnet.runs.tasks.loading import LAST, fresh, load_weights
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.nets.network import Network


def explain(
    net_json: str,
    recipe_json: str,
    weights: bytes | None,
    method: str,
    indices: list[int],
    explained: str,
    baseline: str = "mean",
    stage: int = 0,
    step: int = LAST,
) -> dict[str, np.ndarray]:
    """Maps of some test images by a net of its own: trained with `weights`, untrained (step 0) with None.

    `explained` is "label", "prediction" or the number of a class; `step` one of the kept ones, or LAST. Returns
    ``maps`` (N, H, W), channels summed; ``targets`` (N,); ``probabilities`` (N, classes).
    """
    import torch

    from resnet.attributions.attribute import attribute
    from resnet.attributions.attribute import baseline as baseline_of
    from resnet.datasets.batches import Batches

    recipe = Recipe.from_json(recipe_json)
    net, dataset = fresh(NetSpec.from_json(net_json), recipe)
    load_weights(net, dataset, weights, step)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    images, labels = test.take(torch.tensor(indices))
    x0 = baseline_of(baseline, images, torch.from_numpy(-dataset.mean / dataset.std))
    with torch.inference_mode():
        outputs = net(images)
    targets = _targets(explained, labels, outputs)
    maps = attribute(method, net, images, targets, x0=x0, stage=stage).sum(1)
    found = {"maps": maps, "targets": targets, "probabilities": net.probabilities(outputs)}
    return {name: values.numpy() for name, values in found.items()}


def _targets(explained: str, labels: "Tensor", outputs: "Tensor") -> "Tensor":
    if explained == "label":
        return labels
    return outputs.argmax(1).clone() if explained == "prediction" else labels.new_full(labels.shape, int(explained))


def score(
    net_json: str, recipe_json: str, weights: bytes | None, method: str, indices: list[int], baseline: str
) -> dict[str, np.ndarray]:
    """Every score of one method's maps of some test images for their labels, (N,) each; see `catalog.SCORES`."""
    import torch

    from resnet.attributions import quality
    from resnet.attributions.attribute import attribute
    from resnet.attributions.attribute import baseline as baseline_of
    from resnet.attributions.scores import energy_inside, mask_auc, pointing
    from resnet.datasets.batches import Batches

    net, dataset = fresh(NetSpec.from_json(net_json), Recipe.from_json(recipe_json))
    load_weights(net, dataset, weights)
    images, labels = Batches(dataset, dataset.test, torch.device("cpu")).take(torch.tensor(indices))
    x0 = baseline_of(baseline, images, torch.from_numpy(-dataset.mean / dataset.std))
    maps = attribute(method, net, images, labels, x0=x0)
    with torch.inference_mode():
        rise = (net(images) - net(x0)).gather(1, labels[:, None])[:, 0]
    error = (maps.sum((1, 2, 3)) - rise).abs() / rise.abs()
    deletion, insertion = quality.deletion_and_insertion(net, images, labels, maps, x0)

    def explain(inputs: torch.Tensor) -> torch.Tensor:
        repeats = len(inputs) // len(images)
        return attribute(method, net, inputs, labels.repeat_interleave(repeats), x0=x0.repeat_interleave(repeats, 0))

    found = {
        "completeness": error,
        "infidelity": quality.seeded(lambda: quality.infidelity(net, images, labels, maps)),
        "sensitivity": quality.seeded(lambda: quality.sensitivity(explain, images)),
        "deletion": deletion,
        "insertion": insertion,
    }
    scores = {name: values.detach().numpy().astype("f4") for name, values in found.items()}
    if dataset.test.masks is not None:
        flat, masks = maps.sum(1).numpy(), dataset.test.masks[indices]
        for name, measure in (("energy", energy_inside), ("pointing", pointing), ("mask_auc", mask_auc)):
            scores[name] = np.array([measure(one, mask) for one, mask in zip(flat, masks, strict=True)], dtype="f4")
    return scores


def sanity(
    net_json: str, recipe_json: str, weights: bytes | None, method: str, indices: list[int], cascading: bool
) -> dict[str, Any]:
    """Maps of the first image while the net is randomised from head to stem, and how like the first they stay.

    ``parts`` names; ``maps`` (parts + 1, H, W); ``rank`` and ``ssim`` (parts, N) against the maps of the trained net.
    """
    import torch

    from resnet.attributions.attribute import attribute
    from resnet.attributions.sanity import randomised, similarity
    from resnet.datasets.batches import Batches
    from resnet.nets.network import build_network
    from resnet.nets.statistics import calibrate

    spec, recipe = NetSpec.from_json(net_json), Recipe.from_json(recipe_json)
    net, dataset = fresh(spec, recipe)
    load_weights(net, dataset, weights)
    train = Batches(dataset, dataset.train, torch.device("cpu"))
    images, labels = Batches(dataset, dataset.test, torch.device("cpu")).take(torch.tensor(indices))
    channels, classes = images.shape[1], len(dataset.classes)
    other = build_network(spec, recipe.seed + 1, channels, classes)
    before = attribute(method, net, images, labels).sum(1)
    names, maps, likeness = [], [before[0]], []
    for name, forgetful in randomised(net, other, cascading, lambda one: calibrate(one, train, images=128)):
        after = attribute(method, forgetful, images, labels).sum(1)
        names.append(name)
        maps.append(after[0])
        likeness.append([similarity(one, two) for one, two in zip(before, after, strict=True)])
    rank, ssim = np.array(likeness).transpose(2, 0, 1)
    return {"parts": names, "maps": torch.stack(maps).numpy(), "rank": rank, "ssim": ssim}


def predictions(net_json: str, recipe_json: str, weights: bytes | None) -> np.ndarray:
    """Probabilities (N, classes) of every test image, float32."""
    import torch

    from resnet.datasets.batches import Batches

    net, dataset = fresh(NetSpec.from_json(net_json), Recipe.from_json(recipe_json))
    load_weights(net, dataset, weights)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    with torch.inference_mode():
        found = torch.cat([net.probabilities(net(images)) for images, _labels in test.in_order(250)])
    return found.numpy()


def explain_picture(
    net_json: str, recipe_json: str, weights: bytes | None, method: str, picture: np.ndarray
) -> dict[str, np.ndarray]:
    """The map (H, W) of a picture (C, H, W) uint8 for the class that the net sees in it, and the probabilities."""
    import torch

    from resnet.datasets.batches import Batches

    net, dataset = fresh(NetSpec.from_json(net_json), Recipe.from_json(recipe_json))
    load_weights(net, dataset, weights)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    return _explained(net, test.normalised(torch.from_numpy(picture.copy())[None]), method)


def pretrained_source(depth: int) -> tuple[str, str]:
    """Where torchvision has the ImageNet weights of that net, and the start of their SHA-256."""
    from torchvision.models import get_model_weights

    url = str(get_model_weights(f"resnet{depth}")["IMAGENET1K_V1"].url)
    return url, url.rsplit("-", 1)[1].removesuffix(".pth")


def explain_pretrained(depth: int, path: str, method: str, picture: np.ndarray) -> dict[str, Any]:
    """Like `explain_picture`, by torchvision's net with the weights at `path`; ``classes`` are the names of ImageNet.

    The picture is (3, 224, 224). The file is read without running anything that it might contain.
    """
    import torch
    from torchvision.models import get_model_weights

    from resnet.nets.network import build_network
    from resnet.nets.weights import from_torchvision

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
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


def onnx_file(net_json: str, recipe_json: str, weights: bytes | None) -> bytes:
    """The net as ONNX: trained with `weights`, untrained (step 0) with None."""
    from resnet.export.onnx import to_onnx

    net, dataset = fresh(NetSpec.from_json(net_json), Recipe.from_json(recipe_json))
    load_weights(net, dataset, weights)
    _count, *shape = dataset.train.images.shape
    return to_onnx(net, (shape[0], shape[1], shape[2]))
