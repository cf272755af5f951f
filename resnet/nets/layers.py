"""The layers of a net, counted from its spec without torch: names, shapes, parameters, multiply-adds.

Pages draw and count with this while a slider moves; `network` builds from the same shapes and orders, and tests hold
that every row equals the real module. Depth is counted as the paper does: the weighted layers on the main path;
shortcuts and gates are listed but not counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from resnet.catalog import ACTIVATIONS, NORMS
from resnet.i18n import N_, _
from resnet.specs import CONVOLUTIONS, NetSpec

EXPANSION = {"basic": 1, "bottleneck": 4}  # channels that a block hands on, per channel of its 3x3 convolution
GROUP = 4  # channels of one group of group norm, where the channels can be divided by it
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


def branch_order(spec: NetSpec, first: bool = False) -> tuple[str, ...]:
    """The operations of a branch in their order, e.g. ``("conv1", "norm1", "act1", "conv2", "norm2")``.

    With pre-activation the `first` block begins with its convolution, since the stem has just normalised and activated.
    Source: He et al. 2016, Fig. 4 and appendix.
    """
    count = CONVOLUTIONS[spec.branch]
    pattern = {"preact": ("norm", "act", "conv"), "act_only": ("act", "conv", "norm")}.get(
        spec.order, ("conv", "norm", "act")
    )
    names = [f"{kind}{number}" for number in range(1, count + 1) for kind in pattern]
    after = after_order(spec)
    skipped = {"preact": {"norm1", "act1"}, "act_only": {"act1"}}.get(spec.order, set()) if first else set()
    return tuple(name for name in names if name not in after and name not in skipped)


def after_order(spec: NetSpec) -> tuple[str, ...]:
    """What follows the addition (in a plain net: the branch)."""
    last = CONVOLUTIONS[spec.branch]
    return {"original": (f"act{last}",), "norm_after": (f"norm{last}", f"act{last}")}.get(spec.order, ())


def head_order(spec: NetSpec) -> tuple[str, ...]:
    """What stands between the last block and the pooling: with pre-activation the last block's norm and activation."""
    return {"preact": ("norm", "act"), "act_only": ("act",)}.get(spec.order, ())


def kernels(spec: NetSpec, shape: BlockShape) -> list[tuple[int, int, int, int]]:
    """(channels in, channels out, kernel, stride) of the convolutions of a branch."""
    if spec.branch == "basic":
        return [(shape.inputs, shape.width, 3, shape.stride), (shape.width, shape.outputs, 3, 1)]
    strides = (shape.stride, 1) if spec.stride_at == "1x1" else (1, shape.stride)
    return [
        (shape.inputs, shape.width, 1, strides[0]),
        (shape.width, shape.width, 3, strides[1]),
        (shape.width, shape.outputs, 1, 1),
    ]


def block_names(spec: NetSpec) -> tuple[str, ...]:
    """``stage1.block1`` … in the order of the signal."""
    counts = enumerate(spec.blocks, start=1)
    return tuple(f"stage{stage}.block{block}" for stage, count in counts for block in range(1, count + 1))


def output_names(spec: NetSpec) -> tuple[str, ...]:
    """The modules whose outputs are probed: the stem and every block."""
    return ("stem", *block_names(spec))


def weight_names(spec: NetSpec) -> tuple[str, ...]:
    """The weighted layers on the main path, as many as the depth says."""
    numbers = range(1, CONVOLUTIONS[spec.branch] + 1)
    convs = (f"{block}.branch.conv{number}" for block in block_names(spec) for number in numbers)
    return ("stem.conv", *convs, "head.fc")


def response_names(spec: NetSpec) -> tuple[str, ...]:
    """The modules whose outputs are the responses of He et al. 2015, Fig. 7: after the norm, before what follows.

    Where no norm follows a convolution at once, its own output.
    """
    normed = spec.norm != "none"
    names = ["stem.norm" if normed else "stem.conv"]
    for shape in block_shapes(spec):
        order = branch_order(spec, shape.first)
        follows = dict(pairwise(order))
        for name in order:
            if name.startswith("conv"):
                response = follows.get(name, "") if normed and follows.get(name, "").startswith("norm") else name
                names.append(f"{shape.name}.branch.{response}")
    return tuple(names)


def activation_names(spec: NetSpec) -> tuple[str, ...]:
    """Every activation on the main path, in the order of the signal."""
    names = ["stem.act"] if spec.stem_activation else []
    for shape in block_shapes(spec):
        names += [f"{shape.name}.branch.{name}" for name in branch_order(spec, shape.first) if name.startswith("act")]
        names += [f"{shape.name}.after.{name}" for name in after_order(spec) if name.startswith("act")]
    return (*names, *(f"head.{name}" for name in head_order(spec) if name == "act"))


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


def layer_table(spec: NetSpec, channels: int = 3, classes: int = 10, size: int = 32) -> list[Layer]:
    """Every layer that computes, in the order of the signal, for square images of `size` pixels."""
    walk = _Walk(spec, (channels, size, size))
    walk.stem()
    for shape in block_shapes(spec):
        walk.block(shape)
    walk.head(spec.classes or classes)
    return walk.rows


class _Walk:
    """Follows the signal through a net and notes a row for every operation."""

    def __init__(self, spec: NetSpec, image: tuple[int, int, int]) -> None:
        self.spec = spec
        self.rows: list[Layer] = []
        self.at = Layer("image", "image", 0, "", image, 1, 1, 0, 0)  # the output that the next operation reads
        self.jump = 1  # pixels of the image between two neighbouring outputs

    def stem(self) -> None:
        spec = self.spec
        kernel, stride = (7, 2) if spec.family == "imagenet" else (3, spec.stem_stride)
        self.conv("stem.conv", spec.width, kernel, stride)
        self.norm("stem.norm")
        if spec.stem_activation:
            self.activation("stem.act")
        if spec.family == "imagenet":
            self.row("stem.pool", "pool", kernel=3, stride=2)

    def block(self, shape: BlockShape) -> None:
        spec, start, jump = self.spec, self.at, self.jump
        kernel = iter(kernels(spec, shape))
        for name in branch_order(spec, shape.first):
            self.operation(f"{shape.name}.branch.{name}", kernel)
        if spec.shortcut == "scale":
            self.row(f"{shape.name}.branch.scale", "scale")
        if spec.survival < 1:
            self.row(f"{shape.name}.branch.drop", "drop")
        if spec.block == "residual":
            end = (self.at, self.jump)
            self.at, self.jump = start, jump
            self.shortcut(shape)
            self.at, self.jump = end
            self.row(f"{shape.name}.add", "add")
        for name in after_order(spec):
            self.operation(f"{shape.name}.after.{name}", kernel)

    def shortcut(self, shape: BlockShape) -> None:
        """The rows of the path past the branch; the plain identity has none."""
        name, kind = f"{shape.name}.shortcut", self.spec.shortcut
        if kind in ("B", "C") and (shape.resized or kind == "C"):
            self.conv(f"{name}.conv", shape.outputs, 1, shape.stride)
            self.norm(f"{name}.norm")
        elif kind == "conv":
            self.conv(f"{name}.conv", shape.outputs, 1, shape.stride, bias=True)
        elif kind in ("gate", "exclusive"):
            gate = f"{shape.name}.gate" if kind == "exclusive" else f"{name}.gate"
            start, jump = self.at, self.jump
            self.conv(f"{gate}.conv", shape.outputs, 1, shape.stride, bias=True)
            self.row(f"{gate}.act", "sigmoid")
            self.at, self.jump = start, jump
            self.resize(shape, name if kind == "exclusive" else f"{name}.resize")
        elif kind in ("scale", "dropout"):
            self.resize(shape, f"{name}.resize")
            self.row(f"{name}.{kind}", kind)
        else:
            self.resize(shape, name)

    def resize(self, shape: BlockShape, name: str) -> None:
        """Zero padding where the size changes."""
        if shape.resized:
            _channels, height, width = self.at.shape
            sides = _divided(height, shape.stride), _divided(width, shape.stride)
            self.row(name, "pad", shape=(shape.outputs, *sides), stride=shape.stride)

    def head(self, classes: int) -> None:
        for name in head_order(self.spec):
            self.operation(f"head.{name}", iter(()))
        channels, height, _width = self.at.shape
        self.row("head.pool", "average", shape=(channels, 1, 1))
        self.at = replace(self.at, receptive_field=self.at.receptive_field + (height - 1) * self.jump)
        self.rows[-1] = self.at
        cost = channels * classes
        self.row("head.fc", "linear", shape=(classes, 1, 1), parameters=cost + classes, multiply_adds=cost)
        if self.spec.softmax:
            self.row("head.softmax", "softmax")

    def operation(self, name: str, kernel: Iterator[tuple[int, int, int, int]]) -> None:
        """conv1, norm2, act3 … by their name; convolutions take their shape from `kernel`."""
        kind = name.rsplit(".", 1)[1].rstrip("0123456789")
        if kind == "conv":
            _inputs, outputs, side, stride = next(kernel)
            self.conv(name, outputs, side, stride)
        elif kind == "norm":
            self.norm(name)
        else:
            self.activation(name)

    def conv(self, name: str, outputs: int, kernel: int, stride: int, bias: bool = False) -> None:
        inputs, height, width = self.at.shape
        shape = (outputs, _divided(height, stride), _divided(width, stride))
        weights = inputs * outputs * kernel**2
        parameters = weights + (outputs if bias or self.spec.norm == "none" else 0)
        self.row(name, "conv", shape, kernel, stride, parameters, weights * shape[1] * shape[2])

    def norm(self, name: str) -> None:
        if self.spec.norm != "none":
            self.row(name, self.spec.norm, parameters=2 * self.at.shape[0])

    def activation(self, name: str) -> None:
        self.row(name, self.spec.activation, parameters=int(self.spec.activation == "prelu"))

    def row(
        self,
        name: str,
        operation: str,
        shape: tuple[int, int, int] | None = None,
        kernel: int = 1,
        stride: int = 1,
        parameters: int = 0,
        multiply_adds: int = 0,
    ) -> None:
        """Note one operation on the present output; without a `shape` it keeps the channels."""
        channels, height, width = self.at.shape
        shape = shape or (channels, _divided(height, stride), _divided(width, stride))
        field = self.at.receptive_field + (kernel - 1) * self.jump
        self.jump *= stride
        self.at = Layer(name, *_place(name), operation, shape, kernel, stride, parameters, multiply_adds, field)
        self.rows.append(self.at)


def _place(name: str) -> tuple[str, int]:
    """("stage2", 3) from ``stage2.block3.branch.conv1``; ("stem", 0) from ``stem.conv``."""
    stage, rest, *_more = name.split(".")
    return stage, int(rest[5:]) if rest.startswith("block") else 0


def _divided(side: int, stride: int) -> int:
    return -(-side // stride)
