"""Claims about the digits: scikit-learn's images, every one of them once, enlarged without a new shade."""

import numpy as np
from sklearn.datasets import load_digits

from resnet.datasets import load_dataset


def test_there_are_1497_images_to_learn_and_30_of_each_digit_to_test() -> None:
    data = load_dataset("digits")
    assert (len(data.train.labels), len(data.test.labels)) == (1497, 300)
    assert np.bincount(data.test.labels).tolist() == [30] * 10


def test_every_image_is_there_once_with_its_label() -> None:
    data = load_dataset("digits")
    small = np.concatenate([data.train.images, data.test.images])[:, 0, ::4, ::4]
    ours = [(image.tobytes(), label) for image, label in zip(small, _labels(), strict=True)]
    grey, labels = load_digits(return_X_y=True)
    theirs = [
        (np.rint(row * 255 / 16).astype(np.uint8).tobytes(), label) for row, label in zip(grey, labels, strict=True)
    ]
    assert sorted(ours) == sorted(theirs)


def _labels() -> np.ndarray:
    data = load_dataset("digits")
    return np.concatenate([data.train.labels, data.test.labels])


def test_each_pixel_is_enlarged_to_a_square_of_its_own_shade() -> None:
    images = load_dataset("digits").test.images
    squares = images.reshape(-1, 8, 4, 8, 4)
    assert (squares == squares[:, :, :1, :, :1]).all()
    assert len(np.unique(images)) == 17
