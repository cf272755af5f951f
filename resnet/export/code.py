"""A net as a short PyTorch module that needs only torch; its names are ours, so state dicts fit both ways.

Written from `nets.description`: what differs from block to block is a variable there and here.
"""

from itertools import groupby
from textwrap import dedent, indent

from resnet.export.metadata import Normalisation, normalisation_for
from resnet.export.operations import GATED, call, definitions, remark
from resnet.nets.description import EXPANSION, GAINS, INNER, Operation, Operations, Shortcut, describe
from resnet.nets.layers import layer_table
from resnet.specs import CONVOLUTIONS, NetSpec, Recipe

_ARGUMENTS = "inputs, outputs, stride"
DRAWS = {  # lines of the function `draw(weight, generator)`
    "he": 'nn.init.kaiming_normal_(weight, mode="fan_out", nonlinearity="relu", generator=generator)',
    "he_in": 'nn.init.kaiming_normal_(weight, mode="fan_in", nonlinearity="relu", generator=generator)',
    "xavier": "nn.init.xavier_uniform_(weight, generator=generator)",
    "torch": "uniform(weight, weight, generator)",
    "orthogonal": "nn.init.orthogonal_(weight, {gain}, generator=generator)",
    "delta": """weight.zero_()
middle = nn.init.orthogonal_(weight.new_empty(weight.shape[:2]), {gain}, generator=generator)
weight[:, :, weight.shape[2] // 2, weight.shape[3] // 2] = middle""",
}


def module_code(
    spec: NetSpec, channels: int = 3, classes: int = 10, size: int = 32, recipe: Recipe | None = None
) -> str:
    """The text of a Python file: `Net`, `initialise`, `normalise`, and a main part that counts and runs it.

    `normalise` has the numbers of the `recipe`'s data set (by default the demo's), or of ImageNet for a net that is
    counted for it; it is left out where the net is counted for other images.
    """
    return f"{net_code(spec, channels, classes, size, recipe)}\n\n{_main(channels, size)}"


def net_code(spec: NetSpec, channels: int, classes: int, size: int, recipe: Recipe | None = None) -> str:
    """The same text without its main part, as for a notebook."""
    norm = normalisation_for(recipe or Recipe(), (channels, classes, size))
    parts = [_tools(spec), _shortcut(describe(spec).shortcut), _block(spec), _net(spec, channels, classes)]
    parts += [_initialise(spec), _normalise(norm) if norm else ""]
    body = "\n\n\n".join(part.strip("\n") for part in parts if part) + "\n"
    return f"{_header(spec, channels, classes, size, 'F.' in body)}\n\n\n{body}"


def _header(spec: NetSpec, channels: int, classes: int, size: int, functional: bool) -> str:
    rows = layer_table(spec, channels, classes, size)
    parameters = sum(row.parameters for row in rows)
    cost = sum(row.multiply_adds for row in rows)
    imports = ["import torch", "from torch import nn"]
    imports += ["from torch.nn import functional as F"] if functional else []
    return (
        f'"""{spec}: {spec.depth} weighted layers, {parameters:,} parameters, {cost / 1e6:,.1f} M multiply-adds\n'
        f"for an image of {channels}x{size}x{size}. Written by ResNet Lab; needs only torch.\n"
        f'"""\n\nfrom collections import OrderedDict\n\n' + "\n".join(imports)
    )


def _tools(spec: NetSpec) -> str:
    named = "def named(**modules):\n    return nn.Sequential(OrderedDict(modules))"
    return "\n\n\n".join([named, *(text.strip("\n") for text in definitions(describe(spec).parts))])


def _normalise(norm: Normalisation) -> str:
    return dedent(f'''
    # Mean and standard deviation per channel of {norm.of}.
    MEAN = {list(norm.mean)}
    STD = {list(norm.std)}


    def normalise(pixels):
        """What the net expects, from pixels (N, C, H, W) in 0..1."""
        mean, std = (pixels.new_tensor(values)[:, None, None] for values in (MEAN, STD))
        return (pixels - mean) / std
    ''')


def _shortcut(shortcut: Shortcut | None) -> str:
    """The function `shortcut(inputs, outputs, stride)`, and `gate` and `path` where it has them."""
    if shortcut is None:
        return ""
    own = shortcut.gate and not shortcut.shared
    texts = [GATED.strip("\n")] if own else []
    texts += [_path("gate", shortcut.gate)] if shortcut.gate else []
    texts += [_path("path" if own else "shortcut", shortcut.path)]
    if own:
        texts += [f"def shortcut({_ARGUMENTS}):\n    return Gated(gate({_ARGUMENTS}), path({_ARGUMENTS}))"]
    return "\n\n\n".join(texts)


def _path(name: str, operations: Operations) -> str:
    """A function that makes these operations; some stand only where the size changes."""
    head = f"def {name}({_ARGUMENTS}):\n"
    if not any(operation.where for operation in operations):
        return f"{head}    return named({_listed(operations, 8)})"
    lines = ["modules = OrderedDict()  # none: the identity"]
    for where, group in groupby(operations, lambda operation: operation.where):
        lines += ["if inputs != outputs or stride > 1:  # the size changes"] if where else []
        margin = "    " if where else ""
        lines += [f'{margin}modules["{operation.name}"] = {call(operation)}' for operation in group]
    return head + indent("\n".join([*lines, "return nn.Sequential(modules)"]), "    ")


def _block(spec: NetSpec) -> str:
    parts = describe(spec)
    head = "inputs, width, stride" + (", first" if _skipped(spec) else "") + (", survival" if spec.survival < 1 else "")
    lines = ["class Block(nn.Module):", f"    def __init__(self, {head}):", "        super().__init__()"]
    lines += [f"        outputs = {_outputs(spec)}", f"        self.branch = {_branch(spec)}"]
    shared = parts.shortcut is not None and parts.shortcut.shared
    lines += [f"        self.gate = gate({_ARGUMENTS})"] if shared else []
    lines += [f"        self.shortcut = shortcut({_ARGUMENTS})"] if parts.shortcut else []
    lines += [f"        self.after = named({_listed(parts.after, 12)})", "", "    def forward(self, x):"]
    lines += ["        g = self.gate(x)"] if shared else []
    made = "self.branch(x) + self.shortcut(x)" if parts.shortcut else "self.branch(x)"
    made = "g * self.branch(x) + (1 - g) * self.shortcut(x)" if shared else made
    return "\n".join([*lines, f"        return self.after({made})"])


def _outputs(spec: NetSpec) -> str:
    """What a block hands on, from its `width`."""
    times = EXPANSION[spec.branch]
    return f"{times} * width" if times > 1 else "width"


def _numbered(spec: NetSpec) -> bool:
    """Whether a block must know its number in the net."""
    return _skipped(spec) > 0 or spec.survival < 1


def _skipped(spec: NetSpec) -> int:
    """How many operations the first block's branch leaves out at its start."""
    return sum(operation.where == INNER for operation in describe(spec).branch)


def _branch(spec: NetSpec) -> str:
    whole, count = f"named({_listed(describe(spec).branch, 12)})", _skipped(spec)
    if not count:
        return whole
    return f"{whole}\n        if first:  # the stem has just done this\n            self.branch = self.branch[{count}:]"


def _listed(operations: Operations, margin: int) -> str:
    """``conv1=conv(...), norm1=...`` as keyword arguments, one a line where there are several."""
    if len(operations) < 2:
        return ", ".join(f"{operation.name}={call(operation)}" for operation in operations)
    return "\n" + indent(_lines(operations), " " * margin) + " " * (margin - 4)


def _lines(operations: tuple[Operation, ...]) -> str:
    return "".join(f"{operation.name}={call(operation)},{remark(operation)}\n" for operation in operations)


def _net(spec: NetSpec, channels: int, classes: int) -> str:
    parts = describe(spec)
    lines = [
        "class Net(nn.Module):",
        f"    def __init__(self, channels={channels}, classes={spec.classes or classes}):",
        "        super().__init__()",
        f"        self.stem = named({_listed(parts.stem, 12)})",
        f"        inputs, number = {spec.width}, 0" if _numbered(spec) else f"        inputs = {spec.width}",
        f"        for stage, blocks in enumerate({spec.blocks}):",
        "            modules = OrderedDict()",
        "            for block in range(blocks):",
        *(f"                {line}" for line in _one_block(spec)),
        '            self.add_module(f"stage{stage + 1}", nn.Sequential(modules))',
        f"        self.head = named({_listed(parts.head, 12)})",
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
    arguments += ["number == 1"] if _skipped(spec) else []
    count = sum(spec.blocks)
    arguments += ["survival"] if spec.survival < 1 else []
    survival = [f"survival = 1 - number / {count} * (1 - {spec.survival})"] if spec.survival < 1 else []
    width = f"{spec.width} * 2**stage"
    return [
        f"number, width = number + 1, {width}" if _numbered(spec) else f"width = {width}",
        "stride = 2 if stage > 0 and block == 0 else 1",
        *survival,
        f'modules[f"block{{block + 1}}"] = Block({", ".join(arguments)})',
        f"inputs = {_outputs(spec)}",
    ]


def _initialise(spec: NetSpec) -> str:
    text = [
        "def uniform(tensor, weight, generator):  # PyTorch's own: within 1 / sqrt(fan-in)",
        "    bound = 1 / weight[0].numel() ** 0.5",
        "    nn.init.uniform_(tensor, -bound, bound, generator=generator)",
        "",
        "",
        "def draw(weight, generator):",
        indent(DRAWS[spec.init].format(gain=GAINS[spec.activation]), "    "),
        "",
        "",
        "@torch.no_grad()",
        "def initialise(net, seed=0):",
        "    generator = torch.Generator().manual_seed(seed)",
        "    modules = list(net.named_modules())",
    ]
    if _draws_past(describe(spec).shortcut):
        text.append('    modules.sort(key=lambda item: ".shortcut" in item[0] or ".gate" in item[0])')
    text += ["    for name, module in modules:", *(f"        {line}" for line in _cases(spec))]
    text += [f"    {line}" for line in _afterwards(spec)]
    return "\n".join(text)


def _draws_past(shortcut: Shortcut | None) -> bool:
    """Whether there are weights on the shortcut: they are drawn last."""
    return shortcut is not None and any(operation.kind == "conv" for operation in shortcut.path + shortcut.gate)


def _cases(spec: NetSpec) -> list[str]:
    lines = []
    shortcut = describe(spec).shortcut
    if shortcut and shortcut.gate:
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
    """).lstrip("\n")
