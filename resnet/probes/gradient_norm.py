"""‖∂L/∂W_l‖₂ of every weighted layer. Source: He et al. 2015, Sec. 4.1."""

from torch import Tensor

from resnet.probes.capture import Seen


def values(seen: Seen) -> Tensor:
    """One L2 norm for each weighted layer, (weights,)."""
    return seen.gradient_norms
