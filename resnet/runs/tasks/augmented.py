"""What a net will see: the first images of a training, augmented as its recipe says."""

from typing import TYPE_CHECKING

import numpy as np

from resnet.runs.tasks.loading import first_batches, one_thread
from resnet.specs import Recipe

if TYPE_CHECKING:
    from resnet.datasets import Dataset

SHOWN = 8


def augmented(recipe: Recipe) -> np.ndarray:
    """The first images of the first batch, (N, C, H, W) uint8, N at most `SHOWN`, as a net is given them."""
    from resnet.datasets import load_dataset

    one_thread()
    dataset = load_dataset(recipe.data, recipe.level, pixels=recipe.pixels)
    images, _labels = next(first_batches(dataset, recipe))
    return pixels_of(images[:SHOWN].numpy(), dataset)


def pixels_of(images: np.ndarray, dataset: "Dataset") -> np.ndarray:
    """Normalised images (N, C, H, W) as pixels again, uint8."""
    shares = images * dataset.std[:, None, None] + dataset.mean[:, None, None]
    return np.asarray((255 * shares).round().clip(0, 255).astype(np.uint8))
