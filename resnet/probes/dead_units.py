"""The share of channels behind each activation that are the same for all images of the batch."""

import torch
from torch import Tensor

from resnet.probes.capture import Seen


def values(seen: Seen) -> Tensor:
    """0 to 1 for each activation, in the order of the signal: channels that tell no image from another."""
    return torch.stack(seen.dead)
