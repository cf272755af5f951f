"""The layers of a net, counted from its spec without torch: names, shapes, parameters, multiply-adds.

Pages draw and count with this while a slider moves; tests hold that every row equals the real module. Depth is counted
as the paper does: the weighted layers on the main path; projections of shortcuts are listed but not counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from resnet.specs import NetSpec

STAGES = 3


@dataclass(frozen=True)
class Layer:
    """One operation: `name` as in the module tree, output `shape` (C, H, W), multiply-adds for one image."""

    name: str
    stage: str
    block: int
    operation: str
    shape: tuple[int, int, int]
    kernel: int
    stride: int
    parameters: int
    multiply_adds: int


def stage_widths(spec: NetSpec) -> tuple[int, int, int]:
    """Channels of the three stages: doubled where the size is halved, so that the cost a layer stays the same."""
    return spec.width, 2 * spec.width, 4 * spec.width


def block_names(spec: NetSpec) -> tuple[str, ...]:
    """``stage1.block1`` … in the order of the signal."""
    counts = enumerate(spec.blocks, start=1)
    return tuple(f"stage{stage}.block{block}" for stage, count in counts for block in range(1, count + 1))


def output_names(spec: NetSpec) -> tuple[str, ...]:
    """The modules whose outputs are probed: the stem and every block."""
    return ("stem", *block_names(spec))


def weight_names(spec: NetSpec) -> tuple[str, ...]:
    """The weighted layers on the main path, as many as the depth says."""
    convs = (f"{block}.conv{number}" for block in block_names(spec) for number in (1, 2))
    return ("stem.conv", *convs, "head.fc")


def layer_table(spec: NetSpec, channels: int = 3, classes: int = 10, size: int = 32) -> list[Layer]:
    """Every layer that computes, in the order of the signal, for square images of `size` pixels."""
    widths = stage_widths(spec)
    side = _halved(size, spec.stem_stride)
    rows = list(_conv(spec, "stem", "conv", "norm", channels, widths[0], side, 3, spec.stem_stride))
    rows.append(_plain_row("stem.act", spec.activation, (widths[0], side, side)))
    inputs = widths[0]
    for name in block_names(spec):
        outputs = widths[int(name[5]) - 1]
        stride = 2 if outputs != inputs else 1
        side = _halved(side, stride)
        rows += _block(spec, name, inputs, outputs, side, stride)
        inputs = outputs
    rows.append(_plain_row("head.pool", "average", (inputs, 1, 1)))
    cost = inputs * classes
    rows.append(Layer("head.fc", "head", 0, "linear", (classes, 1, 1), 1, 1, cost + classes, cost))
    return rows


def _block(spec: NetSpec, name: str, inputs: int, outputs: int, side: int, stride: int) -> Iterator[Layer]:
    shape = (outputs, side, side)
    yield from _conv(spec, name, "conv1", "norm1", inputs, outputs, side, 3, stride)
    yield _plain_row(f"{name}.act1", spec.activation, shape)
    yield from _conv(spec, name, "conv2", "norm2", outputs, outputs, side, 3, 1)
    if spec.block == "residual":
        if stride == 2 and spec.shortcut == "B":
            yield from _conv(spec, f"{name}.shortcut", "conv", "norm", inputs, outputs, side, 1, stride)
        elif stride == 2:
            yield _plain_row(f"{name}.shortcut", "zero padding", shape)
        yield _plain_row(f"{name}.add", "add", shape)
    yield _plain_row(f"{name}.act2", spec.activation, shape)


def _conv(
    spec: NetSpec, parent: str, conv: str, norm: str, inputs: int, outputs: int, side: int, kernel: int, stride: int
) -> Iterator[Layer]:
    weights = inputs * outputs * kernel**2
    normed = spec.norm == "batch"
    shape = (outputs, side, side)
    stage, block = _place(parent)
    bias = 0 if normed else outputs
    yield Layer(f"{parent}.{conv}", stage, block, "conv", shape, kernel, stride, weights + bias, weights * side * side)
    if normed:
        yield Layer(f"{parent}.{norm}", stage, block, "batch norm", shape, 1, 1, 2 * outputs, 0)


def _plain_row(name: str, operation: str, shape: tuple[int, int, int]) -> Layer:
    return Layer(name, *_place(name), operation, shape, 1, 1, 0, 0)


def _place(name: str) -> tuple[str, int]:
    """("stage2", 3) from ``stage2.block3.conv1``; ("stem", 0) from ``stem.conv``."""
    stage, *rest = name.split(".")
    return stage, int(rest[0].removeprefix("block")) if rest and rest[0].startswith("block") else 0


def _halved(side: int, stride: int) -> int:
    return -(-side // stride)
