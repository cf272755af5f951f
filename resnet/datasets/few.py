"""A handful of pictures as a data set of its own, as a visitor brings one, beside all test pictures of its classes."""

from dataclasses import replace

import numpy as np

from resnet.datasets.data import Dataset, Split, pixel_statistics
from resnet.datasets.own import EVERY


def handful(dataset: Dataset, classes: tuple[int, ...], each: int) -> tuple[Dataset, Split]:
    """The first `each` training images of some classes as a data set of its own, and all test images of these classes.

    As of a visitor's pictures every fifth one of a class tests. Raises ValueError for classes with fewer images.
    """
    train_places, test_places = [], []
    for label in classes:
        places = np.flatnonzero(dataset.train.labels == label)[:each]
        if len(places) < each:
            raise ValueError(f"class {label} has {len(places)} images, not {each}")
        tests = np.arange(each) % EVERY == EVERY - 1
        train_places.append(places[~tests])
        test_places.append(places[tests])
    kept, held = (_taken(dataset.train, np.concatenate(one), classes) for one in (train_places, test_places))
    many = _taken(dataset.test, np.flatnonzero(np.isin(dataset.test.labels, classes)), classes)
    mean, std = pixel_statistics(kept.images)
    names = tuple(dataset.classes[label] for label in classes)
    return replace(dataset, classes=names, train=kept, test=held, mean=mean, std=std), many


def _taken(split: Split, places: np.ndarray, classes: tuple[int, ...]) -> Split:
    labels = np.searchsorted(classes, split.labels[places])
    masks = None if split.masks is None else split.masks[places]
    return Split(split.images[places], labels.astype(np.int64), masks)
