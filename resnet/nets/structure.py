"""The blocks of a net and the names of its layers, from its description, without torch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from resnet.nets.description import EXPANSION, INNER, RESIZED, Operation, Placed, describe
from resnet.specs import NetSpec


@dataclass(frozen=True)
class BlockShape:
    """What distinguishes one block from the next: channels in, of its 3x3, and out; `survival` of its branch."""

    name: str
    inputs: int
    width: int
    outputs: int
    stride: int
    first: bool
    survival: float

    @property
    def resized(self) -> bool:
        """Whether input and output differ, so that the shortcut cannot be the identity."""
        return self.inputs != self.outputs or self.stride > 1

    def placed(self, operations: Iterable[Operation]) -> list[Placed]:
        """Those of the operations that stand in this block, with its numbers."""
        stands = {"": True, RESIZED: self.resized, INNER: not self.first}
        return [operation.at(vars(self)) for operation in operations if stands[operation.where]]


def stage_widths(spec: NetSpec) -> tuple[int, ...]:
    """Channels of each stage's 3x3 convolutions: doubled where the size is halved, so that a layer costs the same."""
    return tuple(spec.width * 2**stage for stage in range(len(spec.blocks)))


def block_shapes(spec: NetSpec) -> Iterator[BlockShape]:
    """Every block, in the order of the signal.

    Survival falls linearly: p_l = 1 - l/L (1 - p_L). Source: Huang et al. 2016, Eq. 4.
    """
    inputs, number, count = spec.width, 0, sum(spec.blocks)
    for stage, (blocks, width) in enumerate(zip(spec.blocks, stage_widths(spec), strict=True), start=1):
        for block in range(1, blocks + 1):
            number += 1
            outputs = width * EXPANSION[spec.branch]
            stride = 2 if stage > 1 and block == 1 else 1
            survival = 1 - number / count * (1 - spec.survival)
            yield BlockShape(f"stage{stage}.block{block}", inputs, width, outputs, stride, number == 1, survival)
            inputs = outputs


def after_order(spec: NetSpec) -> tuple[str, ...]:
    """What follows the addition (in a plain net: the branch)."""
    return tuple(operation.name for operation in describe(spec).after)


def block_names(spec: NetSpec) -> tuple[str, ...]:
    """``stage1.block1`` … in the order of the signal."""
    counts = enumerate(spec.blocks, start=1)
    return tuple(f"stage{stage}.block{block}" for stage, count in counts for block in range(1, count + 1))


def output_names(spec: NetSpec) -> tuple[str, ...]:
    """The modules whose outputs are probed: the stem and every block."""
    return ("stem", *block_names(spec))


def weight_names(spec: NetSpec) -> tuple[str, ...]:
    """The weighted layers on the main path, as many as the depth says."""
    convs = [operation.name for operation in describe(spec).branch if operation.kind == "conv"]
    return ("stem.conv", *(f"{block}.branch.{name}" for block in block_names(spec) for name in convs), "head.fc")


def response_names(spec: NetSpec) -> tuple[str, ...]:
    """The modules whose outputs are the responses of He et al. 2015, Fig. 7: after the norm, before what follows.

    Where no norm follows a convolution at once, its own output.
    """
    parts, normed = describe(spec), spec.norm != "none"
    pairs = pairwise((*parts.branch, None))
    names = [
        after.name if normed and after and after.kind == spec.norm else operation.name
        for operation, after in pairs
        if operation and operation.kind == "conv"
    ]
    responses = (f"{block}.branch.{name}" for block in block_names(spec) for name in names)
    return ("stem.norm" if normed else "stem.conv", *responses)


def activation_names(spec: NetSpec) -> tuple[str, ...]:
    """Every activation on the main path, in the order of the signal."""
    parts = describe(spec)
    names = [f"stem.{name}" for name in _acts(parts.stem)]
    for shape in block_shapes(spec):
        names += [f"{shape.name}.branch.{name}" for name in _acts(shape.placed(parts.branch))]
        names += [f"{shape.name}.after.{name}" for name in _acts(parts.after)]
    return (*names, *(f"head.{name}" for name in _acts(parts.head)))


def _acts(operations: Iterable[Operation]) -> list[str]:
    return [operation.name for operation in operations if operation.name.startswith("act")]


PROBED = {
    "block": output_names,
    "gap": block_names,
    "weight": weight_names,
    "response": response_names,
    "activation": activation_names,
}


def probed_names(spec: NetSpec, of: str) -> tuple[str, ...]:
    """The layers that a probe of that kind measures (`catalog.Probe.of`)."""
    return PROBED[of](spec)
