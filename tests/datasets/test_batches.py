from itertools import islice

import numpy as np
import pytest
import torch

from resnet.datasets import batches as module
from resnet.datasets import load_dataset
from resnet.datasets.augmentation import CROP, drawn_moves
from resnet.datasets.batches import AHEAD, Batches, check_labels, cuda_device, memory_format

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
        shifts, mirror = drawn_moves(1, len(indices), generator, flip=True)
        images, labels = batches.moved(indices, shifts[0], mirror[0])
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


def one_by_one(batches, size, seed, augment, flip):
    """The batches as they were drawn before they were sent ahead: kept runs and recordings have seen these."""
    generator = torch.Generator().manual_seed(seed)
    height, width = batches.images.shape[-2:]
    while True:
        order = torch.randperm(len(batches), generator=generator)
        for start in range(0, len(batches) - size + 1, size):
            indices = order[start : start + size]
            if not augment:
                yield batches.take(indices)
                continue
            shifts = torch.randint(-CROP, CROP + 1, (2, size, 1), generator=generator)
            mirror = torch.randint(0, 2 if flip else 1, (size, 1), generator=generator).bool()
            rows = (torch.arange(height) + shifts[0]).clamp(0, height - 1)
            columns = torch.arange(width).expand(size, width)
            columns = (torch.where(mirror, columns.flip(1), columns) + shifts[1]).clamp(0, width - 1)
            images = batches.images[indices[:, None, None], :, rows[:, :, None], columns[:, None, :]]
            yield batches.normalised(images.permute(0, 3, 1, 2)), batches.labels[indices]


@pytest.mark.parametrize(("augment", "flip"), [(True, True), (True, False), (False, False)])
def test_three_epochs_of_batches_are_bit_for_bit_those_drawn_one_by_one(batches, augment, flip):
    size = 16
    epoch = len(batches) // size
    assert epoch > AHEAD  # so that an epoch is sent in more than one part
    pairs = zip(batches.shuffled(size, 7, augment, flip), one_by_one(batches, size, 7, augment, flip), strict=False)
    for found, expected in islice(pairs, 3 * epoch + 1):
        assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("augment", [True, False])
def test_batches_go_on_bit_for_bit_from_any_place_of_any_epoch(batches, augment):
    size = 16
    epoch = len(batches) // size
    for taken in (0, 1, AHEAD, epoch, epoch + 1, 2 * epoch - 1):
        stream, again = (batches.shuffled(size, seed, augment, flip=True) for seed in (7, 8))
        list(islice(stream, taken))
        again.restore(*stream.state())
        for found, expected in islice(zip(again, stream, strict=False), epoch - AHEAD + 2):
            assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


def test_what_is_no_place_in_the_batches_is_refused(batches):
    stream = batches.shuffled(16, 0, augment=False, flip=False)
    start, _taken = stream.state()
    for state in ((start, -1), (start, 10**6), (start[:8], 0), (start.float(), 0)):
        with pytest.raises(ValueError, match=r"an epoch has|no state"):
            stream.restore(*state)


def test_a_data_set_smaller_than_a_batch_is_one_batch(batches):
    images, labels = next(batches.shuffled(10**6, 0, augment=True, flip=False))
    assert len(images) == len(labels) == len(batches)


def test_what_goes_to_a_device_goes_ahead_and_not_at_every_step(batches, monkeypatch):
    sent = []
    monkeypatch.setattr(module, "sent", lambda values, _device: sent.append(len(values)) or values)
    list(islice(batches.shuffled(16, 0, augment=True, flip=True), AHEAD))
    assert sent == [AHEAD] * 3


def test_apples_gpu_gets_the_usual_layout_and_all_others_channels_last(batches, monkeypatch):
    assert memory_format(torch.device("mps")) == torch.contiguous_format
    assert memory_format(torch.device("cuda", 1)) == memory_format(CPU) == torch.channels_last
    monkeypatch.setattr(module, "memory_format", lambda _device: memory_format(torch.device("mps")))
    shapes = load_dataset("shapes")
    data = Batches(shapes, shapes.train, CPU)
    for augment in (True, False):
        images, _ = next(data.shuffled(4, 0, augment=augment, flip=True))
        assert images.is_contiguous()


def test_training_workers_share_the_gpus_out_in_turn():
    assert [cuda_device(str(slot), 2).index for slot in range(5)] == [0, 1, 0, 1, 0]
    assert cuda_device("3", 1) == torch.device("cuda", 0)
    assert cuda_device(None, 2) == torch.device("cuda")


def test_the_default_device_of_a_training_worker_follows_its_slot(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setenv("RESNET_TRAIN_SLOT", "3")
    assert module.default_device() == torch.device("cuda", 1)
    monkeypatch.delenv("RESNET_TRAIN_SLOT")
    assert module.default_device() == torch.device("cuda")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", "cuda"),
        ("cuda", "cuda"),
        ("cuda:1", "cuda:1"),
        ("cuda:7", "cuda"),
        ("cpu", "cpu"),
        ("CPU", "cpu"),
        ("mps", "cpu"),
    ],
)
def test_a_host_names_the_device_and_one_that_is_not_there_is_none(monkeypatch, wanted, found):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.delenv("RESNET_TRAIN_SLOT", raising=False)
    monkeypatch.setenv(module.DEVICE, wanted)
    assert module.default_device() == torch.device(found)


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
