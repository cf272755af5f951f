"""The data sets: one module each, named like its record in the catalog; numpy only, so that pages may load them.

A module has ``VERSION``, raised whenever the same seed gives other images (raise ``specs.NUMERICS`` with it), and
``make(level, seed)``, which returns the training and the test split.
"""

import importlib
import threading
from functools import lru_cache

from resnet import catalog
from resnet.datasets import cache
from resnet.datasets.data import Dataset, Split, pixel_statistics
from resnet.specs import Recipe

__all__ = ["Dataset", "Split", "load_dataset"]

_lock = threading.Lock()  # a class that opens a page at once makes the data set once, not thirty times


def load_dataset(name: str, level: str = "quick", seed: int = 0, pixels: int = 32) -> Dataset:
    """The data set of that name; the same arguments always give the same images, and they are read-only.

    Raises SpecError for an unknown name, a level that the data set does not have or a seed out of range.
    """
    Recipe(data=name, level=level, seed=seed, pixels=pixels)  # a recipe says what is wrong with them, in one sentence
    with _lock:
        return _load(name, level, seed, pixels)


@lru_cache(maxsize=2)  # 25 MB each; what falls out is read from disk again in well under 0.1 s
def _load(name: str, level: str, seed: int, _pixels: int) -> Dataset:
    module = importlib.import_module(f"resnet.datasets.{name}")
    key = f"{name}-{level}-{seed}-{module.VERSION}"
    splits = cache.read(key)
    if splits is None:
        splits = module.make(level, seed)
        cache.write(key, splits)
    train, test = splits
    mean, std = pixel_statistics(train.images)
    return Dataset(name, level, catalog.data_choice(name).classes, train, test, mean, std)
