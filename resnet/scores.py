"""Scores of a map against the truth; numpy only, so that pages can use them."""

import numpy as np


def energy_inside(heatmap: np.ndarray, mask: np.ndarray) -> float:
    """Share of Σ|a| that lies inside the object, 0–1; NaN for a map that is zero everywhere.

    `heatmap` (H, W), channels summed already; `mask` (H, W) of booleans. Chance is the mask's share of the area.
    """
    energy = np.abs(heatmap, dtype=np.float64)
    total = energy.sum()
    return float(energy[mask].sum() / total) if total > 0 else float("nan")
