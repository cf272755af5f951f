"""Autocorrelation of a series, and of what it is compared with; numpy only."""

import numpy as np

POINTS = 256  # between two images, as the measurements of the project's facts
LAGS = 64


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
