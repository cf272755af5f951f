"""The weights before the first step, drawn from a generator of their own."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn

from resnet.nets.description import GAINS
from resnet.nets.structure import block_names
from resnet.specs import CONVOLUTIONS, NetSpec

PRELU = 0.25  # torch.nn.PReLU's start, which is that of He et al. 2015b
Draw = Callable[[Tensor, str, torch.Generator], object]


@torch.no_grad()
def initialise(net: nn.Module, spec: NetSpec, generator: torch.Generator) -> None:
    """Draw all weights anew; shortcuts last, so that twins draw the same numbers for what they share."""
    modules = list(net.named_modules())
    for name, module in sorted(modules, key=lambda item: ".shortcut" in item[0] or ".gate" in item[0]):
        if isinstance(module, nn.BatchNorm2d | nn.GroupNorm):
            _start_norm(module)
        elif isinstance(module, nn.PReLU):
            module.weight.fill_(PRELU)
        elif isinstance(module, nn.Conv2d) and ".gate." in name:
            module.weight.zero_()  # so that the gate starts at its bias, whatever it sees
            _bias(module).fill_(spec.gate_bias)
        elif isinstance(module, nn.Conv2d):
            _draw(module, spec.init, spec.activation, generator)
        elif isinstance(module, nn.Linear):
            # The head keeps PyTorch's init under every choice: the choice is about the convolutions.
            _draw(module, "torch", spec.activation, generator)
    if spec.zero_gamma:
        _zero_gamma(net, spec)
    if spec.fixup:
        _fixup(net, spec)


def _start_norm(norm: nn.BatchNorm2d | nn.GroupNorm) -> None:
    norm.weight.fill_(1.0)
    norm.bias.zero_()
    if isinstance(norm, nn.BatchNorm2d):
        norm.reset_running_stats()


def _draw(layer: nn.Conv2d | nn.Linear, init: str, activation: str, generator: torch.Generator) -> None:
    DRAWS[init](layer.weight, activation, generator)
    if layer.bias is None:
        return
    if init == "torch":
        _uniform(layer.bias, _bound(layer.weight), generator)
    else:
        layer.bias.zero_()


def _he(mode: Literal["fan_in", "fan_out"]) -> Draw:
    """Variance 2 / fan for every activation. Source: He et al. 2015b, Eq. 10 and 14."""
    return lambda weight, _activation, generator: nn.init.kaiming_normal_(
        weight, mode=mode, nonlinearity="relu", generator=generator
    )


def _xavier(weight: Tensor, _activation: str, generator: torch.Generator) -> None:
    nn.init.xavier_uniform_(weight, generator=generator)


def _torch(weight: Tensor, _activation: str, generator: torch.Generator) -> None:
    _uniform(weight, _bound(weight), generator)


def _orthogonal(weight: Tensor, activation: str, generator: torch.Generator) -> None:
    """WᵀW = g²I for the kernel as a matrix. Source: Saxe et al. 2013, arXiv 1312.6120."""
    nn.init.orthogonal_(weight, GAINS[activation], generator=generator)


def _delta(weight: Tensor, activation: str, generator: torch.Generator) -> None:
    """An orthogonal matrix in the kernel's middle, zeros around it. Source: Xiao et al. 2018, arXiv 1806.05393."""
    weight.zero_()
    middle = weight.new_empty(weight.shape[:2])
    nn.init.orthogonal_(middle, GAINS[activation], generator=generator)
    weight[:, :, weight.shape[2] // 2, weight.shape[3] // 2] = middle


def _bound(weight: Tensor) -> float:
    """PyTorch's: 1 / √fan-in."""
    return 1 / weight[0].numel() ** 0.5


def _uniform(tensor: Tensor, bound: float, generator: torch.Generator) -> None:
    nn.init.uniform_(tensor, -bound, bound, generator=generator)


DRAWS: dict[str, Draw] = {
    "he": _he("fan_out"),
    "he_in": _he("fan_in"),
    "xavier": _xavier,
    "torch": _torch,
    "orthogonal": _orthogonal,
    "delta": _delta,
}


def _zero_gamma(net: nn.Module, spec: NetSpec) -> None:
    """γ = 0 in the norm that ends each branch. Source: Goyal et al. 2017, Sec. 5.1."""
    for block in block_names(spec):
        net.get_parameter(f"{block}.branch.norm{CONVOLUTIONS[spec.branch]}.weight").zero_()


def _fixup(net: nn.Module, spec: NetSpec) -> None:
    """Branches scaled by L^(-1/(2m-2)), their last layer and the head zero. Source: Zhang et al. 2019, Sec. 3.

    The paper's rules 1 and 2; of rule 3 the biases are there as the convolutions' own, its multipliers are not.
    """
    last = CONVOLUTIONS[spec.branch]
    factor = sum(spec.blocks) ** (-1 / (2 * last - 2))
    for block in block_names(spec):
        for number in range(1, last):
            net.get_parameter(f"{block}.branch.conv{number}.weight").mul_(factor)
        net.get_parameter(f"{block}.branch.conv{last}.weight").zero_()
    net.get_parameter("head.fc.weight").zero_()
    net.get_parameter("head.fc.bias").zero_()


def _bias(layer: nn.Conv2d) -> Tensor:
    assert layer.bias is not None, "gates have a bias"
    return layer.bias
