"""What must go along with weights that leave the app: net, recipe, classes, and how pictures become its input."""

import importlib.metadata
import json
from dataclasses import dataclass

from resnet import catalog
from resnet.datasets import load_dataset
from resnet.specs import NetSpec, Recipe


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation per channel of pixels in 0..1; `of` says of which pixels."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    of: str


# Source: torchvision's documentation of its pretrained weights.
IMAGENET = Normalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225), "ImageNet, as torchvision publishes them")
IMAGENET_COUNT = (3, 1_000, 224)  # channels, classes, side


def normalisation(recipe: Recipe) -> Normalisation:
    """That of the training images of the recipe's data set, which it makes or reads."""
    dataset = load_dataset(recipe.data, recipe.level, pixels=recipe.pixels)
    # Through the shortest text of a float32: as few digits as give the same number back.
    mean, std = (tuple(float(str(value)) for value in values) for values in (dataset.mean, dataset.std))
    level = f", level {recipe.level}" if catalog.data_choice(recipe.data).levels else ""
    return Normalisation(mean, std, f"the training images of the data set {recipe.data}{level}")


def normalisation_for(recipe: Recipe, counted: tuple[int, int, int]) -> Normalisation | None:
    """That of the images for which a net is `counted` (channels, classes, side); None where nobody knows them."""
    if counted == IMAGENET_COUNT:
        return IMAGENET
    data = catalog.data_choice(recipe.data, recipe.pixels)
    return normalisation(recipe) if counted == (data.shape[0], len(data.classes), data.shape[1]) else None


def metadata(net: NetSpec, recipe: Recipe) -> dict[str, str]:
    """Texts for a file of weights: ``net`` and ``recipe`` as JSON, ``mean``, ``std`` and ``classes`` as JSON lists.

    ``input`` says in words what the net expects; ``version`` is that of the app.
    """
    data, norm = catalog.data_choice(recipe.data, recipe.pixels), normalisation(recipe)
    shape = ", ".join(map(str, data.shape))
    return {
        "name": str(net),
        "net": net.to_json(),
        "recipe": recipe.to_json(),
        "mean": json.dumps(norm.mean),
        "std": json.dumps(norm.std),
        "classes": json.dumps(data.classes),
        "input": f"float32 (N, {shape}): (pixels / 255 - mean) / std per channel, pixels 0..255",
        "version": app_version(),
    }


def app_version() -> str:
    try:
        return importlib.metadata.version("resnet-lab")
    except importlib.metadata.PackageNotFoundError:  # run from a folder, not installed
        return "unknown"
