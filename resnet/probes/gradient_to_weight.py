"""‖∂L/∂W_l‖₂ / ‖W_l‖₂ of every weighted layer. Source: You et al. 2017, arXiv 1708.03888, Sec. 4."""

from torch import Tensor

from resnet.probes.capture import Seen


def values(seen: Seen) -> Tensor:
    """The gradient relative to the weights, (weights,): what one step could change, per unit of learning rate."""
    return seen.gradient_norms / seen.weight_norms
