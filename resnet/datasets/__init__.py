"""The data sets: one module each, named like its record in the catalog; numpy only, so that pages may load them.

A module has ``VERSION``, raised whenever the same seed gives other images (raise ``specs.NUMERICS`` with it), and
``make(level, seed)``, which returns the training and the test split. Pictures from outside are read by `own`.
"""

import importlib
import threading
from functools import lru_cache
from typing import Literal

from resnet import catalog
from resnet.catalog import DataError
from resnet.datasets import cache, own, sources
from resnet.datasets.data import Dataset, Split, pixel_statistics
from resnet.i18n import _
from resnet.specs import Recipe, SpecError

__all__ = ["Dataset", "Split", "load_dataset", "require_here", "state"]


class AbsentError(DataError, SpecError):
    """A recipe whose images are not on this computer."""


State = Literal["here", "absent", "unread", "deleted"]

_lock = threading.Lock()  # a class that opens a page at once makes the data set once, not thirty times


def load_dataset(name: str, level: str = "quick", seed: int = 0, pixels: int = 32) -> Dataset:
    """The data set of that name; the same arguments always give the same images, and they are read-only.

    The host's folders are read here the first time. Raises SpecError for an unknown name, a level or size that the data
    set does not have or a seed out of range, and DataError for one whose images are not on this computer.
    """
    # A recipe says what is wrong with them, in one sentence.
    Recipe(data=name, level=level, seed=seed, pixels=pixels)
    with _lock:
        return _load(name, level, 0 if fixed(name) else seed, pixels)


def state(name: str) -> State:
    """Whether the images of a data set can be loaded at once, have to be fetched or read first, or are gone."""
    if catalog.is_own(name):
        return own.state(name)
    here = not sources.missing(name) or cache.has(_key(name, "quick", 0))
    return "here" if here else "absent"


def require_here(name: str) -> None:
    """Raise AbsentError, with what to do, for a data set whose images cannot be loaded at once."""
    match state(name):
        case "absent":
            raise AbsentError(sources.not_here(name))
        case "unread":
            raise AbsentError(_("the pictures of this folder have not been read yet: do so on the Data page"))
        case "deleted":
            raise AbsentError(_(own.DELETED))


def forget() -> None:
    """Nothing is kept in memory, as of a data set that was deleted."""
    _load.cache_clear()


def fixed(name: str) -> bool:
    """Whether the images are the same whatever the seed."""
    return catalog.is_own(name) or name in sources.SOURCES


def version_of(name: str) -> int:
    """Raised whenever the same seed gives other images; of a data set that comes with the app."""
    return int(importlib.import_module(f"resnet.datasets.{name}").VERSION)


def _key(name: str, level: str, seed: int) -> str:
    version = version_of(name)
    return f"{name}-{version}" if fixed(name) else f"{name}-{level}-{seed}-{version}"


@lru_cache(maxsize=2)  # 25 MB each, CIFAR 184; what falls out is read from disk again in well under a second
def _load(name: str, level: str, seed: int, pixels: int) -> Dataset:
    train, test = own.load(name, pixels) if catalog.is_own(name) else _made(name, level, seed)
    mean, std = pixel_statistics(train.images)
    return Dataset(name, level, catalog.data_choice(name).classes, train, test, mean, std)


def _made(name: str, level: str, seed: int) -> tuple[Split, Split]:
    key = _key(name, level, seed)
    splits = cache.read(key)
    if splits is None:
        splits = importlib.import_module(f"resnet.datasets.{name}").make(level, seed)
        cache.write(key, splits)
    return splits
