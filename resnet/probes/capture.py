"""What one forward and backward pass leaves for the probes to look at."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor, nn

from resnet.nets.network import Network

ROUNDING = 1e-5  # two images that differ by less, relative to their values, differ by float32 rounding
SAFE = 1e-12  # a norm between this and its inverse lost nothing to speak of when it was summed in float32


@dataclass
class Seen:
    """`outputs` x_l in forward order (with ``.grad`` after backward); `weights`, and what they were `before` an update.

    `responses` (mean, standard deviation) of each convolution's normalised output; `dead`, the share of constant
    channels of each activation. They are reduced at once: their tensors are not kept.
    """

    weights: Sequence[nn.Parameter]
    outputs: list[Tensor] = field(default_factory=list)
    responses: list[Tensor] = field(default_factory=list)
    dead: list[Tensor] = field(default_factory=list)
    before: list[Tensor] = field(default_factory=list)

    @cached_property
    def gradient_norms(self) -> Tensor:
        """L2 norm of the gradient of each weight, (weights,); once the backward pass is done."""
        return norms([gradient for weight in self.weights if (gradient := weight.grad) is not None])

    @cached_property
    def output_norms(self) -> Tensor:
        """L2 norm of the gradient of each output, (outputs,)."""
        return norms([gradient for output in self.outputs if (gradient := output.grad) is not None])

    @cached_property
    def weight_norms(self) -> Tensor:
        """L2 norm of each weight before the update, (weights,)."""
        return norms(self.before)


class Layers:
    """Where to look in a net: its layers are found by name once, which for 56 takes 1.5 ms."""

    def __init__(self, net: Network) -> None:
        self.weights, self.outputs = net.weights(), net.outputs()
        self.responses, self.activations = net.responses(), net.activations()


@contextmanager
def capture(net: Network, layers: Layers | None = None) -> Iterator[Seen]:
    """Look at a forward pass; the hooks are gone afterwards, after errors too. `layers` are those of `net`."""
    layers = layers or Layers(net)
    seen = Seen(layers.weights)
    seen.before = [weight.detach().clone() for weight in seen.weights]

    def keep(output: Tensor) -> None:
        output.retain_grad()
        seen.outputs.append(output)

    looks: list[tuple[list[nn.Module], Callable[[Tensor], None]]] = [
        (layers.outputs, keep),
        (layers.responses, lambda output: seen.responses.append(mean_and_std(output.detach()))),
        (layers.activations, lambda output: seen.dead.append(_constant_channels(output.detach()))),
    ]
    handles = [module.register_forward_hook(_hook(look)) for modules, look in looks for module in modules]
    try:
        yield seen
    finally:
        for handle in handles:
            handle.remove()


def _hook(look: Callable[[Tensor], None]) -> Callable[[nn.Module, object, Tensor], None]:
    def hook(_module: nn.Module, _inputs: object, output: Tensor) -> None:
        look(output)

    return hook


def mean_and_std(output: Tensor) -> Tensor:
    """From the sum of squares, which takes a twentieth of ``std_mean``'s time; that one where squares may underflow."""
    output = output.to(torch.promote_types(output.dtype, torch.float32))  # half precision would overflow
    mean, size, count = output.mean(), torch.linalg.vector_norm(output), output.numel()
    if output.device.type == "cpu":
        return _checked(output, float(mean), float(size))
    std = ((size**2 - count * mean**2) / max(1, count - 1)).clamp(min=0).sqrt()
    return torch.stack([mean, std]).float()


def _checked(output: Tensor, mean: float, size: float) -> Tensor:
    """`mean_and_std` of an output on this machine, by numbers: one operation on a tensor takes as long as all of it."""
    count = output.numel()
    std = math.sqrt(max(0.0, (size * size - count * mean * mean) / max(1, count - 1)))
    if SAFE < std < 1 / SAFE and std > 1e-2 * abs(mean):
        return torch.tensor([mean, std])
    exact, mean_too = torch.std_mean(output.double())
    return torch.stack([mean_too, exact]).float()


def _constant_channels(output: Tensor) -> Tensor:
    """The share of channels that are the same for all images of the batch, to rounding: they tell none from another."""
    change = (output - output[:1]).abs_().sum((0, 2, 3))  # (C,)
    return (change <= ROUNDING * output.abs().sum((0, 2, 3))).float().mean()


def norms(tensors: Sequence[Tensor]) -> Tensor:
    """L2 norm of each tensor, float32 (L,).

    In float32 the squares of small values underflow: a norm below 1e-22 would come out as exactly 0. What may have
    suffered is summed again in float64, where the device has it; on a GPU everything is, for a look would make it wait.
    """
    device = tensors[0].device.type
    if device == "cuda":  # one launch for all; squared and summed in float64, see PyTorch's ForeachReduceOp.cu
        return torch.stack(torch._foreach_norm(list(tensors), 2, dtype=torch.float64)).float()
    quick = torch.stack(torch._foreach_norm(list(tensors))).float()
    if device == "cpu":
        for index in ((quick < SAFE) | (quick > 1 / SAFE)).nonzero().flatten().tolist():
            quick[index] = torch.linalg.vector_norm(tensors[index], dtype=torch.float64).float()
    return quick
