"""What a net is made of, described once, as data and without torch: the operations of stem, block and head.

`blocks` builds modules from it, `layers` counts it and `export.code` writes it as text; each of the three has one entry
for every `kind` of operation. What differs from block to block has a name here ("inputs", "width", "outputs",
"stride", "survival"): builder and counter put numbers in its place, the exported code has a variable of that name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from resnet.specs import NetSpec

EXPANSION = {"basic": 1, "bottleneck": 4}  # channels that a block hands on, per channel of its 3x3 convolution
GROUP = 4  # channels of one group of group norm, where the channels can be divided by it
DROPOUT = 0.5  # of the dropout shortcut. Source: He et al. 2016, Sec. 3.1
SQRT2 = 2**0.5
# What an activation makes of the signal's size: √2 for the kin of ReLU, which pass half of it (Xiao et al. 2018).
GAINS = {
    "relu": SQRT2,
    "leaky": SQRT2,
    "prelu": SQRT2,
    "elu": SQRT2,
    "gelu": SQRT2,
    "silu": SQRT2,
    "tanh": 1.0,
    "sigmoid": 1.0,
}

RESIZED = "resized"  # `Operation.where`: only in blocks whose input and output differ
INNER = "inner"  # in every block but the first: the stem has just done the same
Size = int | str  # a number, or the name of one that differs from block to block


@dataclass(frozen=True)
class Operation:
    """One operation; its `name` is that of its module, its `kind` the key under which each reader knows it.

    `value` is the factor, probability or survival of those that have one; without a `where` it stands in every block.
    """

    name: str
    kind: str
    inputs: Size = 0
    outputs: Size = 0
    kernel: int = 1
    stride: Size = 1
    bias: bool = False
    value: float | str = 0.0
    where: str = ""

    def at(self, numbers: Mapping[str, Any]) -> "Placed":
        """The same operation with numbers for names."""
        named = {key: numbers[value] for key, value in vars(self).items() if key in _SIZES and isinstance(value, str)}
        return Placed(**{**vars(self), **named})


@dataclass(frozen=True)
class Placed(Operation):
    """An operation in its place in a net: numbers only."""

    inputs: int = 0
    outputs: int = 0
    stride: int = 1
    value: float = 0.0


Operations = tuple[Operation, ...]
_SIZES = ("inputs", "outputs", "stride", "value")


@dataclass(frozen=True)
class Shortcut:
    """The `path` past a branch: nothing on it is the identity. A `gate` g(x) lets 1 - g(x) of it pass.

    The gate is the shortcut's own, or `shared`: then the branch is multiplied by g(x). `scale` ends the branch.
    """

    path: Operations
    gate: Operations = ()
    shared: bool = False
    scale: Operations = ()


@dataclass(frozen=True)
class Description:
    """The parts of a net. A block is after(branch), or with a shortcut after(branch + shortcut)."""

    stem: Operations
    branch: Operations
    shortcut: Shortcut | None
    after: Operations
    head: Operations

    @property
    def parts(self) -> Operations:
        """Every operation of the description."""
        past = (*self.shortcut.gate, *self.shortcut.path) if self.shortcut else ()
        return (*self.stem, *self.branch, *past, *self.after, *self.head)


@lru_cache(maxsize=256)
def describe(spec: NetSpec) -> Description:
    """What the net of that spec is made of; a name that has no description here raises KeyError."""
    shortcut = BLOCKS[spec.block](spec)
    branch, after = _branch(spec)
    ends = (*(shortcut.scale if shortcut else ()), *_dropped(spec))
    return Description(FAMILIES[spec.family](spec), (*branch, *ends), shortcut, after, _head(spec))


# --- shortcuts: how the input gets past the branch


def _projection(spec: NetSpec, where: str = "") -> Operations:
    """A 1x1 convolution and norm. Source: He et al. 2015, Eq. 2."""
    conv = Operation("conv", "conv", "inputs", "outputs", stride="stride", bias=spec.norm == "none")
    return replace(conv, where=where), Operation("norm", spec.norm, "outputs", "outputs", where=where)


_RESIZE = Operation("resize", "pad", "inputs", "outputs", stride="stride", where=RESIZED)  # option A
_BARE = Operation("conv", "conv", "inputs", "outputs", stride="stride", bias=True)
_GATE = (_BARE, Operation("act", "sigmoid", "outputs", "outputs"))  # g(x) = σ(W_g x + b_g), one value per output


def _scaled(spec: NetSpec) -> Shortcut:
    shortcut, branch = (Operation("scale", "scale", value=by) for by in (spec.shortcut_scale, spec.branch_scale))
    return Shortcut((_RESIZE, shortcut), scale=(branch,))


SHORTCUTS: dict[str, Callable[[NetSpec], Shortcut]] = {
    "A": lambda _spec: Shortcut((_RESIZE,)),
    "B": lambda spec: Shortcut(_projection(spec, RESIZED)),
    "C": lambda spec: Shortcut(_projection(spec)),
    "scale": _scaled,
    "exclusive": lambda _spec: Shortcut((_RESIZE,), _GATE, shared=True),
    "gate": lambda _spec: Shortcut((_RESIZE,), _GATE),
    "conv": lambda _spec: Shortcut((_BARE,)),
    "dropout": lambda _spec: Shortcut((_RESIZE, Operation("dropout", "dropout", value=DROPOUT))),
}
BLOCKS: dict[str, Callable[[NetSpec], Shortcut | None]] = {
    "plain": lambda _spec: None,
    "residual": lambda spec: SHORTCUTS[spec.shortcut](spec),
}


# --- branches: convolutions, and what stands around each


@dataclass(frozen=True)
class Order:
    """The `pattern` of every convolution; those of its last that stand `after` the addition.

    What stands `before` the first block's first convolution, the stem has done already, and the head does once more.
    """

    pattern: tuple[str, ...]
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


ORDERS = {  # Source: He et al. 2016, Fig. 4 and appendix
    "original": Order(("conv", "norm", "act"), after=("act",)),
    "norm_after": Order(("conv", "norm", "act"), after=("norm", "act")),
    "act_before": Order(("conv", "norm", "act")),
    "act_only": Order(("act", "conv", "norm"), before=("act",)),
    "preact": Order(("norm", "act", "conv"), before=("norm", "act")),
}

Convolution = tuple[Size, Size, int, Size]  # channels in and out, kernel, stride
STRIDES: dict[str, tuple[Size, Size]] = {"3x3": (1, "stride"), "1x1": ("stride", 1)}  # of a bottleneck's first two
BRANCHES: dict[str, Callable[[NetSpec], tuple[Convolution, ...]]] = {
    "basic": lambda _spec: (("inputs", "width", 3, "stride"), ("width", "outputs", 3, 1)),
    "bottleneck": lambda spec: (
        ("inputs", "width", 1, STRIDES[spec.stride_at][0]),
        ("width", "width", 3, STRIDES[spec.stride_at][1]),
        ("width", "outputs", 1, 1),
    ),
}


def _branch(spec: NetSpec) -> tuple[Operations, Operations]:
    """The operations of a branch, conv1, norm1, act1 …, and those of its last convolution behind the addition."""
    order, convolutions = ORDERS[spec.order], BRANCHES[spec.branch](spec)
    branch: list[Operation] = []
    after: list[Operation] = []
    for number, convolution in enumerate(convolutions, start=1):
        for kind in order.pattern:
            where = INNER if number == 1 and kind in order.before else ""
            operation = replace(_around(spec, kind, convolution), name=f"{kind}{number}", where=where)
            last = number == len(convolutions) and kind in order.after
            (after if last else branch).append(operation)
    return tuple(branch), tuple(after)


def _around(spec: NetSpec, kind: str, convolution: Convolution) -> Operation:
    """A convolution, its norm or its activation; what stands in front of it has the channels of its input."""
    inputs, outputs, kernel, stride = convolution
    if kind == "conv":
        return Operation(kind, "conv", inputs, outputs, kernel, stride, spec.norm == "none")
    pattern = ORDERS[spec.order].pattern
    channels = inputs if pattern.index(kind) < pattern.index("conv") else outputs
    return Operation(kind, {"norm": spec.norm, "act": spec.activation}[kind], channels, channels)


def _dropped(spec: NetSpec) -> Operations:
    return (Operation("drop", "drop", value="survival"),) if spec.survival < 1 else ()


# --- stem and head


def _stem(spec: NetSpec, kernel: int, stride: int) -> Operations:
    conv = Operation("conv", "conv", "channels", spec.width, kernel, stride, spec.norm == "none")
    operations = [conv, Operation("norm", spec.norm, spec.width, spec.width)]
    operations += [Operation("act", spec.activation, spec.width, spec.width)] if spec.stem_activation else []
    return tuple(operations)


FAMILIES: dict[str, Callable[[NetSpec], Operations]] = {
    "cifar": lambda spec: _stem(spec, 3, spec.stem_stride),
    "imagenet": lambda spec: (*_stem(spec, 7, 2), Operation("pool", "pool", kernel=3, stride=2)),
}


def _head(spec: NetSpec) -> Operations:
    """With pre-activation the last block's norm and activation; mean over the map, one layer, logits."""
    channels = spec.width * 2 ** (len(spec.blocks) - 1) * EXPANSION[spec.branch]
    kinds = {"norm": spec.norm, "act": spec.activation}
    operations = [Operation(name, kinds[name], channels, channels) for name in ORDERS[spec.order].before]
    operations += [Operation("pool", "average"), Operation("flatten", "flatten")]
    operations += [Operation("fc", "linear", channels, "classes", bias=True)]
    return (*operations, *([Operation("softmax", "softmax")] if spec.softmax else []))
