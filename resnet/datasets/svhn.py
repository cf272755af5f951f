"""SVHN: 99,289 digits of house numbers, 32x32 colour, without the extra ones; its makers' split, whatever the seed.

Source: Netzer, Wang, Coates, Bissacco, Wu and Ng 2011.
"""

from resnet.datasets.data import Split
from resnet.datasets.formats import mat
from resnet.datasets.sources import paths

VERSION = 1


def make(level: str, seed: int) -> tuple[Split, Split]:
    """Training and test split, from the fetched files. Raises DataError where one is missing or damaged."""
    train, test = paths("svhn")
    return mat(train), mat(test)
