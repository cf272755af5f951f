"""What the analyses return: numpy only, so that the pages' process can read it without torch."""

from dataclasses import dataclass

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
    """`slope` (points,) of the logit along the way; `correlation` (lags + 1,) of the input gradient with itself."""

    slope: np.ndarray
    correlation: np.ndarray


@dataclass(frozen=True)
class PathLengths:
    """For each of `lengths` (blocks whose branch a path takes): how many paths there are, and what one carries.

    `share` of all 2^n paths (n `blocks`), by the binomial coefficient; `gradient`, the mean norm at the input that one
    path brings; `total`, the share of the gradient that all paths of this length bring together.
    """

    blocks: int
    lengths: np.ndarray
    share: np.ndarray
    gradient: np.ndarray
    total: np.ndarray

    @property
    def effective(self) -> tuple[int, int]:
        """The range of lengths that brings the middle 90 % of the gradient."""
        reached = self.total.cumsum()
        low, high = np.searchsorted(reached, [0.05, 0.95])
        return int(self.lengths[low]), int(self.lengths[min(high, len(self.lengths) - 1)])
