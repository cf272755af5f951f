"""A deeper net as a copy of a trained shallow one: blocks are added that ought to do nothing."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet.analyses.additions import COUNTS, WAYS, Copied, stage_of
from resnet.nets.blocks import PlainBlock, make_block
from resnet.nets.description import describe
from resnet.nets.network import Network
from resnet.nets.statistics import evaluating
from resnet.nets.structure import BlockShape, block_shapes


def copies(net: Network, images: Tensor, labels: Tensor) -> dict[str, Copied]:
    """For each way of adding blocks what becomes of the outputs; the net is left as it was.

    `images` (N, C, H, W) normalised, `labels` (N,). Raises ValueError for a net without batch norm.
    """
    if net.spec.norm != "batch":
        raise ValueError("what a norm takes away is put back for batch norm only")
    with evaluating(net), torch.no_grad():
        before = net(images)
        return {way: _copied(net, way, images, labels, before) for way in WAYS[net.spec.block]}


def _copied(net: Network, way: str, images: Tensor, labels: Tensor, before: Tensor) -> Copied:
    outputs = [_deeper(net, way, count, images) for count in COUNTS]
    return Copied(
        loss=np.array([float(F.cross_entropy(output, labels)) for output in outputs]),
        difference=np.array([float((output - before).abs().max()) for output in outputs]),
    )


def _deeper(net: Network, way: str, count: int, x: Tensor) -> Tensor:
    """The outputs (N, classes) of the net with `count` blocks more, each appended to its stage."""
    stages = net.stages()
    x = net.stem(x)
    for number, stage in enumerate(stages, start=1):
        x = stage(x)
        for _block in range(sum(stage_of(added, len(stages)) == number for added in range(count))):
            x = _through(_added(net, number, way), way, x)
    return net.head(x)


def _added(net: Network, stage: int, way: str) -> nn.Module:
    """A block of the stage's own kind and size, its last norm or its convolutions set as the way asks."""
    last = [shape for shape in block_shapes(net.spec) if shape.name.startswith(f"stage{stage}.")][-1]
    shape = BlockShape(last.name, last.outputs, last.width, last.outputs, stride=1, first=False, survival=1.0)
    block = make_block(describe(net.spec), shape).eval()
    if way == "zero":
        norms = [module for module in block.modules() if isinstance(module, nn.BatchNorm2d)]
        nn.init.zeros_(norms[-1].weight)
        return block
    for module in block.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.dirac_(module.weight)
    return block


def _through(block: nn.Module, way: str, x: Tensor) -> Tensor:
    """The block's output, its norms with the statistics of what comes to them."""
    if not isinstance(block, PlainBlock):
        y: Tensor = block(x)
        return y
    for module in block.branch:
        if isinstance(module, nn.BatchNorm2d):
            _settle(module, x, back=way == "matched")
        x = module(x)
    return block.after(x)


def _settle(norm: nn.BatchNorm2d, x: Tensor, back: bool) -> None:
    """Statistics of `x` (N, C, H, W) by channel; `back`: γ and β give it its own spread and mean again."""
    variance, mean = torch.var_mean(x, (0, 2, 3), correction=0)
    norm.get_buffer("running_mean").copy_(mean)
    norm.get_buffer("running_var").copy_(variance)
    if back:
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.copy_(mean)
