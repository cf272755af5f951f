"""Small pictures of a data set: every pixel in its place, and moved as training moves it."""

import base64
import io

import numpy as np
import torch
from PIL import Image

from resnet.charts import samples
from resnet.datasets import Dataset, Split
from resnet.datasets.batches import Batches

RNG = np.random.default_rng(3)


def test_a_sheet_has_every_image_in_its_place_and_is_clear_between():
    images = RNG.integers(0, 256, (5, 3, 4, 6), dtype=np.uint8)
    paper = samples.sheet(images, 3)
    assert paper.shape == (2 * 4 + samples.GAP, 3 * 6 + 2 * samples.GAP, 4)
    for place, image in enumerate(images):
        top, left = place // 3 * (4 + samples.GAP), place % 3 * (6 + samples.GAP)
        assert np.array_equal(paper[top : top + 4, left : left + 6, :3], image.transpose(1, 2, 0))
    assert (paper[..., 3] == 255).sum() == 5 * 4 * 6


def test_grey_images_are_grey():
    image = RNG.integers(0, 256, (1, 1, 4, 4), dtype=np.uint8)
    assert np.array_equal(samples.sheet(image, 1)[..., :3], np.repeat(image[0, 0][..., None], 3, -1))


def test_the_address_holds_a_picture_of_that_size():
    paper = samples.sheet(RNG.integers(0, 256, (2, 3, 8, 8), dtype=np.uint8), 2)
    kind, content = samples.uri(paper).split(",")
    assert kind == "data:image/webp;base64"
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (16 + samples.GAP, 8)


def test_of_a_class_come_the_first_images():
    images = np.arange(6, dtype=np.uint8).reshape(6, 1, 1, 1)
    found = samples.of_class(images, np.array([0, 1, 0, 0, 1, 0]), 0, 3)
    assert found.ravel().tolist() == [0, 2, 3]


def test_an_image_is_moved_as_training_moves_it():
    image = RNG.integers(0, 256, (1, 3, 8, 8), dtype=np.uint8)
    split = Split(image, np.zeros(1, np.int64))
    data = Dataset("x", "", ("a", "b"), split, split, np.zeros(3, np.float32), np.ones(3, np.float32))
    batches = Batches(data, split, torch.device("cpu"))
    for down, right, mirror in ((0, 0, False), (2, -1, False), (-2, 2, True), (1, 0, True)):
        shifts = torch.tensor([down, right])[:, None, None]
        theirs, _labels = batches.moved(torch.tensor([0]), shifts, torch.tensor([[mirror]]))
        mine = samples.moved(image[0], down, right, mirror)
        assert np.array_equal((theirs[0] * 255).round().numpy().astype(np.uint8), mine)


def test_each_image_stands_before_what_augmentation_makes_of_it():
    images = RNG.integers(0, 256, (2, 1, 8, 8), dtype=np.uint8)
    found = samples.augmented(list(images), 2, flip=True, each=3)
    assert found.shape == (8, 1, 8, 8)
    assert np.array_equal(found[[0, 4]], images)
    assert len({image.tobytes() for image in found[:4]}) > 1
