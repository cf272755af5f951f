"""What the analyses return: numpy only, so that the pages' process can read it without torch."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Equations:
    """One stage: from x_l behind its last change of size to x_L at its end; L2 norms over the whole batch.

    `names` are the blocks in between. `forward` is ‖x_L - (x_l + ΣF)‖ / ‖x_L‖, `backward` the same of the gradient at
    x_l. For each block's input: `total` ‖∂E/∂x_i‖, `branch` ‖∂E/∂x_i - ∂E/∂x_L‖ and their `cosine` to `direct`, the
    term ∂E/∂x_L that comes unchanged. `outputs` are ‖x_i‖ and `sums` ‖ΣF‖ up to each block.
    """

    names: tuple[str, ...]
    forward: float
    backward: float
    direct: float
    total: np.ndarray
    branch: np.ndarray
    cosine: np.ndarray
    outputs: np.ndarray
    sums: np.ndarray


@dataclass(frozen=True)
class Shattered:
    """`slope` (points,) of the logit along the first way; `correlation` (lags + 1,) of the input gradient with itself.

    Batch norm takes its statistics from the points, so each gradient has a part that comes through the other points;
    `correlation` is the mean over all pairs of images. At lag 1, for each pair: `neighbours` (pairs,) the same, and
    `frozen` (pairs,) with statistics of training images, where every point stands alone. `each` (pairs, lags + 1) is
    the autocorrelation of every pair. `pictures` (places, H, W) are gradients along the first way as whole numbers,
    channels summed, ±127 for the 99th percentile of their size.
    """

    slope: np.ndarray
    correlation: np.ndarray
    neighbours: np.ndarray = field(default_factory=lambda: np.empty(0))
    frozen: np.ndarray = field(default_factory=lambda: np.empty(0))
    each: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    pictures: np.ndarray = field(default_factory=lambda: np.empty((0, 0, 0), np.int8))

    def __add__(self, other: "Shattered") -> "Shattered":
        """Both sets of pairs together, this one's first pair in front."""
        each = np.concatenate([self.each, other.each])
        frozen = np.concatenate([self.frozen, other.frozen])
        return Shattered(self.slope, each.mean(0), each[:, 1], frozen, each, self.pictures)


@dataclass(frozen=True)
class PathLengths:
    """For each of `lengths` (blocks whose branch a path takes): how many paths there are, and what one carries.

    `share` of all 2^n paths (n `blocks`), by the binomial coefficient; `gradient`, the mean norm at the input that one
    path brings; `total`, the share that all paths of this length have in the sum of the norms of all paths, with its
    standard `error` over the sampled paths. Paths cancel: `kept` is the norm of the whole gradient, which is the sum of
    all paths as vectors, over the sum of their norms.
    """

    blocks: int
    lengths: np.ndarray
    share: np.ndarray
    gradient: np.ndarray
    total: np.ndarray
    error: np.ndarray = field(default_factory=lambda: np.empty(0))
    kept: float = float("nan")

    @property
    def effective(self) -> tuple[int, int]:
        """The range of lengths that has the middle 90 % of the summed norms."""
        reached = self.total.cumsum()
        low, high = np.searchsorted(reached, [0.05, 0.95])
        return int(self.lengths[low]), int(self.lengths[min(high, len(self.lengths) - 1)])


@dataclass(frozen=True)
class TrainingPath:
    """The kept states of a training on the plane of their two main directions.

    `places` (states, 2) in L2 distance from the last one; `explained` (2,), each direction's share of their variance.
    """

    places: np.ndarray
    explained: np.ndarray


@dataclass(frozen=True)
class Surface:
    """`losses` (rows, columns) in nats at the places `y` (rows,) and `x` (columns,) of a plane, and at its `centre`.

    The centre is the net itself; on a plane of random directions a point of the grid. NaN and ∞ are kept.
    """

    x: np.ndarray
    y: np.ndarray
    losses: np.ndarray
    centre: float


@dataclass(frozen=True)
class Lesions:
    """How many of `images` test images a trained net of so many `classes` names rightly.

    As a `whole`; with one block deleted, by its name (`single`); with several, for each number of deleted blocks once
    for each draw of as many (`several`).
    """

    images: int
    classes: int
    whole: int
    single: dict[str, int] = field(default_factory=dict)
    several: dict[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Branches:
    """What each block of a residual net adds to what: x + F(x), x being what its shortcut hands on.

    Over several images `ratio` (blocks,) is the mean of ‖F(x)‖ / ‖x‖. Of the first one `norms` (blocks, 3) are ‖x‖,
    ‖F(x)‖ and ‖x + F(x)‖, and `pictures` for each block the same three, (3, channels, H, W) float32, of the channels
    in which x + F(x) is largest.
    """

    ratio: np.ndarray
    norms: np.ndarray
    pictures: tuple[np.ndarray, ...]
