"""What one forward and backward pass leaves for the probes to look at."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


@dataclass
class Seen:
    """Outputs x_l of the probed modules in forward order (after backward with ``.grad``), and the weights."""

    weights: Sequence[nn.Parameter]
    outputs: list[Tensor] = field(default_factory=list)


@contextmanager
def capture(modules: Sequence[nn.Module], weights: Sequence[nn.Parameter]) -> Iterator[Seen]:
    """Record the outputs of `modules` during a forward pass; the hooks are gone afterwards, after errors too."""
    seen = Seen(weights)

    def keep(_module: nn.Module, _inputs: object, output: Tensor) -> None:
        output.retain_grad()
        seen.outputs.append(output)

    handles = [module.register_forward_hook(keep) for module in modules]
    try:
        yield seen
    finally:
        for handle in handles:
            handle.remove()


def norms(tensors: Sequence[Tensor]) -> Tensor:
    """L2 norm of each tensor, float32 (L,).

    Squares are summed in float64 where the device has it: in float32 a norm below 1e-22 would come out as exactly 0.
    """
    wide = torch.float32 if tensors[0].device.type == "mps" else torch.float64
    return torch.stack([torch.linalg.vector_norm(tensor, dtype=wide) for tensor in tensors]).float()
