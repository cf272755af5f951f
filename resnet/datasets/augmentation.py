"""What makes each batch another than the last: random moves, hidden squares and mixed pairs, a whole batch at a time.

Numbers are drawn on the host by the batches' own generator, tensors are changed on the device. The transforms of
torchvision (v2) draw by the program's one generator and give all images of a batch the same move.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

CROP = 2  # pixels that an image may shift; the paper pads 4, the small objects of `shapes` allow 2


def drawn_moves(count: int, size: int, generator: torch.Generator, flip: bool) -> tuple[Tensor, Tensor]:
    """Of `count` batches: shifts (count, 2, size, 1) by up to CROP pixels, and whether mirrored (count, size, 1)."""
    shifts = torch.empty(count, 2, size, 1, dtype=torch.int64)
    mirror = torch.empty(count, size, 1, dtype=torch.int64)
    for batch in range(count):  # one batch after the other: a single draw would give other numbers than older runs saw
        torch.randint(-CROP, CROP + 1, (2, size, 1), generator=generator, out=shifts[batch])
        torch.randint(0, 2 if flip else 1, (size, 1), generator=generator, out=mirror[batch])
    return shifts, mirror.bool()


def drawn_squares(count: int, size: int, generator: torch.Generator, sides: tuple[int, int]) -> Tensor:
    """Of `count` batches of images of `sides` (H, W): a middle row and column for each image, (count, 2, size)."""
    return torch.stack([torch.randint(side, (count, size), generator=generator) for side in sides], 1)


def drawn_pairs(count: int, size: int, generator: torch.Generator, alpha: float) -> tuple[Tensor, Tensor]:
    """Of `count` batches: λ ~ Beta(alpha, alpha), (count,), and with which image each one is mixed, (count, size)."""
    seed = int(torch.randint(2**62, (), generator=generator))
    numbers = np.random.default_rng(seed)  # torch's Beta takes no generator
    orders = numbers.permuted(np.tile(np.arange(size), (count, 1)), axis=1)
    return torch.from_numpy(numbers.beta(alpha, alpha, count).astype(np.float32)), torch.from_numpy(orders)


def hidden(images: Tensor, middles: Tensor, side: int) -> Tensor:
    """Normalised images (N, C, H, W) with one square of `side` pixels each set to the mean, which is 0.

    `middles` (2, N) may lie at an edge, and part of the square outside. Source: DeVries and Taylor 2017, 1708.04552.
    """
    rows, columns = (_within(middle, side, length) for middle, length in zip(middles, images.shape[-2:], strict=True))
    return images * ~(rows[:, :, None] & columns[:, None, :])[:, None]  # masked_fill would lose the layout


def _within(middle: Tensor, side: int, length: int) -> Tensor:
    """Which of `length` places lie in a stretch of `side` around each middle (N,), (N, length)."""
    first = (middle - side // 2)[:, None]
    places = torch.arange(length, device=middle.device)
    return (places >= first) & (places < first + side)


def mixed(images: Tensor, labels: Tensor, share: Tensor, order: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    """λx_i + (1-λ)x_j and the same of the labels' one-hot vectors, (N, classes). Source: Zhang et al. 2017, 1710.09412.

    `share` λ is one number for the batch, `order` (N,) says which j belongs to each i.
    """
    ones = F.one_hot(labels, classes).to(images.dtype)
    return torch.lerp(images, images[order], 1 - share), torch.lerp(ones, ones[order], 1 - share)
