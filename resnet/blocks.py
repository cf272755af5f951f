"""The two blocks, next to each other: they differ by ``+ self.shortcut(x)``. That difference is the lesson."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leaky": nn.LeakyReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


class PlainBlock(nn.Module):
    """y = act(F(x)) with F = norm(conv(act(norm(conv(x))))). Source: He et al. 2015, Sec. 3.3."""

    def __init__(self, inputs: int, outputs: int, stride: int, norm: str, activation: str) -> None:
        super().__init__()
        self.conv1 = conv(inputs, outputs, 3, stride, norm)
        self.norm1 = norm_layer(norm, outputs)
        self.act1 = ACTIVATIONS[activation]()
        self.conv2 = conv(outputs, outputs, 3, 1, norm)
        self.norm2 = norm_layer(norm, outputs)
        self.act2 = ACTIVATIONS[activation]()

    def forward(self, x: Tensor) -> Tensor:
        out = self.act1(self.norm1(self.conv1(x)))  # (N, outputs, H/stride, W/stride)
        out = self.norm2(self.conv2(out))
        return self.act2(out)


class ResidualBlock(nn.Module):
    """y = act(F(x) + shortcut(x)) with the same F. Source: He et al. 2015, Eq. 1 and 2."""

    def __init__(self, inputs: int, outputs: int, stride: int, norm: str, activation: str, shortcut: str) -> None:
        super().__init__()
        self.conv1 = conv(inputs, outputs, 3, stride, norm)
        self.norm1 = norm_layer(norm, outputs)
        self.act1 = ACTIVATIONS[activation]()
        self.conv2 = conv(outputs, outputs, 3, 1, norm)
        self.norm2 = norm_layer(norm, outputs)
        self.shortcut = shortcut_layer(shortcut, inputs, outputs, stride, norm)
        self.add = Add()
        self.act2 = ACTIVATIONS[activation]()

    def forward(self, x: Tensor) -> Tensor:
        out = self.act1(self.norm1(self.conv1(x)))  # (N, outputs, H/stride, W/stride)
        out = self.norm2(self.conv2(out))
        return self.act2(self.add(out, self.shortcut(x)))


class Add(nn.Module):
    """The addition as a module of its own, so that hooks and attribution methods can see it."""

    def forward(self, branch: Tensor, shortcut: Tensor) -> Tensor:
        return branch + shortcut


class ZeroPadShortcut(nn.Module):
    """Option A: every `stride`-th pixel, new channels filled with zeros. Source: He et al. 2015, Sec. 4.2."""

    def __init__(self, new_channels: int, stride: int) -> None:
        super().__init__()
        self.new_channels = new_channels
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new_channels))


class ProjectionShortcut(nn.Sequential):
    """Option B: a 1x1 convolution (and norm) where the size changes. Source: He et al. 2015, Eq. 2."""

    def __init__(self, inputs: int, outputs: int, stride: int, norm: str) -> None:
        super().__init__()
        self.conv = conv(inputs, outputs, 1, stride, norm)
        self.norm = norm_layer(norm, outputs)


def shortcut_layer(shortcut: str, inputs: int, outputs: int, stride: int, norm: str) -> nn.Module:
    """The identity where input and output have the same size, the chosen option elsewhere."""
    if inputs == outputs and stride == 1:
        return nn.Identity()
    if shortcut == "A":
        return ZeroPadShortcut(outputs - inputs, stride)
    return ProjectionShortcut(inputs, outputs, stride, norm)


def conv(inputs: int, outputs: int, kernel: int, stride: int, norm: str) -> nn.Conv2d:
    """A same-size convolution; without a norm after it, it keeps its bias."""
    return nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=norm == "none")


def norm_layer(norm: str, channels: int) -> nn.Module:
    """The norm of that name over `channels` maps."""
    return nn.BatchNorm2d(channels) if norm == "batch" else nn.Identity()


@torch.no_grad()
def initialise(net: nn.Module, init: str, generator: torch.Generator) -> None:
    """Draw all weights anew; projections last, so that twins draw the same numbers for what they share.

    Source: He et al. 2015b (arXiv 1502.01852), fan-out; Glorot and Bengio 2010; torch.nn.Conv2d.reset_parameters.
    """
    modules = list(net.named_modules())
    for _name, module in sorted(modules, key=lambda item: ".shortcut" in item[0]):
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.weight.fill_(1.0)
            module.bias.zero_()
        elif isinstance(module, nn.Conv2d):
            _draw(module, init, generator)
        elif isinstance(module, nn.Linear):
            # The head keeps PyTorch's init under every choice: the choice is about the convolutions.
            _draw(module, "torch", generator)


def _draw(layer: nn.Conv2d | nn.Linear, init: str, generator: torch.Generator) -> None:
    bound = 1 / layer.weight[0].numel() ** 0.5  # PyTorch's: 1 / sqrt(fan-in)
    if init == "he":
        nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu", generator=generator)
    elif init == "xavier":
        nn.init.xavier_uniform_(layer.weight, generator=generator)
    else:
        nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
    if layer.bias is not None:
        if init == "torch":
            nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
        else:
            layer.bias.zero_()
