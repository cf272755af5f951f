from itertools import islice

import numpy as np
import pytest
import torch

from resnet.datasets import load_dataset
from resnet.datasets.batches import CROP, Batches, check_labels

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits")


@pytest.fixture
def batches(digits):
    return Batches(digits, digits.train, CPU)


def test_training_pixels_have_mean_0_and_standard_deviation_1(batches):
    images, _ = batches.take(slice(None))
    assert images.mean().item() == pytest.approx(0, abs=1e-4)
    assert images.std().item() == pytest.approx(1, abs=1e-3)


def test_an_epoch_shows_every_image_once_and_leaves_the_incomplete_batch_out(batches):
    size = 32
    full = len(batches) // size
    drawn = torch.cat([labels for _, labels in islice(batches.shuffled(size, 0, augment=False, flip=False), full)])
    assert len(drawn) == full * size
    counts, all_counts = torch.bincount(drawn, minlength=10), torch.bincount(batches.labels, minlength=10)
    assert (counts <= all_counts).all()
    assert (all_counts - counts).sum() == len(batches) - full * size


def test_same_seed_gives_identical_batches_whoever_else_draws(batches):
    first = [images for images, _ in islice(batches.shuffled(8, 5, augment=True, flip=True), 3)]
    stream = batches.shuffled(8, 5, augment=True, flip=True)
    other = batches.shuffled(8, 6, augment=True, flip=True)
    for expected in first:
        torch.rand(10)  # the global random state moves on
        images, _ = next(stream)
        different, _ = next(other)
        assert torch.equal(images, expected)
        assert not torch.equal(images, different)


def test_augmentation_is_a_shift_of_at_most_two_pixels_and_a_mirror_image(batches):
    plain = batches.normalised(batches.images[:4])
    indices = torch.arange(4)
    for seed in range(5):
        generator = torch.Generator().manual_seed(seed)
        images, labels = batches._augmented(indices, generator, flip=True)
        assert torch.equal(labels, batches.labels[:4])
        for image, original in zip(images, plain, strict=True):
            assert any(torch.equal(image, candidate) for candidate in shifted_and_mirrored(original))


def shifted_and_mirrored(image):
    """Every image that a shift with repeated edges and a mirror can give, by slicing."""
    size = image.shape[-1]
    for mirrored in (image, image.flip(-1)):
        padded = torch.nn.functional.pad(mirrored[None], (CROP,) * 4, mode="replicate")[0]
        for y in range(2 * CROP + 1):
            for x in range(2 * CROP + 1):
                yield padded[:, y : y + size, x : x + size]


def test_batches_are_channels_last_in_memory(batches):
    shapes = load_dataset("shapes")
    data = Batches(shapes, shapes.train, CPU)
    for augment in (True, False):
        images, _ = next(data.shuffled(4, 0, augment=augment, flip=True))
        assert images.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("labels", [[0, 10], [-1, 3]])
def test_a_bad_label_is_named_before_a_device_sees_it(labels):
    with pytest.raises(ValueError, match="labels must be 0–9; got"):
        check_labels(np.array(labels), 10)
