"""The layers of a net, counted from its description without torch: names, shapes, parameters, multiply-adds.

Pages draw and count with this while a slider moves; `network` builds from the same description, and tests hold that
every row equals the real module. Depth is counted as the paper does: the weighted layers on the main path; shortcuts
and gates are listed but not counted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from resnet.catalog import ACTIVATIONS, NORMS
from resnet.i18n import N_, _
from resnet.nets.description import Description, Placed, Shortcut, describe
from resnet.nets.structure import BlockShape, block_shapes
from resnet.specs import NetSpec

OPERATIONS = {
    "conv": N_("conv"),
    "pool": N_("max pool"),
    "average": N_("average"),
    "linear": N_("linear"),
    "add": N_("add"),
    "pad": N_("zero padding"),
    "scale": N_("times a constant"),
    "dropout": N_("dropout"),
    "drop": N_("stochastic depth"),
    "softmax": N_("softmax"),
    **{record.name: record.label for record in (*NORMS.values(), *ACTIVATIONS.values())},
}


@dataclass(frozen=True)
class Layer:
    """One operation: `name` as in the module tree, output `shape` (C, H, W), multiply-adds for one image.

    `receptive_field` is the side, in pixels of the image, of what one output value can see.
    """

    name: str
    stage: str
    block: int
    operation: str
    shape: tuple[int, int, int]
    kernel: int
    stride: int
    parameters: int
    multiply_adds: int
    receptive_field: int = 1

    @property
    def size(self) -> int:
        """Values of the output for one image."""
        channels, height, width = self.shape
        return channels * height * width

    @property
    def label(self) -> str:
        """The operation in words."""
        return _(OPERATIONS[self.operation])


Shape = tuple[int, int, int]


def layer_table(spec: NetSpec, channels: int = 3, classes: int = 10, size: int = 32) -> list[Layer]:
    """Every layer that computes, in the order of the signal, for square images of `size` pixels."""
    walk = _Walk((channels, size, size))
    parts, ends = describe(spec), {"channels": channels, "classes": spec.classes or classes}
    walk.along("stem", (operation.at(ends) for operation in parts.stem))
    for shape in block_shapes(spec):
        walk.block(shape, parts)
    walk.along("head", (operation.at(ends) for operation in parts.head))
    return walk.rows


@dataclass(frozen=True)
class Count:
    """What an operation makes of its input: the output's `shape`, and the side of what one output value `sees`."""

    shape: Shape
    parameters: int = 0
    multiply_adds: int = 0
    sees: int = 1


def _conv(operation: Placed, shape: Shape) -> Count:
    made = (operation.outputs, *_divided(shape, operation.stride))
    weights = operation.inputs * operation.outputs * operation.kernel**2
    biases = operation.outputs if operation.bias else 0
    return Count(made, weights + biases, weights * made[1] * made[2], operation.kernel)


def _linear(operation: Placed, _shape: Shape) -> Count:
    weights = operation.inputs * operation.outputs
    return Count((operation.outputs, 1, 1), weights + operation.outputs, weights)


def _same(_operation: Placed, shape: Shape) -> Count:
    return Count(shape)


def _norm(operation: Placed, shape: Shape) -> Count:
    return Count(shape, parameters=2 * operation.outputs)


COUNTS: dict[str, Callable[[Placed, Shape], Count] | None] = {  # None: no number changes, and the table has no row
    "conv": _conv,
    "pool": lambda pool, shape: Count((shape[0], *_divided(shape, pool.stride)), sees=pool.kernel),
    "average": lambda _average, shape: Count((shape[0], 1, 1), sees=shape[1]),
    "flatten": None,
    "linear": _linear,
    "softmax": _same,
    "pad": lambda pad, shape: Count((pad.outputs, *_divided(shape, pad.stride))),
    "scale": _same,
    "dropout": _same,
    "drop": _same,
    "batch": _norm,
    "group": _norm,
    "layer": _norm,
    "none": None,
    "relu": _same,
    "leaky": _same,
    "prelu": lambda _prelu, shape: Count(shape, parameters=1),
    "elu": _same,
    "gelu": _same,
    "silu": _same,
    "tanh": _same,
    "sigmoid": _same,
}


@dataclass(frozen=True)
class _Signal:
    """The output that the next operation reads: `jump` is the way in the image from one value to the next."""

    shape: Shape
    field: int = 1
    jump: int = 1


class _Walk:
    """Follows the signal through a net and notes a row for every operation."""

    def __init__(self, image: Shape) -> None:
        self.rows: list[Layer] = []
        self.at = _Signal(image)

    def block(self, shape: BlockShape, parts: Description) -> None:
        start = self.at
        self.along(f"{shape.name}.branch", shape.placed(parts.branch))
        if parts.shortcut:
            end, self.at = self.at, start
            self.past(shape, parts.shortcut)
            self.at = end
            self.row(f"{shape.name}.add", "add", Count(end.shape))
        self.along(f"{shape.name}.after", shape.placed(parts.after))

    def past(self, shape: BlockShape, shortcut: Shortcut) -> None:
        """The rows of the path past the branch; the plain identity has none."""
        start, own = self.at, bool(shortcut.gate) and not shortcut.shared
        self.along(f"{shape.name}.shortcut.gate" if own else f"{shape.name}.gate", shape.placed(shortcut.gate))
        self.at = start
        self.along(f"{shape.name}.shortcut.path" if own else f"{shape.name}.shortcut", shape.placed(shortcut.path))

    def along(self, part: str, operations: Iterable[Placed]) -> None:
        """One operation after the other."""
        for operation in operations:
            count = COUNTS[operation.kind]
            if count:
                made = count(operation, self.at.shape)
                self.row(f"{part}.{operation.name}", operation.kind, made, operation.kernel, operation.stride)

    def row(self, name: str, kind: str, made: Count, kernel: int = 1, stride: int = 1) -> None:
        """Note one operation on the present output."""
        field = self.at.field + (made.sees - 1) * self.at.jump
        costs = made.parameters, made.multiply_adds
        self.rows.append(Layer(name, *_place(name), kind, made.shape, kernel, stride, *costs, field))
        self.at = _Signal(made.shape, field, self.at.jump * stride)


def _place(name: str) -> tuple[str, int]:
    """("stage2", 3) from ``stage2.block3.branch.conv1``; ("stem", 0) from ``stem.conv``."""
    stage, rest, *_more = name.split(".")
    return stage, int(rest[5:]) if rest.startswith("block") else 0


def _divided(shape: Shape, stride: int) -> tuple[int, int]:
    """Height and width behind a stride."""
    return -(-shape[1] // stride), -(-shape[2] // stride)
