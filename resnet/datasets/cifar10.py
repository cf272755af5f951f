"""CIFAR-10: 60,000 photographs of 10 classes, 32x32 colour; its makers' split, whatever the seed.

Source: Krizhevsky 2009, Learning multiple layers of features from tiny images.
"""

from resnet.datasets.data import Split
from resnet.datasets.formats import cifar
from resnet.datasets.sources import paths

VERSION = 1


def make(level: str, seed: int) -> tuple[Split, Split]:
    """Training and test split, from the fetched file. Raises DataError where it is missing or damaged."""
    (archive,) = paths("cifar10")
    batches = [f"data_batch_{number}.bin" for number in range(1, 6)]
    return cifar(archive, batches, ["test_batch.bin"], labels=1)
