"""The course notes' ResNet-34 as code, retold in other words and names, with the sound line beside each faulty one."""

from dataclasses import dataclass

from resnet.i18n import N_


@dataclass(frozen=True)
class Line:
    """A line of the code; where it has a `fault`, how it should read."""

    text: str
    fault: str = ""
    sound: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the net in whose run it shows; empty where no training shows it."""

    label: str
    text: str
    net: str = ""


FAULTS = {
    "super": Fault(
        N_("Another class in super()"),
        N_("super() names a class that does not exist: the net cannot even be built."),
    ),
    "norm": Fault(
        N_("No batch norm"),
        N_("Every convolution of the paper is followed by batch norm; here none is."),
        "res-20-nobn-torchinit",
    ),
    "stem": Fault(
        N_("No ReLU after the first convolution"),
        N_("In the paper a ReLU follows the first convolution."),
        "res-20-nostemact",
    ),
    "softmax": Fault(
        N_("Softmax inside"),
        N_("The loss applies softmax itself: with this one it is applied twice."),
        "res-20-softmax",
    ),
    "functional": Fault(
        N_("Functional ReLU"),
        N_("As a function ReLU computes the same, but methods that watch modules do not see it."),
    ),
    "option": Fault(
        N_("Option B only"),
        N_("The dashed shortcut is always a convolution; the paper compares three ways, two of which can do without."),
        "res-20-optb",
    ),
}

_FIRST = "        self.first = nn.Conv2d(width, width, 3, padding=1)"
_SECOND = "        self.second = nn.Conv2d(width, width, 3, padding=1)"

CODE = (
    Line("class Solid(nn.Module):"),
    Line("    def __init__(self, width):"),
    Line("        super().__init__()"),
    Line(_FIRST, "norm", "        self.first = conv_and_norm(width, width)"),
    Line(_SECOND, "norm", "        self.second = conv_and_norm(width, width)"),
    Line("    def forward(self, x):"),
    Line("        y = F.relu(self.first(x))", "functional", "        y = self.relu_inside(self.first(x))"),
    Line("        y = self.second(y)"),
    Line("        return F.relu(x + y)", "functional", "        return self.relu_after(x + y)"),
    Line("class Dashed(Solid):"),
    Line("    def __init__(self, width, wider):"),
    Line("        super().__init__(wider)"),
    Line("        self.past = nn.Conv2d(width, wider, 1, stride=2)", "option",
         "        self.past = shortcut(option, width, wider)"),
    Line("        …  # a first convolution of stride 2"),
    Line("class Net34(nn.Module):"),
    Line("    def __init__(self):"),
    Line("        super(Net, self).__init__()", "super", "        super().__init__()"),
    Line("        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3)", "norm",
         "        self.stem = conv_and_norm(3, 64, 7, stride=2)"),
    Line("        self.pool = nn.MaxPool2d(3, stride=2, padding=1)"),
    Line("        self.blocks = nn.Sequential(*sixteen_blocks())"),
    Line("        self.head = nn.Linear(512, 200)"),
    Line("    def forward(self, x):"),
    Line("        x = self.pool(self.stem(x))", "stem", "        x = self.pool(self.relu(self.stem(x)))"),
    Line("        x = self.blocks(x).mean((2, 3))"),
    Line("        return F.softmax(self.head(x), dim=1)", "softmax", "        return self.head(x)"),
)  # fmt: skip
