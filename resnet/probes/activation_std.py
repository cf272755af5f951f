"""Standard deviation of the output of the stem and of every block. Source: He et al. 2015, Fig. 7."""

import torch
from torch import Tensor

from resnet.probes.capture import Seen, mean_and_std


def values(seen: Seen) -> Tensor:
    """One standard deviation over batch, channels and pixels for each output, (outputs,)."""
    return torch.stack([mean_and_std(output.detach())[1] for output in seen.outputs])
