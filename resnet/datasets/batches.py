"""A data set on the device as one tensor, and batches drawn from it by a generator of their own."""

import os
from collections.abc import Iterator
from itertools import islice

import numpy as np
import torch
from torch import Tensor

from resnet.datasets import Dataset, Split
from resnet.datasets.augmentation import drawn_moves, drawn_pairs, drawn_squares, hidden, mixed

DEVICE = "RESNET_DEVICE"
AHEAD = 64  # batches whose order and moves go to the device at once; a whole epoch of them delays the first batch


def default_device() -> torch.device:
    """The one that ``RESNET_DEVICE`` names, else CUDA, else Apple's GPU, else the CPU; one that is not there is none.

    The training workers of one machine share its CUDA devices out.
    """
    wanted = os.environ.get(DEVICE, "").strip().lower()
    if wanted.startswith("cuda:") and int(wanted.removeprefix("cuda:")) < torch.cuda.device_count():
        return torch.device(wanted)
    if wanted not in ("cpu", "mps") and torch.cuda.is_available():
        return cuda_device(os.environ.get("RESNET_TRAIN_SLOT"), torch.cuda.device_count())
    return torch.device("mps" if wanted != "cpu" and torch.backends.mps.is_available() else "cpu")


def cuda_device(slot: str | None, count: int) -> torch.device:
    """The device of training worker `slot` on a machine with `count`; whoever has no slot takes the current one."""
    return torch.device("cuda", int(slot) % count) if slot else torch.device("cuda")


def memory_format(device: torch.device) -> torch.memory_format:
    """Channels last, which is faster; not on Apple's GPU.

    There the gradients of batch norm are wrong by orders of magnitude, or an error (pytorch issue 175189).
    """
    return torch.contiguous_format if device.type == "mps" else torch.channels_last


class Batches:
    """The images of one split on `device`, normalised by the mean and standard deviation of the training pixels."""

    def __init__(self, dataset: Dataset, split: Split, device: torch.device) -> None:
        check_labels(split.labels, len(dataset.classes))
        self.device, self.classes = device, len(dataset.classes)
        images = torch.from_numpy(np.array(split.images)).to(device)
        self.images = images.contiguous(memory_format=torch.channels_last)  # (N, C, H, W) uint8
        self.pixels = self.images.permute(0, 2, 3, 1).flatten(0, 2)  # (N * H * W, C), the same memory
        self.labels = torch.from_numpy(np.array(split.labels)).to(device)
        self.scale = torch.from_numpy(1 / (255 * dataset.std)).to(device)[:, None, None]
        self.shift = torch.from_numpy(-dataset.mean / dataset.std).to(device)[:, None, None]
        self.sides = self.images.shape[2], self.images.shape[3]
        self.rows, self.columns = (torch.arange(side, device=device) for side in self.sides)

    def __len__(self) -> int:
        return len(self.labels)

    def normalised(self, images: Tensor) -> Tensor:
        """Float32 images with mean 0 and standard deviation 1 over the training set, in the device's layout."""
        return (images * self.scale + self.shift).contiguous(memory_format=memory_format(self.device))

    def take(self, indices: Tensor | slice) -> tuple[Tensor, Tensor]:
        """Images (N, C, H, W) and labels (N,) as they are, without augmentation."""
        return self.normalised(self.images[indices]), self.labels[indices]

    def in_order(self, size: int, limit: int | None = None) -> Iterator[tuple[Tensor, Tensor]]:
        """The first `limit` images (all by default) in batches of `size`."""
        count = min(limit or len(self), len(self))
        for start in range(0, count, size):
            yield self.take(slice(start, min(start + size, count)))

    def shuffled(
        self, size: int, seed: int, augment: bool, flip: bool, cutout: int = 0, mixup: float = 0.0
    ) -> "Shuffled":
        """Endless random batches: each epoch in a new order, the incomplete last batch left out."""
        return Shuffled(self, size, seed, augment, flip, cutout, mixup)

    def moved(self, indices: Tensor, shifts: Tensor, mirror: Tensor) -> tuple[Tensor, Tensor]:
        """Images shifted by `shifts` (2, N, 1) pixels and mirrored where `mirror` (N, 1) says so; edges repeat.

        One choice of pixels for the whole batch, channels last already, and normalised a row of an image at a time:
        0.14 ms for 32 images; by three indices and channel by channel 0.41.
        """
        height, width = len(self.rows), len(self.columns)
        rows = (self.rows + shifts[0]).clamp(0, height - 1)  # (N, H)
        columns = torch.where(mirror, self.columns.flip(0), self.columns)
        columns = (columns + shifts[1]).clamp(0, width - 1)  # (N, W)
        places = (indices[:, None] * height + rows)[:, :, None] * width + columns[:, None, :]  # (N, H, W)
        pixels = self.pixels.index_select(0, places.flatten()).view(len(indices), height, -1)  # (N, H, W * C)
        images = pixels * self.scale.flatten().repeat(width) + self.shift.flatten().repeat(width)
        images = images.unflatten(2, (width, -1)).permute(0, 3, 1, 2)
        return images.contiguous(memory_format=memory_format(self.device)), self.labels[indices]


class Shuffled(Iterator[tuple[Tensor, Tensor]]):
    """Endless random batches: each epoch in a new order, the incomplete last batch left out.

    The order and all else that is random depend on `seed` alone, so twins see identical batches. They are drawn and
    sent for some batches ahead: a copy at every step would make the host wait for a GPU. Images may be moved, have a
    square of `cutout` pixels hidden, and be mixed in pairs: then the labels are shares of the classes, (N, classes).
    """

    def __init__(
        self, data: Batches, size: int, seed: int, augment: bool, flip: bool, cutout: int = 0, mixup: float = 0.0
    ) -> None:
        self._data, self._size, self._augment, self._flip = data, min(size, len(data)), augment, flip
        self._cutout, self._mixup = cutout, mixup
        self._generator = torch.Generator().manual_seed(seed)
        self._begin()

    def __next__(self) -> tuple[Tensor, Tensor]:
        drawn = next(self._epoch, None)
        if drawn is None:
            self._begin()
            drawn = next(self._epoch)
        self._taken += 1
        return self._augmented(iter(drawn))

    def state(self) -> tuple[Tensor, int]:
        """What the next batches depend on: the generator as the epoch began (uint8), and how many it has given."""
        return self._start, self._taken

    def restore(self, start: Tensor, taken: int) -> None:
        """Go on where `state` was asked. Raises ValueError for what is no such state."""
        if not 0 <= taken <= len(self._data) // self._size:
            raise ValueError(f"an epoch has {len(self._data) // self._size} batches; got {taken}")
        try:
            self._generator.set_state(start)
        except (RuntimeError, TypeError) as error:
            raise ValueError("this is no state of a generator") from error
        self._begin()
        self._taken = len(list(islice(self._epoch, taken)))

    def _begin(self) -> None:
        self._start, self._taken = self._generator.get_state(), 0
        self._epoch: Iterator[tuple[Tensor, ...]] = self._draw()

    def _draw(self) -> Iterator[tuple[Tensor, ...]]:
        """Of one epoch: the indices of each batch (N,), and how it is augmented."""
        order = torch.randperm(len(self._data), generator=self._generator)
        for ahead in order[: len(self._data) // self._size * self._size].reshape(-1, self._size).split(AHEAD):
            drawn = (ahead, *self._drawn(len(ahead)))
            yield from zip(*(sent(values, self._data.device) for values in drawn), strict=True)

    def _drawn(self, count: int) -> Iterator[Tensor]:
        """The random numbers of `count` batches, in the order in which `_augmented` takes them."""
        size, generator = self._size, self._generator
        if self._augment:
            yield from drawn_moves(count, size, generator, self._flip)
        if self._cutout:
            yield drawn_squares(count, size, generator, self._data.sides)
        if self._mixup:
            yield from drawn_pairs(count, size, generator, self._mixup)

    def _augmented(self, drawn: Iterator[Tensor]) -> tuple[Tensor, Tensor]:
        data, indices = self._data, next(drawn)
        images, labels = data.moved(indices, next(drawn), next(drawn)) if self._augment else data.take(indices)
        if self._cutout:
            images = hidden(images, next(drawn), self._cutout)
        return mixed(images, labels, next(drawn), next(drawn), data.classes) if self._mixup else (images, labels)


def sent(values: Tensor, device: torch.device) -> Tensor:
    """`values` of the host on `device`; the host does not wait for a CUDA device to have read them."""
    return values.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else values.to(device)


def check_labels(labels: np.ndarray, classes: int) -> None:
    """Raise on the CPU, before a GPU sees them: a bad label there ends CUDA for the whole process."""
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise ValueError(f"labels must be 0–{classes - 1}; got {int(labels.min())}–{int(labels.max())}")
