"""What a data set is: two splits of images with labels, perhaps masks, and the statistics to normalise them by."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)  # eq=False: arrays have no truth value; a data set is compared by identity
class Split:
    """Images uint8 (N, C, H, W), labels int64 (N,), masks of the objects bool (N, H, W) where they are known.

    The arrays become read-only, because everyone in the process shares them. Raises ValueError if they do not fit
    together.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    masks: npt.NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        _expect("images", self.images, np.uint8, (len(self.labels), *self.images.shape[1:]), 4)
        _expect("labels", self.labels, np.int64, (len(self.labels),), 1)
        if self.masks is not None:
            _expect("masks", self.masks, np.bool_, (len(self.labels), *self.images.shape[2:]), 3)
        _freeze(self.images, self.labels, self.masks)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set at one level: `mean` and `std` float32 (C,) of the training pixels in 0..1, read-only too."""

    name: str
    level: str
    classes: tuple[str, ...]
    train: Split
    test: Split
    mean: npt.NDArray[np.float32]
    std: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        _freeze(self.mean, self.std)


def pixel_statistics(images: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Mean and standard deviation per channel, float32 (C,), of pixels in 0..1.

    From counts of the 256 values: exact, and without a copy of all images in floating point.
    """
    values = np.arange(256) / 255
    counts = np.zeros((images.shape[1], 256), np.int64)
    for start in range(0, len(images), 1_000):  # counting takes eight bytes a pixel: 400 MB for all of CIFAR
        for channel in range(images.shape[1]):
            counts[channel] += np.bincount(images[start : start + 1_000, channel].ravel(), minlength=256)
    shares = counts / counts.sum(axis=1, keepdims=True)
    mean = shares @ values
    variance = (shares * (values - mean[:, None]) ** 2).sum(axis=1)
    return mean.astype(np.float32), np.sqrt(variance).astype(np.float32)


def _expect(name: str, array: npt.NDArray[np.generic], dtype: type, shape: tuple[int, ...], dimensions: int) -> None:
    if array.dtype != dtype or array.shape != shape or array.ndim != dimensions:
        raise ValueError(f"{name} must be {np.dtype(dtype)} {shape}, got {array.dtype} {array.shape}")


def _freeze(*arrays: npt.NDArray[np.generic] | None) -> None:
    for array in arrays:
        if array is not None:
            array.flags.writeable = False
