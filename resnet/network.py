"""NetSpec -> nn.Module: stem, three stages, head; modules are named so that a layer's name tells stage and block."""

from collections import OrderedDict

import torch
from torch import Tensor, nn

from resnet.blocks import ACTIVATIONS, PlainBlock, ResidualBlock, conv, initialise, norm_layer
from resnet.layers import output_names, stage_widths, weight_names
from resnet.specs import NetSpec


class Network(nn.Module):
    """A net of the CIFAR family. Source: He et al. 2015, Sec. 4.2."""

    def __init__(self, spec: NetSpec, channels: int, classes: int) -> None:
        super().__init__()
        self.spec = spec
        widths = stage_widths(spec)
        self.stem = nn.Sequential(
            OrderedDict(
                conv=conv(channels, widths[0], 3, spec.stem_stride, spec.norm),
                norm=norm_layer(spec.norm, widths[0]),
                act=ACTIVATIONS[spec.activation](),
            )
        )
        self.stage1 = _stage(spec, spec.blocks[0], widths[0], widths[0])
        self.stage2 = _stage(spec, spec.blocks[1], widths[0], widths[1])
        self.stage3 = _stage(spec, spec.blocks[2], widths[1], widths[2])
        self.head = nn.Sequential(
            OrderedDict(pool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), fc=nn.Linear(widths[2], classes))
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)  # (N, width, H/s, W/s)
        x = self.stage1(x)
        x = self.stage2(x)  # (N, 2 width, H/2s, W/2s)
        x = self.stage3(x)  # (N, 4 width, H/4s, W/4s)
        return self.head(x)  # (N, classes): logits, no softmax

    def outputs(self) -> list[nn.Module]:
        """The modules whose outputs are probed, in the order of the signal: the stem and every block."""
        return [self.get_submodule(name) for name in output_names(self.spec)]

    def weights(self) -> list[nn.Parameter]:
        """The weights of the layers on the main path, in the order of the signal, as many as the depth says."""
        return [self.get_parameter(f"{name}.weight") for name in weight_names(self.spec)]


def build_network(spec: NetSpec, seed: int = 0, channels: int = 3, classes: int = 10) -> Network:
    """The net with fresh weights from its own generator; the global random state is neither used nor changed."""
    with torch.device("meta"):
        net = Network(spec, channels, classes)
    net.to_empty(device="cpu")
    initialise(net, spec.init, torch.Generator().manual_seed(seed))
    return net


def _stage(spec: NetSpec, count: int, inputs: int, outputs: int) -> nn.Sequential:
    """`count` blocks; the first one changes the size where `inputs` and `outputs` differ."""
    blocks = OrderedDict()
    for number in range(1, count + 1):
        first = inputs if number == 1 else outputs
        blocks[f"block{number}"] = _block(spec, first, outputs, stride=1 if first == outputs else 2)
    return nn.Sequential(blocks)


def _block(spec: NetSpec, inputs: int, outputs: int, stride: int) -> nn.Module:
    if spec.block == "plain":
        return PlainBlock(inputs, outputs, stride, spec.norm, spec.activation)
    return ResidualBlock(inputs, outputs, stride, spec.norm, spec.activation, spec.shortcut)
