"""How each operation of a net is written as PyTorch code, and the definitions that some of them need."""

from dataclasses import dataclass

from resnet.nets.description import GROUP, Operation


@dataclass(frozen=True)
class Code:
    """The `call` with the operation's fields in their places; `needs` is defined above it; `remark` stands behind."""

    call: str
    needs: str = ""
    remark: str = ""


PAD = '''
class Pad(nn.Module):
    """Every `stride`-th pixel; new channels are zero."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.new, self.stride = outputs - inputs, stride

    def forward(self, x):
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new))
'''
SCALE = """
class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * x
"""
DROP = '''
class DropBranch(nn.Module):
    """Stochastic depth: while training, the branch survives a step with this probability."""

    def __init__(self, survival):
        super().__init__()
        self.survival = survival

    def forward(self, x):
        if not self.training or self.survival == 1:
            return x
        return x * x.new_empty([1] * x.ndim).bernoulli_(self.survival).div_(self.survival)
'''
GROUP_NORM = f'''
def group_norm(channels):
    """Groups of {GROUP} channels, or of fewer where they do not divide."""
    size = next(size for size in ({GROUP}, 2, 1) if channels % size == 0)
    return nn.GroupNorm(channels // size, channels)
'''
CONV = """
def conv(inputs, outputs, kernel, stride, bias=False):
    return nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=bias)
"""
# For nets with a 1x1 convolution that has a stride: see nets.blocks.Pointwise.
POINTWISE_CONV = '''
class Pointwise(nn.Conv2d):
    """Takes every `stride`-th pixel first: the same numbers, round a fault of oneDNN in few channels, channels last."""

    def forward(self, x):
        return F.conv2d(x[:, :, :: self.stride[0], :: self.stride[1]], self.weight, self.bias)


def conv(inputs, outputs, kernel, stride, bias=False):
    kind = Pointwise if kernel == 1 and stride > 1 else nn.Conv2d
    return kind(inputs, outputs, kernel, stride, padding=kernel // 2, bias=bias)
'''
GATED = '''
class Gated(nn.Module):
    """(1 - g(x)) path(x)."""

    def __init__(self, gate, path):
        super().__init__()
        self.gate = gate
        self.path = path

    def forward(self, x):
        return (1 - self.gate(x)) * self.path(x)
'''

CODE = {
    "conv": Code("conv({op.inputs}, {op.outputs}, {op.kernel}, {op.stride}{bias})"),
    "pool": Code("nn.MaxPool2d({op.kernel}, {op.stride}, padding={padding})"),
    "average": Code("nn.AdaptiveAvgPool2d(1)"),
    "flatten": Code("nn.Flatten()"),
    "linear": Code("nn.Linear({op.inputs}, {op.outputs})"),
    "softmax": Code("nn.Softmax(dim=1)", remark="a fault: cross-entropy applies it again"),
    "pad": Code("Pad({op.inputs}, {op.outputs}, {op.stride})", PAD),
    "scale": Code("Scale({op.value})", SCALE),
    "dropout": Code("nn.Dropout({op.value})"),
    "drop": Code("DropBranch({op.value})", DROP),
    "batch": Code("nn.BatchNorm2d({op.outputs})"),
    "group": Code("group_norm({op.outputs})", GROUP_NORM),
    "layer": Code("nn.GroupNorm(1, {op.outputs})"),
    "none": Code("nn.Identity()"),
    "relu": Code("nn.ReLU()"),
    "leaky": Code("nn.LeakyReLU()"),
    "prelu": Code("nn.PReLU()"),
    "elu": Code("nn.ELU()"),
    "gelu": Code("nn.GELU()"),
    "silu": Code("nn.SiLU()"),
    "tanh": Code("nn.Tanh()"),
    "sigmoid": Code("nn.Sigmoid()"),
}


def call(operation: Operation) -> str:
    """The expression that makes the operation's module."""
    bias = ", bias=True" if operation.bias else ""
    return CODE[operation.kind].call.format(op=operation, bias=bias, padding=operation.kernel // 2)


def remark(operation: Operation) -> str:
    """The comment behind that expression, empty for most."""
    said = CODE[operation.kind].remark
    return f"  # {said}" if said else ""


def definitions(operations: tuple[Operation, ...]) -> list[str]:
    """What stands above a net of these operations, each once."""
    strided = any(
        operation.kernel == 1 and operation.stride != 1 for operation in operations if operation.kind == "conv"
    )
    needed = [CODE[operation.kind].needs for operation in operations]
    return [POINTWISE_CONV if strided else CONV, *dict.fromkeys(text for text in needed if text)]
