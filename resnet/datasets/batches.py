"""A data set on the device as one tensor, and batches drawn from it by a generator of their own."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from resnet.datasets import Dataset, Split

CROP = 2  # pixels that an image may shift; the paper pads 4, the small objects of `shapes` allow 2


def default_device() -> torch.device:
    """CUDA, else Apple's GPU, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


class Batches:
    """The images of one split on `device`, normalised by the mean and standard deviation of the training pixels."""

    def __init__(self, dataset: Dataset, split: Split, device: torch.device) -> None:
        check_labels(split.labels, len(dataset.classes))
        self.images = torch.from_numpy(np.array(split.images)).to(device)  # (N, C, H, W) uint8
        self.labels = torch.from_numpy(np.array(split.labels)).to(device)
        self.scale = torch.from_numpy(1 / (255 * dataset.std)).to(device)[:, None, None]
        self.shift = torch.from_numpy(-dataset.mean / dataset.std).to(device)[:, None, None]

    def __len__(self) -> int:
        return len(self.labels)

    def normalised(self, images: Tensor) -> Tensor:
        """Float32 images with mean 0 and standard deviation 1 over the training set, channels last in memory."""
        return (images * self.scale + self.shift).contiguous(memory_format=torch.channels_last)

    def take(self, indices: Tensor | slice) -> tuple[Tensor, Tensor]:
        """Images (N, C, H, W) and labels (N,) as they are, without augmentation."""
        return self.normalised(self.images[indices]), self.labels[indices]

    def in_order(self, size: int, limit: int | None = None) -> Iterator[tuple[Tensor, Tensor]]:
        """The first `limit` images (all by default) in batches of `size`."""
        count = min(limit or len(self), len(self))
        for start in range(0, count, size):
            yield self.take(slice(start, min(start + size, count)))

    def shuffled(self, size: int, seed: int, augment: bool, flip: bool) -> Iterator[tuple[Tensor, Tensor]]:
        """Endless random batches: each epoch in a new order, the incomplete last batch left out.

        The order and the crops depend on `seed` alone, so twins see identical batches.
        """
        generator = torch.Generator().manual_seed(seed)
        size = min(size, len(self))
        while True:
            order = torch.randperm(len(self), generator=generator)
            for start in range(0, len(self) - size + 1, size):
                indices = order[start : start + size].to(self.labels.device)
                yield self._augmented(indices, generator, flip) if augment else self.take(indices)

    def _augmented(self, indices: Tensor, generator: torch.Generator, flip: bool) -> tuple[Tensor, Tensor]:
        """Shifted by up to CROP pixels and mirrored at random, the whole batch by one gather; edges repeat."""
        count, (height, width) = len(indices), self.images.shape[-2:]
        shifts = torch.randint(-CROP, CROP + 1, (2, count, 1), generator=generator)
        mirror = torch.randint(0, 2 if flip else 1, (count, 1), generator=generator).bool()
        rows = (torch.arange(height) + shifts[0]).clamp(0, height - 1)  # (N, H)
        columns = torch.arange(width).expand(count, width)
        columns = (torch.where(mirror, columns.flip(1), columns) + shifts[1]).clamp(0, width - 1)  # (N, W)
        rows, columns = rows.to(indices.device), columns.to(indices.device)
        # Indices on both sides of the channel slice: the result is (N, H, W, C), channels last already.
        images = self.images[indices[:, None, None], :, rows[:, :, None], columns[:, None, :]]
        return self.normalised(images.permute(0, 3, 1, 2)), self.labels[indices]


def check_labels(labels: np.ndarray, classes: int) -> None:
    """Raise on the CPU, before a GPU sees them: a bad label there ends CUDA for the whole process."""
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise ValueError(f"labels must be 0–{classes - 1}; got {int(labels.min())}–{int(labels.max())}")
