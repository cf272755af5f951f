"""How fast the gradient changes on the way between two images. Source: Balduzzi et al. 2017, arXiv 1702.08591."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from resnet.network import Network, same_statistics

POINTS = 256
LAGS = 64


@dataclass(frozen=True)
class Shattered:
    """`slope` (points,) of the logit along the way; `correlation` (lags + 1,) of the input gradient with itself."""

    slope: np.ndarray
    correlation: np.ndarray


def shattered(
    net: Network, start: Tensor, end: Tensor, target: int, points: int = POINTS, lags: int = LAGS
) -> Shattered:
    """The gradient of one logit at evenly spaced points between two images (C, H, W), normalised.

    Batch norm uses the statistics of these points, as in training.
    """
    t = torch.linspace(0, 1, points, dtype=start.dtype)[:, None, None, None]
    images = (start * (1 - t) + end * t).requires_grad_()
    with same_statistics(net):
        (gradients,) = torch.autograd.grad(net(images)[:, target].sum(), images)  # (points, C, H, W)
    slope = (gradients * (end - start)).sum((1, 2, 3))
    return Shattered(slope.numpy(), autocorrelation(gradients.flatten(1).numpy(), lags))


def autocorrelation(series: np.ndarray, lags: int) -> np.ndarray:
    """Sample autocorrelation (lags + 1,) of a series of vectors (points, dimensions) around their mean.

    Σ_t ⟨g_t, g_{t+k}⟩ / Σ_t ⟨g_t, g_t⟩: 1 at lag 0. NaN for a series that never changes.
    """
    deviations = series.astype(np.float64) - series.mean(0, dtype=np.float64)
    products = [float((deviations[: len(series) - lag] * deviations[lag:]).sum()) for lag in range(lags + 1)]
    return np.array(products) / products[0] if products[0] > 0 else np.full(lags + 1, np.nan)


def reference(kind: str, points: int = POINTS, lags: int = LAGS, walks: int = 400) -> np.ndarray:
    """The mean autocorrelation of simulated white noise ("white") or of random walks ("brown"), with a fixed seed."""
    noise = np.random.default_rng(0).standard_normal((walks, points, 1))
    series = noise.cumsum(1) if kind == "brown" else noise
    return np.mean([autocorrelation(one, lags) for one in series], axis=0)
