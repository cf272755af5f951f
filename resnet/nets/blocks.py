"""The two blocks, next to each other: they differ by ``+ self.shortcut(x)``. That difference is the lesson."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable

from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.ops import StochasticDepth

from resnet.nets.description import GROUP, Description, Placed, Shortcut
from resnet.nets.structure import BlockShape


class PlainBlock(nn.Module):
    """y = after(F(x)). Source: He et al. 2015, Sec. 3.3."""

    def __init__(self, parts: Description, shape: BlockShape) -> None:
        super().__init__()
        self.branch = sequence(shape.placed(parts.branch))  # F: two or three convolutions
        self.after = sequence(shape.placed(parts.after))  # the activation, in the original order

    def forward(self, x: Tensor) -> Tensor:
        return self.after(self.branch(x))  # (N, outputs, H/stride, W/stride)


class ResidualBlock(nn.Module):
    """y = after(F(x) + shortcut(x)) with the same F. Source: He et al. 2015, Eq. 1 and 2."""

    def __init__(self, parts: Description, shape: BlockShape, shortcut: Shortcut) -> None:
        super().__init__()
        self.branch = sequence(shape.placed(parts.branch))
        self.shortcut = past(shortcut, shape)
        self.add = Add()
        self.after = sequence(shape.placed(parts.after))

    def forward(self, x: Tensor) -> Tensor:
        return self.after(self.add(self.branch(x), self.shortcut(x)))


class SharedGateBlock(nn.Module):
    """y = after(g F(x) + (1 - g) shortcut(x)), g = σ(W_g x + b_g). Source: He et al. 2016, Sec. 3.1."""

    def __init__(self, parts: Description, shape: BlockShape, shortcut: Shortcut) -> None:
        super().__init__()
        self.branch = sequence(shape.placed(parts.branch))
        self.gate = sequence(shape.placed(shortcut.gate))
        self.shortcut = sequence(shape.placed(shortcut.path))
        self.add = Add()
        self.after = sequence(shape.placed(parts.after))

    def forward(self, x: Tensor) -> Tensor:
        g = self.gate(x)
        return self.after(self.add(g * self.branch(x), (1 - g) * self.shortcut(x)))


def make_block(parts: Description, shape: BlockShape) -> nn.Module:
    """One block as it is described."""
    if parts.shortcut is None:
        return PlainBlock(parts, shape)
    return (SharedGateBlock if parts.shortcut.shared else ResidualBlock)(parts, shape, parts.shortcut)


def past(shortcut: Shortcut, shape: BlockShape) -> nn.Module:
    """The path past the branch: an empty sequence is the identity."""
    path = sequence(shape.placed(shortcut.path))
    return Gated(sequence(shape.placed(shortcut.gate)), path) if shortcut.gate else path


def sequence(operations: Iterable[Placed]) -> nn.Sequential:
    """The modules of some operations, one after the other, by their names."""
    return nn.Sequential(OrderedDict((operation.name, MODULES[operation.kind](operation)) for operation in operations))


class Add(nn.Module):
    """The addition as a module of its own, so that hooks and attribution methods can see it."""

    def forward(self, branch: Tensor, shortcut: Tensor) -> Tensor:
        return branch + shortcut


class Scale(nn.Module):
    """Multiplication by a fixed factor. Source: He et al. 2016, Sec. 3.1."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return self.factor * x


class ZeroPad(nn.Module):
    """Option A: every `stride`-th pixel, new channels filled with zeros. Source: He et al. 2015, Sec. 4.2."""

    def __init__(self, new_channels: int, stride: int) -> None:
        super().__init__()
        self.new_channels = new_channels
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new_channels))


class Gated(nn.Module):
    """(1 - g(x)) path(x): shortcut-only gating. Source: He et al. 2016, Sec. 3.1."""

    def __init__(self, gate: nn.Module, path: nn.Module) -> None:
        super().__init__()
        self.gate = gate
        self.path = path

    def forward(self, x: Tensor) -> Tensor:
        return (1 - self.gate(x)) * self.path(x)


class Pointwise(nn.Conv2d):
    """A 1x1 convolution that takes every `stride`-th pixel first: the same numbers as `nn.Conv2d`.

    oneDNN's own way writes behind its buffer in the backward pass of few channels, channels last (oneDNN issue 6035).
    """

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x[:, :, :: self.stride[0], :: self.stride[1]], self.weight, self.bias)


def conv(op: Placed) -> nn.Conv2d:
    """A same-size convolution; before a norm it needs no bias."""
    kind = Pointwise if op.kernel == 1 and op.stride > 1 else nn.Conv2d
    return kind(op.inputs, op.outputs, op.kernel, op.stride, padding=op.kernel // 2, bias=op.bias)


MODULES: dict[str, Callable[[Placed], nn.Module]] = {
    "conv": conv,
    "pool": lambda op: nn.MaxPool2d(op.kernel, op.stride, padding=op.kernel // 2),
    "average": lambda _op: nn.AdaptiveAvgPool2d(1),
    "flatten": lambda _op: nn.Flatten(),
    "linear": lambda op: nn.Linear(op.inputs, op.outputs),
    "softmax": lambda _op: nn.Softmax(dim=1),
    "pad": lambda op: ZeroPad(op.outputs - op.inputs, op.stride),
    "scale": lambda op: Scale(op.value),
    "dropout": lambda op: nn.Dropout(op.value),
    "drop": lambda op: StochasticDepth(1 - op.value, mode="batch"),
    "batch": lambda op: nn.BatchNorm2d(op.outputs),
    "group": lambda op: nn.GroupNorm(op.outputs // math.gcd(GROUP, op.outputs), op.outputs),
    "layer": lambda op: nn.GroupNorm(1, op.outputs),
    "none": lambda _op: nn.Identity(),
    "relu": lambda _op: nn.ReLU(),
    "leaky": lambda _op: nn.LeakyReLU(),
    "prelu": lambda _op: nn.PReLU(),
    "elu": lambda _op: nn.ELU(),
    "gelu": lambda _op: nn.GELU(),
    "silu": lambda _op: nn.SiLU(),
    "tanh": lambda _op: nn.Tanh(),
    "sigmoid": lambda _op: nn.Sigmoid(),
}
