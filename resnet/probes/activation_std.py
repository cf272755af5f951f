"""Standard deviation of the output of the stem and of every block. Source: He et al. 2015, Fig. 7."""

import torch
from torch import Tensor

from resnet.probes.seen import Seen


def values(seen: Seen) -> Tensor:
    """One standard deviation over batch, channels and pixels for each output, (outputs,)."""
    return torch.stack([output.detach().float().std() for output in seen.outputs])
