"""Standard deviation of each layer's response: after its norm, before what follows. Source: He et al. 2015, Fig. 7."""

import torch
from torch import Tensor

from resnet.probes.capture import Seen


def values(seen: Seen) -> Tensor:
    """One standard deviation over batch, channels and pixels for the stem and each convolution of the branches."""
    return torch.stack([response[1] for response in seen.responses])
