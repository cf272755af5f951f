"""‖ΔW_l‖₂ / ‖W_l‖₂ of every weighted layer, of the update that the optimiser makes with this batch.

Source: Karpathy, CS231n notes, "Ratio of weights:updates"; about 1e-3 is usual.
"""

import torch
from torch import Tensor

from resnet.probes.capture import Seen, norms


def values(seen: Seen) -> Tensor:
    """The relative size of the last update, (weights,)."""
    moved = torch._foreach_sub([weight.detach() for weight in seen.weights], seen.before)
    return norms(moved) / seen.weight_norms
