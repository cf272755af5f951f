"""Scores of a map against the truth; numpy only, so that pages can use them."""

import numpy as np


def energy_inside(heatmap: np.ndarray, mask: np.ndarray) -> float:
    """Share of Σ|a| that lies inside the object, 0–1; NaN for a map that is zero everywhere.

    `heatmap` (H, W), channels summed already; `mask` (H, W) of booleans. Chance is the mask's share of the area.
    """
    energy = np.abs(heatmap, dtype=np.float64)
    total = energy.sum()
    return float(energy[mask].sum() / total) if total > 0 else float("nan")


def pointing(heatmap: np.ndarray, mask: np.ndarray) -> float:
    """1 where the highest value lies inside the object, else 0; NaN for a map without a positive value.

    The pointing game. Source: Zhang et al. 2016, arXiv 1608.00507.
    """
    if not (heatmap > 0).any():
        return float("nan")
    return float(mask.ravel()[int(heatmap.argmax())])


def mask_auc(heatmap: np.ndarray, mask: np.ndarray) -> float:
    """How well |a| tells inside from outside: the area under the ROC curve, 0.5 by chance; ties count one half."""
    values = np.abs(heatmap, dtype=np.float64).ravel()
    inside = mask.ravel()
    positives, negatives = int(inside.sum()), int((~inside).sum())
    if not positives or not negatives or not values.any():
        return float("nan")
    ranks = _ranks(values)
    return float((ranks[inside].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def against_masks(maps: np.ndarray, masks: np.ndarray) -> dict[str, np.ndarray]:
    """Every score of maps (N, H, W) against masks (N, H, W), (N,) float32 each."""
    measures = {"energy": energy_inside, "pointing": pointing, "mask_auc": mask_auc}
    return {
        name: np.array([measure(heatmap, mask) for heatmap, mask in zip(maps, masks, strict=True)], dtype="f4")
        for name, measure in measures.items()
    }


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's correlation of two maps; NaN where one is constant."""
    a, b = _ranks(one.ravel()), _ranks(other.ravel())
    if a.std() == 0 or b.std() == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1; equal values share the mean of theirs."""
    _unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    return np.asarray(((last - counts + 1 + last) / 2)[inverse])


def interval(values: np.ndarray, resamples: int = 1_000) -> tuple[float, float, float]:
    """Mean and 95 % bootstrap interval of what is not NaN; the resampling has a fixed seed."""
    known = values[np.isfinite(values)]
    if not known.size:
        return float("nan"), float("nan"), float("nan")
    drawn = np.random.default_rng(0).choice(known, (resamples, known.size))
    low, high = np.percentile(drawn.mean(1), [2.5, 97.5])
    return float(known.mean()), float(low), float(high)
