"""‖∂L/∂x_l‖₂ of the output of the stem and of every block. Source: He et al. 2016, Eq. 5."""

from torch import Tensor

from resnet.probes.capture import Seen


def values(seen: Seen) -> Tensor:
    """One L2 norm over the whole batch for each output, (outputs,); the loss is the batch mean."""
    return seen.output_norms
