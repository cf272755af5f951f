"""A handful of pictures as a data set of its own."""

import numpy as np
import pytest

from resnet.datasets import load_dataset
from resnet.datasets.few import handful


def test_every_fifth_picture_of_each_class_tests_and_all_others_train() -> None:
    data = load_dataset("shapes", "quick")
    small, many = handful(data, (0, 2, 9), 20)
    assert np.bincount(small.train.labels).tolist() == [16, 16, 16]
    assert np.bincount(small.test.labels).tolist() == [4, 4, 4]
    assert small.classes == tuple(data.classes[label] for label in (0, 2, 9))
    first = np.flatnonzero(data.train.labels == 2)[:20]
    assert np.array_equal(small.test.images[small.test.labels == 1], data.train.images[first[4::5]])
    assert len(many.labels) == np.isin(data.test.labels, (0, 2, 9)).sum()
    assert np.array_equal(many.labels == 2, data.test.labels[np.isin(data.test.labels, (0, 2, 9))] == 9)


def test_its_statistics_are_those_of_its_own_training_pictures() -> None:
    small, _many = handful(load_dataset("shapes", "quick"), (0, 1), 10)
    assert small.mean == pytest.approx((small.train.images / 255).mean((0, 2, 3)), abs=1e-6)


def test_a_class_with_fewer_pictures_is_refused() -> None:
    with pytest.raises(ValueError, match="not 100000"):
        handful(load_dataset("shapes", "quick"), (0,), 100_000)
