"""Claims about every data set of the catalog: a new record is tested by being there."""

import importlib
import pkgutil
from functools import cache

import numpy as np
import pytest

import resnet.datasets
from resnet import catalog
from resnet.datasets import Dataset, Split, load_dataset
from resnet.specs import SpecError

CASES = [
    (record.name, level)
    for record in catalog.DATASETS.values()
    if not record.megabytes  # those are read from files in their makers' formats by tests/datasets/test_fetched.py
    for level in (catalog.LEVELS if record.levels else ["quick"])
]


@pytest.fixture(params=CASES, ids="-".join)
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return load_dataset(*request.param)


@pytest.fixture(params=CASES, ids="-".join)
def case(request: pytest.FixtureRequest) -> tuple[str, str]:
    name, level = request.param
    return name, level


def _make(case: tuple[str, str], seed: int) -> tuple[Split, Split]:
    """Past both caches."""
    train, test = importlib.import_module(f"resnet.datasets.{case[0]}").make(case[1], seed)
    return train, test


_once = cache(_make)  # for tests that need no second making


def _same(one: Split, other: Split) -> bool:
    masks = one.masks is other.masks is None or np.array_equal(one.masks, other.masks)  # type: ignore[arg-type]
    return bool(np.array_equal(one.images, other.images) and np.array_equal(one.labels, other.labels) and masks)


PARTS = {
    "data",
    "cache",
    "batches",
    "few",
    "pictures",
    "sources",
    "formats",
    "own",
    "listing",
    "archive",
    "augmentation",
    "samples",
}


def test_every_record_has_its_module_and_every_module_its_record() -> None:
    modules = {module.name for module in pkgutil.iter_modules(resnet.datasets.__path__)}
    assert modules - PARTS == set(catalog.DATASETS)


def _is(array: np.ndarray, dtype: str, *shape: int) -> bool:
    return array.dtype == np.dtype(dtype) and array.shape == shape


def test_arrays_are_what_the_record_promises(dataset: Dataset) -> None:
    record = catalog.DATASETS[dataset.name]
    assert dataset.classes == record.classes
    assert (len(dataset.train.labels), len(dataset.test.labels)) == (record.train, record.test)
    for split in (dataset.train, dataset.test):
        count = len(split.labels)
        assert _is(split.images, "uint8", count, *record.shape)
        assert _is(split.labels, "int64", count)
        assert (split.masks is not None) == record.has_masks
        if split.masks is not None:
            assert _is(split.masks, "bool", count, *record.shape[1:])
    assert _is(dataset.mean, "float32", record.shape[0])
    assert _is(dataset.std, "float32", record.shape[0])


def test_every_class_is_there_and_no_other_label(dataset: Dataset) -> None:
    for split in (dataset.train, dataset.test):
        assert set(split.labels.tolist()) == set(range(len(dataset.classes)))


def test_classes_are_balanced_exactly_in_the_test_and_nearly_in_the_training_images(dataset: Dataset) -> None:
    assert np.ptp(np.bincount(dataset.test.labels)) == 0
    counts = np.bincount(dataset.train.labels)
    assert counts.max() <= 1.1 * counts.min()


def test_the_first_images_shown_are_of_mixed_classes(dataset: Dataset) -> None:
    for split in (dataset.train, dataset.test):
        assert len(set(split.labels[:30].tolist())) >= 7


def test_images_use_the_range_of_a_byte_and_none_is_empty(dataset: Dataset) -> None:
    for split in (dataset.train, dataset.test):
        assert (split.images.min(), split.images.max()) == (0, 255)
        assert split.images.reshape(len(split.labels), -1).std(axis=1).min() > 5


def test_no_test_image_is_a_training_image(dataset: Dataset) -> None:
    train, test = ({image.tobytes() for image in split.images} for split in (dataset.train, dataset.test))
    assert not train & test
    assert len(test) == len(dataset.test.labels)


def test_mean_and_std_normalise_the_training_pixels(dataset: Dataset) -> None:
    pixels = dataset.train.images.astype(np.float64) / 255
    np.testing.assert_allclose(dataset.mean, pixels.mean(axis=(0, 2, 3)), rtol=1e-6)
    np.testing.assert_allclose(dataset.std, pixels.std(axis=(0, 2, 3)), rtol=1e-6)


def test_nobody_can_change_what_everybody_shares(dataset: Dataset) -> None:
    shared: list[np.ndarray] = [dataset.mean, dataset.std]
    for split in (dataset.train, dataset.test):
        shared += [array for array in (split.images, split.labels, split.masks) if array is not None]
    for array in shared:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_same_seed_gives_the_same_images_whoever_draws_random_numbers(case: tuple[str, str]) -> None:
    first = _once(case, 3)
    np.random.default_rng().random(10)
    second = _make(case, 3)
    assert _same(first[0], second[0])
    assert _same(first[1], second[1])


def test_another_seed_gives_other_images(case: tuple[str, str]) -> None:
    first, second = _once(case, 3), _once(case, 4)
    assert not np.array_equal(first[0].images, second[0].images)
    assert not np.array_equal(first[1].images, second[1].images)


def test_the_cache_gives_what_was_made(case: tuple[str, str]) -> None:
    made, loaded = _make(case, 0), load_dataset(*case)
    assert _same(made[0], loaded.train)
    assert _same(made[1], loaded.test)


def test_defaults_are_the_first_level_and_seed_and_share_one_copy() -> None:
    assert load_dataset("shapes") is load_dataset("shapes", "quick", 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("shape",), f"data must be one of {', '.join(catalog.DATASETS)}; got “shape”; try shapes"),
        (("shapes", "quik"), "level must be one of quick, easy, medium; got “quik”; try quick"),
        (("digits", "medium"), "the data set digits has no levels"),
        (("shapes", "quick", -1), "seed must be 0–999999; got -1; try 0"),
        (("../data",), "data must be one of"),
        (("cache",), "data must be one of"),
    ],
)
def test_what_there_is_not_is_said_in_one_sentence(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(SpecError) as caught:
        load_dataset(*arguments)  # type: ignore[arg-type]
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)


def test_a_split_whose_arrays_do_not_fit_together_is_refused() -> None:
    images, labels = np.zeros((3, 1, 4, 4), np.uint8), np.zeros(3, np.int64)
    Split(images, labels)
    for wrong in (
        lambda: Split(images, labels[:2]),
        lambda: Split(images.astype(np.float32), labels),
        lambda: Split(images, labels.astype(np.int32)),
        lambda: Split(images[:, 0], labels),
        lambda: Split(images, labels, np.zeros((3, 4, 5), np.bool_)),
    ):
        with pytest.raises(ValueError, match="must be"):
            wrong()
