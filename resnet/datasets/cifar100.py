"""CIFAR-100: 60,000 photographs of 100 classes, 32x32 colour; its makers' split, whatever the seed.

Source: Krizhevsky 2009, Learning multiple layers of features from tiny images; the fine labels.
"""

from resnet.datasets.data import Split
from resnet.datasets.formats import cifar
from resnet.datasets.sources import paths

VERSION = 1


def make(level: str, seed: int) -> tuple[Split, Split]:
    """Training and test split, from the fetched file. Raises DataError where it is missing or damaged."""
    (archive,) = paths("cifar100")
    return cifar(archive, ["train.bin"], ["test.bin"], labels=2)  # of the twenty coarse classes, and of the hundred
