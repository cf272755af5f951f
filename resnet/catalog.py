"""What there is to choose from: frozen records, no torch.

Menus, axis titles, captions and names in links come from these records; a contract test holds that every record has
its code and every code its record.
"""

from dataclasses import dataclass
from typing import TypeVar

from resnet.words import N_


@dataclass(frozen=True)
class Choice:
    """One option of a spec field; `part` is its word in a net's name, empty for the default."""

    name: str
    label: str
    help: str
    part: str = ""
    formula: str = ""
    source: str = ""


@dataclass(frozen=True)
class DataChoice(Choice):
    """A data set: `shape` is (C, H, W); `flip` says whether a mirrored image keeps its label."""

    shape: tuple[int, int, int] = (3, 32, 32)
    classes: tuple[str, ...] = ()
    flip: bool = True
    has_masks: bool = False
    levels: bool = False


@dataclass(frozen=True)
class Probe(Choice):
    """A per-layer measurement; `unit` and `direction` make the axis title; `of` says which layers it measures."""

    unit: str = ""
    of: str = "block"  # "block": the outputs of stem and blocks; "weight": the weighted layers
    backward: bool = True  # whether it is carried from the output to the input
    short: str = ""  # for a menu


@dataclass(frozen=True)
class Method(Choice):
    """An attribution method: whether its maps have a sign, and whether they add up to f(x) - f(x₀)."""

    signed: bool = True
    completeness: bool = False


Record = TypeVar("Record", bound=Choice)


def _by_name(*records: Record) -> dict[str, Record]:
    return {record.name: record for record in records}


HE_2015 = "He et al. 2015, arXiv 1512.03385"
HE_2016 = "He et al. 2016, arXiv 1603.05027"

BLOCKS = _by_name(
    Choice(
        "plain",
        N_("Plain"),
        N_("Two 3x3 convolutions, no shortcut."),
        part="plain",
        formula=r"y = F(x)",
        source=f"{HE_2015}, Sec. 3.3",
    ),
    Choice(
        "residual",
        N_("Residual"),
        N_("The same two convolutions, and the block's input is added to their output."),
        part="res",
        formula=r"y = F(x) + x",
        source=f"{HE_2015}, Eq. 1",
    ),
)

SHORTCUTS = _by_name(
    Choice(
        "A",
        N_("A: zero padding"),
        N_("Where the size changes, take every second pixel and fill new channels with zeros. No parameters."),
        source=f"{HE_2015}, Sec. 4.2",
    ),
    Choice(
        "B",
        N_("B: projection"),
        N_("Where the size changes, a 1x1 convolution with stride 2. Adds a few parameters."),
        part="optb",
        formula=r"y = F(x) + W_s x",
        source=f"{HE_2015}, Eq. 2",
    ),
)

NORMS = _by_name(
    Choice("batch", N_("Batch norm"), N_("Normalise each channel over the batch after every convolution.")),
    Choice("none", N_("No norm"), N_("No normalisation; the convolutions keep their biases."), part="nobn"),
)

ACTIVATIONS = _by_name(
    Choice("relu", N_("ReLU"), N_("Passes what is positive, stops the rest."), formula=r"\max(0, x)"),
    Choice("leaky", N_("Leaky ReLU"), N_("Lets 1 % of the negative side through."), "leaky", r"\max(0.01\,x, x)"),
    Choice("tanh", N_("Tanh"), N_("Saturates at -1 and 1."), "tanh", r"\tanh x"),
    Choice("sigmoid", N_("Sigmoid"), N_("Saturates at 0 and 1; its slope is at most 1/4."), "sigmoid", r"1/(1+e^{-x})"),
)

INITS = _by_name(
    Choice(
        "he",
        N_("He"),
        N_("Normal weights with variance 2 / fan-out: keeps the size of the signal through ReLU layers."),
        formula=r"\mathrm{Var}\,w = 2/n",
        source="He et al. 2015b, arXiv 1502.01852",
    ),
    Choice(
        "xavier",
        N_("Xavier"),
        N_("Uniform weights with variance 2 / (fan-in + fan-out): made for tanh."),
        part="xavier",
        formula=r"\mathrm{Var}\,w = 2/(n_{in}+n_{out})",
        source="Glorot and Bengio 2010",
    ),
    Choice(
        "torch",
        N_("PyTorch default"),
        N_("Uniform weights with variance 1 / (3 fan-in): shrinks the signal in deep nets without norm."),
        part="torchinit",
        formula=r"\mathrm{Var}\,w = 1/(3 n_{in})",
        source="torch.nn.Conv2d.reset_parameters",
    ),
)

DATASETS = _by_name(
    DataChoice(
        "shapes",
        N_("Shapes"),
        N_("Ten generated classes, 32x32 colour, with the exact mask of each object: 5,000 to learn, 1,000 to test."),
        shape=(3, 32, 32),
        classes=(
            N_("disk"),
            N_("square"),
            N_("triangle"),
            N_("plus"),
            N_("star"),
            N_("ring"),
            N_("crescent"),
            N_("heart"),
            N_("bars"),
            N_("hexagon"),
        ),
        has_masks=True,
        levels=True,
    ),
    DataChoice(
        "digits",
        N_("Digits"),
        N_("Handwritten digits of scikit-learn, enlarged to 32x32 grey: 1,497 to learn, 300 to test."),
        shape=(1, 32, 32),
        classes=tuple("0123456789"),
        flip=False,
        source="Alpaydin and Kaynak 1998, UCI optical recognition of handwritten digits",
    ),
)

LEVELS = _by_name(
    Choice("quick", N_("Quick"), N_("Large bright objects: learned within 400 steps on a laptop.")),
    Choice("easy", N_("Easy"), N_("Bright or dark objects, more turned.")),
    Choice("medium", N_("Medium"), N_("Small, low contrast, any rotation: needs minutes or a GPU.")),
)

OPTIMIZERS = _by_name(
    Choice(
        "adam",
        N_("Adam"),
        N_("Each weight gets its own step size. Works at every depth here."),
        source="arXiv 1412.6980",
    ),
    Choice(
        "sgd",
        N_("SGD with momentum"),
        N_("The papers' optimiser; start with a learning rate of 0.1."),
        source=f"{HE_2015}, Sec. 4.2",
    ),
)

SCHEDULES = _by_name(
    Choice("cosine", N_("Cosine"), N_("Falls smoothly to zero at the last step."), source="arXiv 1608.03983"),
    Choice("constant", N_("Constant"), N_("The same learning rate from the first to the last step.")),
    Choice(
        "step",
        N_("Steps"),
        N_("Divided by 10 at one half and at three quarters of the steps."),
        source=f"{HE_2015}, Sec. 4.2",
    ),
)

PROBES = _by_name(
    Probe(
        "output_gradient",
        N_("Gradient of the loss by block output"),
        N_("How strongly the loss reacts to what each block hands on, over the whole batch."),
        formula=r"\lVert \partial L / \partial x_l \rVert_2",
        source=f"{HE_2016}, Eq. 5",
        unit=N_("L2 norm"),
        short=N_("Output gradient"),
    ),
    Probe(
        "gradient_norm",
        N_("Gradient of the loss by weights"),
        N_("The size of the gradient that each weighted layer receives."),
        formula=r"\lVert \partial L / \partial W_l \rVert_2",
        source=f"{HE_2015}, Sec. 4.1",
        unit=N_("L2 norm"),
        of="weight",
        short=N_("Weight gradient"),
    ),
    Probe(
        "activation_std",
        N_("Spread of the block outputs"),
        N_("Standard deviation of what each block hands on: zero means that the signal has died."),
        formula=r"\mathrm{std}(x_l)",
        source=f"{HE_2015}, Fig. 7",
        unit=N_("standard deviation"),
        backward=False,
        short=N_("Activation spread"),
    ),
)

METHODS = _by_name(
    Method(
        "saliency",
        N_("Saliency"),
        N_("Gradient of the class score by each pixel: where would a small change matter?"),
        formula=r"\partial f_c / \partial x",
        source="Simonyan et al. 2013, arXiv 1312.6034",
    ),
    Method(
        "integrated_gradients",
        N_("Integrated gradients"),
        N_("Gradients summed along the way from the mean colour to the image: each pixel's share of the score."),
        formula=r"(x - x_0)\int_0^1 \partial f_c(x_0 + \alpha (x - x_0))/\partial x \, d\alpha",
        source="Sundararajan et al. 2017, arXiv 1703.01365",
        completeness=True,
    ),
    Method(
        "grad_cam",
        N_("Grad-CAM"),
        N_("The feature maps of the last stage, weighted by their mean gradient: coarse, but about the class."),
        formula=r"\sum_k \bar g_k A_k",
        source="Selvaraju et al. 2016, arXiv 1610.02391",
    ),
    Method(
        "occlusion",
        N_("Occlusion"),
        N_("Cover one patch after the other with the mean colour: how far does the score fall?"),
        formula=r"f_c(x) - f_c(x \text{ without patch})",
        source="Zeiler and Fergus 2013, arXiv 1311.2901",
    ),
    Method(
        "deep_lift",
        N_("DeepLift"),
        N_("Differences to the mean colour, handed back layer by layer: each pixel's share of the score."),
        source="Shrikumar et al. 2017, arXiv 1704.02685",
        completeness=True,
    ),
)
