"""NetSpec -> nn.Module: stem, stages, head; modules are named so that a layer's name tells stage and block."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

import torch
from torch import Tensor, nn

from resnet.nets.blocks import make_block, sequence
from resnet.nets.description import describe
from resnet.nets.inits import initialise
from resnet.nets.structure import activation_names, block_shapes, output_names, response_names, weight_names
from resnet.specs import NetSpec


class Network(nn.Module):
    """A net of the CIFAR or the ImageNet family. Source: He et al. 2015, Sec. 4.2 and Table 1."""

    def __init__(self, spec: NetSpec, channels: int, classes: int) -> None:
        super().__init__()
        self.spec = spec
        parts, ends = describe(spec), {"channels": channels, "classes": spec.classes or classes}
        self.stem = sequence(operation.at(ends) for operation in parts.stem)
        for stage, shapes in groupby(block_shapes(spec), lambda shape: shape.name.split(".")[0]):
            blocks = ((shape.name.split(".")[1], make_block(parts, shape)) for shape in shapes)
            self.add_module(stage, nn.Sequential(OrderedDict(blocks)))
        self.head = sequence(operation.at(ends) for operation in parts.head)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)  # (N, width, H/s, W/s)
        for stage in self.stages():
            x = stage(x)  # from the second stage on twice the channels, half the side
        return self.head(x)  # (N, classes): logits, unless the spec asks for the notes' softmax

    def stages(self) -> list[nn.Module]:
        """The stages in the order of the signal."""
        return [self.get_submodule(f"stage{number}") for number in range(1, len(self.spec.blocks) + 1)]

    def outputs(self) -> list[nn.Module]:
        """The modules whose outputs are probed, in the order of the signal: the stem and every block."""
        return [self.get_submodule(name) for name in output_names(self.spec)]

    def weights(self) -> list[nn.Parameter]:
        """The weights of the layers on the main path, in the order of the signal, as many as the depth says."""
        return [self.get_parameter(f"{name}.weight") for name in weight_names(self.spec)]

    def responses(self) -> list[nn.Module]:
        """The modules whose outputs are the layers' responses: each convolution's norm, or itself without one."""
        return [self.get_submodule(name) for name in response_names(self.spec)]

    def activations(self) -> list[nn.Module]:
        """Every activation on the main path, in the order of the signal."""
        return [self.get_submodule(name) for name in activation_names(self.spec)]

    def probabilities(self, outputs: Tensor) -> Tensor:
        """What the net's outputs (N, classes) say of each class: their softmax, where the net has not applied it."""
        return outputs if self.spec.softmax else outputs.softmax(1)


def build_network(spec: NetSpec, seed: int = 0, channels: int = 3, classes: int = 10) -> Network:
    """The net with fresh weights from its own generator; the global random state is neither used nor changed."""
    with torch.device("meta"):
        net = Network(spec, channels, classes)
    net.to_empty(device="cpu")
    initialise(net, spec, torch.Generator().manual_seed(seed))
    return net


@contextmanager
def repeatable(net: Network, seed: int) -> Iterator[None]:
    """Inside, dropout and stochastic depth draw from `seed`; the global random state is as before afterwards."""
    if not net.spec.random_steps:
        yield
        return
    device = next(net.parameters()).device
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield
