"""Autocorrelation of a series, and of what it is compared with; numpy only."""

import numpy as np

POINTS = 256  # between two images, as the measurements of the project's facts
LAGS = 64
PLACES = tuple(np.linspace(0, POINTS - 1, 33).round().astype(int).tolist())  # of these points there are pictures
PIXELS = 32  # of a picture's side; of larger images squares are averaged
PAIRS = 20  # of images, at least: single pairs lie far apart


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


def pairs(count: int, most: int = PAIRS) -> list[tuple[int, int]]:
    """So many different pairs of different test images, of `count`, drawn with a fixed seed; fewer where there are."""
    generator = np.random.default_rng(0)
    found: dict[tuple[int, int], None] = {}
    while len(found) < min(most, count * (count - 1)):
        first, second = generator.choice(count, 2, replace=False).tolist()
        found[first, second] = None
    return list(found)


def reduced(images: np.ndarray, pixels: int = PIXELS) -> np.ndarray:
    """Images (..., H, W) with squares of pixels averaged, so that no side has more than `pixels`."""
    factor = max(1, -(-max(images.shape[-2:]) // pixels))
    height, width = (side // factor for side in images.shape[-2:])
    cut = images[..., : height * factor, : width * factor]
    return np.asarray(cut.reshape(*images.shape[:-2], height, factor, width, factor).mean((-3, -1)))


def shares(values: np.ndarray) -> np.ndarray:
    """Whole numbers, ±127 for the 99th percentile of the size of all; what is not finite is 0."""
    known = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    full = float(np.percentile(np.abs(known), 99)) if known.size else 0.0
    return np.clip(np.round(known / (full or 1.0) * 127), -127, 127).astype(np.int8)
