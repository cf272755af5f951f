"""MNIST: 70,000 handwritten digits, 28x28 grey, framed to 32x32; its makers' split, whatever the seed.

Source: LeCun, Bottou, Bengio and Haffner 1998.
"""

from resnet.datasets.data import Split
from resnet.datasets.formats import idx
from resnet.datasets.sources import paths

VERSION = 1


def make(level: str, seed: int) -> tuple[Split, Split]:
    """Training and test split, from the fetched files. Raises DataError where one is missing or damaged."""
    images, labels, test_images, test_labels = paths("mnist")
    return idx(images, labels), idx(test_images, test_labels)
