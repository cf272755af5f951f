"""‖∂L/∂x_{l-1}‖ / ‖∂L/∂x_l‖ of every block. Source: the course notes' product of derivatives, Sec. 1.2, measured."""

from torch import Tensor

from resnet.probes.capture import Seen


def values(seen: Seen) -> Tensor:
    """How many times larger the gradient is at each block's input than at its output, (blocks,).

    Their product from the last block to a block l is ‖∂L/∂x_{l-1}‖ / ‖∂L/∂x_L‖. Where nothing arrives, NaN.
    """
    gradients = seen.output_norms
    return gradients[:-1] / gradients[1:]
