"""A net as a short PyTorch module that needs only torch; its names are ours, so state dicts fit both ways."""

from textwrap import dedent, indent

from resnet.nets.layers import (
    EXPANSION,
    GROUP,
    after_order,
    branch_order,
    head_order,
    layer_table,
)
from resnet.specs import CONVOLUTIONS, NetSpec

_ACTIVATIONS = {
    "relu": "nn.ReLU()",
    "leaky": "nn.LeakyReLU()",
    "prelu": "nn.PReLU()",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
}
_DRAWS = {
    "he": 'nn.init.kaiming_normal_(weight, mode="fan_out", nonlinearity="relu", generator=generator)',
    "he_in": 'nn.init.kaiming_normal_(weight, mode="fan_in", nonlinearity="relu", generator=generator)',
    "xavier": "nn.init.xavier_uniform_(weight, generator=generator)",
    "torch": "uniform(weight, weight, generator)",
    "orthogonal": "nn.init.orthogonal_(weight, {gain}, generator=generator)",
}


def module_code(spec: NetSpec, channels: int = 3, classes: int = 10, size: int = 32) -> str:
    """The text of a Python file: `Net`, `initialise`, and a main part that counts and runs it."""
    parts = [_header(spec, channels, classes, size), _tools(spec), _shortcut(spec), _block(spec)]
    parts += [_net(spec, channels, classes), _initialise(spec), _main(channels, size)]
    return "\n\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _header(spec: NetSpec, channels: int, classes: int, size: int) -> str:
    rows = layer_table(spec, channels, classes, size)
    parameters = sum(row.parameters for row in rows)
    cost = sum(row.multiply_adds for row in rows)
    imports = ["import torch", "from torch import nn"]
    imports += ["from torch.nn import functional as F"] if _pads(spec) else []
    return (
        f'"""{spec}: {spec.depth} weighted layers, {parameters:,} parameters, {cost / 1e6:,.1f} M multiply-adds\n'
        f"for an image of {channels}x{size}x{size}. Written by ResNet Lab; needs only torch.\n"
        f'"""\n\nfrom collections import OrderedDict\n\n' + "\n".join(imports)
    )


def _pads(spec: NetSpec) -> bool:
    return spec.block == "residual" and spec.shortcut not in ("B", "C", "conv")


def _tools(spec: NetSpec) -> str:
    bias = spec.norm == "none"
    text = f"""
    def named(**modules):
        return nn.Sequential(OrderedDict(modules))


    def conv(inputs, outputs, kernel, stride=1, bias={bias}):
        return nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=bias)
    """
    if spec.norm == "group":
        text += f"""

    def norm(channels):
        \"\"\"Groups of {GROUP} channels, or of fewer where they do not divide.\"\"\"
        size = next(size for size in ({GROUP}, 2, 1) if channels % size == 0)
        return nn.GroupNorm(channels // size, channels)
    """
    if spec.survival < 1:
        text += """

    class DropBranch(nn.Module):
        \"\"\"Stochastic depth: while training, the branch survives a step with this probability.\"\"\"

        def __init__(self, survival):
            super().__init__()
            self.survival = survival

        def forward(self, x):
            if not self.training or self.survival == 1:
                return x
            return x * x.new_empty([1] * x.ndim).bernoulli_(self.survival).div_(self.survival)
    """
    return dedent(text)


def _norm(spec: NetSpec, channels: str) -> str:
    return {
        "batch": f"nn.BatchNorm2d({channels})",
        "group": f"norm({channels})",
        "layer": f"nn.GroupNorm(1, {channels})",
        "none": "nn.Identity()",
    }[spec.norm]


_PAD = """
class Pad(nn.Module):
    \"\"\"Every `stride`-th pixel; new channels are zero.\"\"\"

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.new, self.stride = outputs - inputs, stride

    def forward(self, x):
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new))


def resize(inputs, outputs, stride):
    same = inputs == outputs and stride == 1
    return nn.Identity() if same else Pad(inputs, outputs, stride)
"""
_SCALE = """
class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * x
"""
_GATE = """
def gate(inputs, outputs, stride):
    return named(conv=conv(inputs, outputs, 1, stride, bias=True), act=nn.Sigmoid())
"""
_GATED = """
class GatedShortcut(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.gate = gate(inputs, outputs, stride)
        self.resize = resize(inputs, outputs, stride)

    def forward(self, x):
        return (1 - self.gate(x)) * self.resize(x)
"""


def _shortcut(spec: NetSpec) -> str:
    """The function `shortcut(inputs, outputs, stride)` and what it needs."""
    if spec.block == "plain":
        return ""
    projection = f"named(conv=conv(inputs, outputs, 1, stride), norm={_norm(spec, 'outputs')})"
    made = {
        "B": f"nn.Identity() if inputs == outputs and stride == 1 else {projection}",
        "C": projection,
        "scale": f"named(resize=resize(inputs, outputs, stride), scale=Scale({spec.shortcut_scale}))",
        "gate": "GatedShortcut(inputs, outputs, stride)",
        "conv": "named(conv=conv(inputs, outputs, 1, stride, bias=True))",
        "dropout": "named(resize=resize(inputs, outputs, stride), dropout=nn.Dropout(0.5))",
    }.get(spec.shortcut)
    needed = [_PAD] if _pads(spec) else []
    needed += {"scale": [_SCALE], "gate": [_GATE, _GATED], "exclusive": [_GATE]}.get(spec.shortcut, [])
    needed += [f"def shortcut(inputs, outputs, stride):\n    return {made}"] if made else []
    text = "\n\n\n".join(part.strip("\n") for part in needed)
    return text if made else text.replace("def resize", "def shortcut")


def _block(spec: NetSpec) -> str:
    outputs = "4 * width" if spec.branch == "bottleneck" else "width"
    head = "inputs, width, stride" + (", first" if _skips(spec) else "") + (", survival" if spec.survival < 1 else "")
    lines = ["class Block(nn.Module):", f"    def __init__(self, {head}):", "        super().__init__()"]
    lines += [f"        outputs = {outputs}", f"        self.branch = {_branch(spec)}"]
    call = "self.branch(x)"
    if spec.block == "residual" and spec.shortcut == "exclusive":
        lines.append("        self.gate = gate(inputs, outputs, stride)")
    if spec.block == "residual":
        lines.append("        self.shortcut = shortcut(inputs, outputs, stride)")
        call += " + self.shortcut(x)"
    lines += [f"        self.after = named({_listed(spec, after_order(spec), 12)})", "", "    def forward(self, x):"]
    if spec.shortcut == "exclusive":
        lines.append("        g = self.gate(x)")
        call = "g * self.branch(x) + (1 - g) * self.shortcut(x)"
    return "\n".join([*lines, f"        return self.after({call})"])


def _numbered(spec: NetSpec) -> bool:
    """Whether a block must know its number in the net."""
    return _skips(spec) or spec.survival < 1


def _skips(spec: NetSpec) -> bool:
    """Whether the first block's branch begins later than the others'."""
    return branch_order(spec, first=True) != branch_order(spec)


def _branch(spec: NetSpec) -> str:
    extra = {"scale": f"Scale({spec.branch_scale})"} if spec.shortcut == "scale" else {}
    extra |= {"drop": "DropBranch(survival)"} if spec.survival < 1 else {}
    whole = f"named({_listed(spec, branch_order(spec), 12, extra)})"
    if not _skips(spec):
        return whole
    count = len(branch_order(spec)) - len(branch_order(spec, first=True))
    return f"{whole}\n        if first:  # the stem has just done this\n            self.branch = self.branch[{count}:]"


def _listed(spec: NetSpec, names: tuple[str, ...], margin: int, extra: dict[str, str] | None = None) -> str:
    """``conv1=conv(...), norm1=...`` as keyword arguments, one a line where there are several."""
    items = {name: _operation(spec, name) for name in names} | (extra or {})
    if len(items) < 2:
        return ", ".join(f"{name}={text}" for name, text in items.items())
    lines = "".join(f"{name}={text},\n" for name, text in items.items())
    return "\n" + indent(lines, " " * margin) + " " * (margin - 4)


def _operation(spec: NetSpec, name: str) -> str:
    kind, number = name[:-1], int(name[-1])
    if kind == "act":
        return _ACTIVATIONS[spec.activation]
    inputs, outputs, kernel, stride = _convolutions(spec)[number - 1]
    if kind == "norm":
        return _norm(spec, inputs if spec.order == "preact" else outputs)
    return f"conv({inputs}, {outputs}, {kernel}{', ' + stride if stride else ''})"


def _convolutions(spec: NetSpec) -> list[tuple[str, str, int, str]]:
    if spec.branch == "basic":
        return [("inputs", "width", 3, "stride"), ("width", "outputs", 3, "")]
    first, second = ("stride", "") if spec.stride_at == "1x1" else ("", "stride")
    return [("inputs", "width", 1, first), ("width", "width", 3, second), ("width", "outputs", 1, "")]


def _net(spec: NetSpec, channels: int, classes: int) -> str:
    kernel, stride = (7, 2) if spec.family == "imagenet" else (3, spec.stem_stride)
    stem = [f"conv=conv(channels, {spec.width}, {kernel}, {stride}),", f"norm={_norm(spec, str(spec.width))},"]
    stem += [f"act={_ACTIVATIONS[spec.activation]},"] if spec.stem_activation else []
    stem += ["pool=nn.MaxPool2d(3, stride=2, padding=1),"] if spec.family == "imagenet" else []
    last = spec.width * 2 ** (len(spec.blocks) - 1) * EXPANSION[spec.branch]
    before = {"norm": _norm(spec, str(last)), "act": _ACTIVATIONS[spec.activation]}
    head = [f"{name}={before[name]}," for name in head_order(spec)]
    head += ["pool=nn.AdaptiveAvgPool2d(1),", "flatten=nn.Flatten(),", f"fc=nn.Linear({last}, classes),"]
    head += ["softmax=nn.Softmax(dim=1),  # a fault: cross-entropy applies it again"] if spec.softmax else []
    lines = [
        "class Net(nn.Module):",
        f"    def __init__(self, channels={channels}, classes={spec.classes or classes}):",
        "        super().__init__()",
        "        self.stem = named(",
        *(f"            {line}" for line in stem),
        "        )",
        f"        inputs, number = {spec.width}, 0" if _numbered(spec) else f"        inputs = {spec.width}",
        f"        for stage, blocks in enumerate({spec.blocks}):",
        "            modules = OrderedDict()",
        "            for block in range(blocks):",
        *(f"                {line}" for line in _one_block(spec)),
        '            self.add_module(f"stage{stage + 1}", nn.Sequential(modules))',
        "        self.head = named(",
        *(f"            {line}" for line in head),
        "        )",
        "",
        "    def forward(self, x):",
        "        for part in self.children():  # stem, stages, head",
        "            x = part(x)",
        "        return x",
    ]
    return "\n".join(lines)


def _one_block(spec: NetSpec) -> list[str]:
    """The lines in which `Net` makes one block."""
    arguments = ["inputs", "width", "stride"]
    arguments += ["first=number == 1"] if _skips(spec) else []
    count = sum(spec.blocks)
    arguments += [f"survival=1 - number / {count} * (1 - {spec.survival})"] if spec.survival < 1 else []
    width = f"{spec.width} * 2**stage"
    return [
        f"number, width = number + 1, {width}" if _numbered(spec) else f"width = {width}",
        "stride = 2 if stage > 0 and block == 0 else 1",
        f'modules[f"block{{block + 1}}"] = Block({", ".join(arguments)})',
        f"inputs = {'4 * width' if spec.branch == 'bottleneck' else 'width'}",
    ]


def _initialise(spec: NetSpec) -> str:
    gain = "1.0" if spec.activation in ("tanh", "sigmoid") else "2**0.5"
    draw = _DRAWS.get(spec.init, "").format(gain=gain)
    if spec.init == "delta":
        draw = (
            "weight.zero_()\n"
            f"    middle = nn.init.orthogonal_(weight.new_empty(weight.shape[:2]), {gain}, generator=generator)\n"
            "    weight[:, :, weight.shape[2] // 2, weight.shape[3] // 2] = middle"
        )
    text = [
        "def uniform(tensor, weight, generator):  # PyTorch's own: within 1 / sqrt(fan-in)",
        "    bound = 1 / weight[0].numel() ** 0.5",
        "    nn.init.uniform_(tensor, -bound, bound, generator=generator)",
        "",
        "",
        "def draw(weight, generator):",
        f"    {draw}",
        "",
        "",
        "@torch.no_grad()",
        "def initialise(net, seed=0):",
        "    generator = torch.Generator().manual_seed(seed)",
        "    modules = list(net.named_modules())",
    ]
    if spec.block == "residual" and spec.shortcut != "A":
        text.append('    modules.sort(key=lambda item: ".shortcut" in item[0] or ".gate" in item[0])')
    text += ["    for name, module in modules:", *(f"        {line}" for line in _cases(spec))]
    text += [f"    {line}" for line in _afterwards(spec)]
    return "\n".join(text)


def _cases(spec: NetSpec) -> list[str]:
    lines = []
    if spec.shortcut in ("gate", "exclusive"):
        lines += ['if ".gate." in name and isinstance(module, nn.Conv2d):  # starts at its bias everywhere']
        lines += ["    module.weight.zero_()", f"    module.bias.fill_({spec.gate_bias})", "    continue"]
    lines += ["if isinstance(module, nn.Conv2d):", "    draw(module.weight, generator)"]
    bias = "uniform(module.bias, module.weight, generator)" if spec.init == "torch" else "module.bias.zero_()"
    lines += ["    if module.bias is not None:", f"        {bias}"]
    lines += ["elif isinstance(module, nn.Linear):", "    uniform(module.weight, module.weight, generator)"]
    return [*lines, "    uniform(module.bias, module.weight, generator)"]


def _afterwards(spec: NetSpec) -> list[str]:
    """Zero-γ and Fixup, in lines of `initialise`."""
    last = CONVOLUTIONS[spec.branch]
    lines = []
    if spec.zero_gamma or spec.fixup:
        lines += ["for module in net.modules():", "    if isinstance(module, Block):"]
    if spec.zero_gamma:
        lines += [f"        module.branch.norm{last}.weight.zero_()"]
    if spec.fixup:
        factor = f"{sum(spec.blocks)} ** (-1 / {2 * last - 2})"
        lines += [f"        module.branch.conv{number}.weight.mul_({factor})" for number in range(1, last)]
        lines += [f"        module.branch.conv{last}.weight.zero_()"]
        lines += ["net.head.fc.weight.zero_()", "net.head.fc.bias.zero_()"]
    return lines


def _main(channels: int, size: int) -> str:
    return dedent(f"""
    if __name__ == "__main__":
        net = Net()
        initialise(net)
        print(f"{{sum(p.numel() for p in net.parameters()):,}} parameters")
        print(net(torch.randn(2, {channels}, {size}, {size})).shape)
    """)
