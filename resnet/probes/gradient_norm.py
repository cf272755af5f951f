"""‖∂L/∂W_l‖₂ of every weighted layer. Source: He et al. 2015, Sec. 4.1."""

from torch import Tensor

from resnet.probes.seen import Seen, norms


def values(seen: Seen) -> Tensor:
    """One L2 norm for each weighted layer, (weights,)."""
    return norms([gradient for weight in seen.weights if (gradient := weight.grad) is not None])
