"""The two blocks, next to each other: they differ by ``+ self.shortcut(x)``. That difference is the lesson."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable

from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.ops import StochasticDepth

from resnet.nets.layers import (
    GROUP,
    BlockShape,
    after_order,
    branch_order,
    kernels,
)
from resnet.specs import NetSpec

DROPOUT = 0.5  # of the dropout shortcut. Source: He et al. 2016, Sec. 3.1

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leaky": nn.LeakyReLU,
    "prelu": nn.PReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


class PlainBlock(nn.Module):
    """y = after(F(x)). Source: He et al. 2015, Sec. 3.3."""

    def __init__(self, spec: NetSpec, shape: BlockShape) -> None:
        super().__init__()
        self.branch = branch(spec, shape)  # F: two or three convolutions
        self.after = after(spec, shape)  # the activation, in the original order

    def forward(self, x: Tensor) -> Tensor:
        return self.after(self.branch(x))  # (N, outputs, H/stride, W/stride)


class ResidualBlock(nn.Module):
    """y = after(F(x) + shortcut(x)) with the same F. Source: He et al. 2015, Eq. 1 and 2."""

    def __init__(self, spec: NetSpec, shape: BlockShape) -> None:
        super().__init__()
        self.branch = branch(spec, shape)
        self.shortcut = SHORTCUTS[spec.shortcut](spec, shape)
        self.add = Add()
        self.after = after(spec, shape)

    def forward(self, x: Tensor) -> Tensor:
        return self.after(self.add(self.branch(x), self.shortcut(x)))


class ExclusiveGateBlock(nn.Module):
    """y = after(g F(x) + (1 - g) shortcut(x)), g = σ(W_g x + b_g). Source: He et al. 2016, Sec. 3.1."""

    def __init__(self, spec: NetSpec, shape: BlockShape) -> None:
        super().__init__()
        self.branch = branch(spec, shape)
        self.gate = gate(shape)
        self.shortcut = resize(spec, shape)
        self.add = Add()
        self.after = after(spec, shape)

    def forward(self, x: Tensor) -> Tensor:
        g = self.gate(x)
        return self.after(self.add(g * self.branch(x), (1 - g) * self.shortcut(x)))


def make_block(spec: NetSpec, shape: BlockShape) -> nn.Module:
    """One block of the kind that `spec` names."""
    if spec.block == "plain":
        return PlainBlock(spec, shape)
    return ExclusiveGateBlock(spec, shape) if spec.shortcut == "exclusive" else ResidualBlock(spec, shape)


def branch(spec: NetSpec, shape: BlockShape) -> nn.Sequential:
    """F with its operations in their order; norm and activation belong to the convolution of the same number."""
    modules = _operations(spec, shape, branch_order(spec, shape.first))
    if spec.shortcut == "scale":
        modules["scale"] = Scale(spec.branch_scale)
    if spec.survival < 1:
        modules["drop"] = StochasticDepth(1 - shape.survival, mode="batch")
    return nn.Sequential(modules)


def after(spec: NetSpec, shape: BlockShape) -> nn.Sequential:
    """What follows the addition; nothing with pre-activation."""
    return nn.Sequential(_operations(spec, shape, after_order(spec)))


def _operations(spec: NetSpec, shape: BlockShape, names: Iterable[str]) -> "OrderedDict[str, nn.Module]":
    """conv1, norm1, act1 … by their names, each with the channels of its place."""
    convs = kernels(spec, shape)
    modules: OrderedDict[str, nn.Module] = OrderedDict()
    for name in names:
        kind, number = name[:-1], int(name[-1])
        inputs, outputs, kernel, stride = convs[number - 1]
        if kind == "conv":
            modules[name] = conv(inputs, outputs, kernel, stride, spec.norm == "none")
        elif kind == "norm":
            modules[name] = norm_layer(spec.norm, inputs if spec.order == "preact" else outputs)
        else:
            modules[name] = ACTIVATIONS[spec.activation]()
    return modules


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


class ZeroPadShortcut(nn.Module):
    """Option A: every `stride`-th pixel, new channels filled with zeros. Source: He et al. 2015, Sec. 4.2."""

    def __init__(self, new_channels: int, stride: int) -> None:
        super().__init__()
        self.new_channels = new_channels
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new_channels))


class GatedShortcut(nn.Module):
    """(1 - g) x with g = σ(W_g x + b_g): shortcut-only gating. Source: He et al. 2016, Sec. 3.1."""

    def __init__(self, spec: NetSpec, shape: BlockShape) -> None:
        super().__init__()
        self.gate = gate(shape)
        self.resize = resize(spec, shape)

    def forward(self, x: Tensor) -> Tensor:
        return (1 - self.gate(x)) * self.resize(x)


def resize(_spec: NetSpec, shape: BlockShape) -> nn.Module:
    """The identity; zero padding (option A) where the size changes."""
    return ZeroPadShortcut(shape.outputs - shape.inputs, shape.stride) if shape.resized else nn.Identity()


def gate(shape: BlockShape) -> nn.Sequential:
    """g(x) = σ(W_g x + b_g), one value per output; W_g starts at zero, so that at first g is σ(b_g) everywhere."""
    convolution = conv(shape.inputs, shape.outputs, 1, shape.stride, bias=True)
    return nn.Sequential(OrderedDict(conv=convolution, act=nn.Sigmoid()))


def projection(spec: NetSpec, shape: BlockShape) -> nn.Module:
    """A 1x1 convolution and norm in every block. Source: He et al. 2015, Eq. 2."""
    convolution = conv(shape.inputs, shape.outputs, 1, shape.stride, spec.norm == "none")
    return nn.Sequential(OrderedDict(conv=convolution, norm=norm_layer(spec.norm, shape.outputs)))


def _projection_where_resized(spec: NetSpec, shape: BlockShape) -> nn.Module:
    return projection(spec, shape) if shape.resized else nn.Identity()


def _bare_convolution(_spec: NetSpec, shape: BlockShape) -> nn.Module:
    return nn.Sequential(OrderedDict(conv=conv(shape.inputs, shape.outputs, 1, shape.stride, bias=True)))


def _scaled(spec: NetSpec, shape: BlockShape) -> nn.Module:
    return nn.Sequential(OrderedDict(resize=resize(spec, shape), scale=Scale(spec.shortcut_scale)))


def _dropped(spec: NetSpec, shape: BlockShape) -> nn.Module:
    return nn.Sequential(OrderedDict(resize=resize(spec, shape), dropout=nn.Dropout(DROPOUT)))


SHORTCUTS: dict[str, Callable[[NetSpec, BlockShape], nn.Module]] = {
    "A": resize,
    "B": _projection_where_resized,
    "C": projection,
    "scale": _scaled,
    "gate": GatedShortcut,
    "exclusive": resize,  # the gate itself acts on both paths: see ExclusiveGateBlock
    "conv": _bare_convolution,
    "dropout": _dropped,
}


class Pointwise(nn.Conv2d):
    """A 1x1 convolution that takes every `stride`-th pixel first: the same numbers as `nn.Conv2d`.

    oneDNN's own way writes behind its buffer in the backward pass of few channels, channels last (oneDNN issue 6035).
    """

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x[:, :, :: self.stride[0], :: self.stride[1]], self.weight, self.bias)


def conv(inputs: int, outputs: int, kernel: int, stride: int, bias: bool) -> nn.Conv2d:
    """A same-size convolution; before a norm it needs no bias."""
    kind = Pointwise if kernel == 1 and stride > 1 else nn.Conv2d
    return kind(inputs, outputs, kernel, stride, padding=kernel // 2, bias=bias)


def norm_layer(norm: str, channels: int) -> nn.Module:
    """The norm of that name over `channels` maps."""
    return NORMS[norm](channels)


NORMS: dict[str, Callable[[int], nn.Module]] = {
    "batch": nn.BatchNorm2d,
    "group": lambda channels: nn.GroupNorm(channels // math.gcd(GROUP, channels), channels),
    "layer": lambda channels: nn.GroupNorm(1, channels),
    "none": lambda _channels: nn.Identity(),
}
