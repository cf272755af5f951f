"""Figures and tables of He et al. 2015: depth, shortcut options, bottlenecks, responses, warm-up, 1202 layers."""

from collections.abc import Iterator

from resnet.catalog.published import CIFAR_2015
from resnet.catalog.records import HE_2015
from resnet.experiments.records import Claim, Experiment, Number, Row
from resnet.i18n import N_

DEPTHS = (8, 14, 20, 32, 44, 56, 110)
# Twice the standard deviation of the five ResNet-110 of Table 6 (6.61 ± 0.16), the only one that is printed.
MARGIN = 0.32
SCATTER = N_("Published errors up to 0.32 points apart count as level: two standard deviations of five ResNet-110.")
_IMAGENET = N_(
    "Published errors up to 0.1 points apart count as level: the paper calls 27.94 and 27.88 comparable, and prints no "
    "scatter."
)
_YANG = "Yang et al. 2019, arXiv 1902.08129"


def _errors(block: str, depth: int) -> tuple[Number, ...]:
    if (block, depth) == ("plain", 110):
        return (Number(60.0, "plain-110", f"{HE_2015}, Sec. 4.2", more=True),)
    record = next(record for record in CIFAR_2015 if record.block == block)
    of, read_off = {"plain": ("plain", True), "residual": ("ResNet", False)}[block]
    return tuple(Number(error, f"{of}-{at}", record.source, read_off) for at, error in record.errors if at == depth)


def _twins() -> Iterator[Row]:
    for depth in DEPTHS:
        yield Row(f"plain-{depth}", "", _errors("plain", depth), against="plain-20" if depth != 20 else "res-20")
        yield Row(f"res-{depth}", "", _errors("residual", depth), against="res-20")


def _top1(error: float, of: str, table: int) -> tuple[Number, ...]:
    return (Number(error, of, f"{HE_2015}, Table {table}: ImageNet, top-1, 10-crop"),)


def _options() -> Iterator[Row]:
    for depth in (20, 56):
        a = f"res-{depth}"
        yield Row(a, "", _top1(25.03, "ResNet-34 A", 3), against=a)
        yield Row(f"{a}-optb", "", _top1(24.52, "ResNet-34 B", 3), against=a)
        yield Row(f"{a}-optc", "", _top1(24.19, "ResNet-34 C", 3), against=a)


def _deep(kind: str, depth: int) -> Row:
    reference = f"{kind}-20"
    numbers = {110: (6.43, "ResNet-110"), 1202: (7.93, "ResNet-1202")}
    told = (Number(*numbers[depth], f"{HE_2015}, Table 6"),) if kind == "res" and depth in numbers else ()
    explodes = Claim("above", f"{_YANG}: batch norm without shortcuts") if kind == "plain" and depth > 20 else None
    return Row(f"{kind}-{depth}", "", told, against=reference, claim=explodes)


def _against_twin_and_shallower(place: str) -> Iterator[Row]:
    """Of what the paper says in both experiments on the responses of layers."""
    source = f"{HE_2015}, {place}"
    for depth, shallower in ((20, 0), (56, 20), (110, 56)):
        if depth < 110:
            yield Row(f"plain-{depth}", "", against=f"res-{depth}", claim=Claim("above", source))
        below = Claim("below", source) if shallower else None
        yield Row(f"res-{depth}", "", against=f"res-{shallower or depth}", claim=below)


EXPERIMENTS = (
    Experiment(
        name="depth",
        group="2015",
        title=N_("Fig. 1, Fig. 6 and Table 6: depth"),
        question=N_("Do deeper nets end lower, with and without shortcuts?"),
        rows=tuple(_twins()),
        why=N_(
            "The paper trains nets of width 16 for 64,000 steps of SGD on CIFAR-10; here it is width 8, 400 steps of "
            "Adam and generated shapes. In so few steps the deep plain nets do not begin to learn at all, where in the "
            "paper they learn and end higher; residual nets of every depth end close together, for the images are easy."
        ),
        margin=MARGIN,
        scatter=SCATTER,
        chart="depth",
        pages=("sweep",),
    ),
    Experiment(
        name="options",
        group="2015",
        title=N_("Table 3: options A, B and C"),
        question=N_("Does a projection in the shortcut help?"),
        rows=tuple(_options()),
        why=N_(
            "The paper compares the options in one net of 34 layers on ImageNet, trained for 600,000 steps. Option C "
            "has a projection with norm in every block: no identity is left, and the more blocks there are, the more "
            "of them the signal has to pass."
        ),
        margin=0.1,
        scatter=_IMAGENET,
    ),
    Experiment(
        name="imagenet",
        group="2015",
        title=N_("Table 2: 18 and 34 layers"),
        question=N_("Is the deeper net of the ImageNet family worse without shortcuts, and better with them?"),
        rows=(
            Row("plain-18-imagenet", "", _top1(27.94, "plain-18", 2)),
            Row("plain-34-imagenet", "", _top1(28.54, "plain-34", 2)),
            Row("res-18-imagenet", "", _top1(27.88, "ResNet-18", 2)),
            Row("res-34-imagenet", "", _top1(25.03, "ResNet-34 A", 2), against="res-18-imagenet"),
        ),
        why=N_(
            "The same layers at width 8 instead of 64, on images of 32 pixels instead of 224: behind stem and pooling "
            "8 by 8 positions are left, in the last stage one. 400 steps instead of 600,000."
        ),
        margin=0.1,
        scatter=_IMAGENET,
    ),
    Experiment(
        name="bottleneck",
        group="2015",
        title=N_("Table 3: bottleneck against basic blocks"),
        question=N_("Are three-layer blocks of the same cost better than two-layer ones?"),
        rows=(
            Row("res-20-optb", N_("basic (9 blocks)"), _top1(24.52, "ResNet-34 B", 3)),
            Row("res-29-bottleneck-optb", N_("bottleneck (9 blocks)"), _top1(22.85, "ResNet-50", 3)),
            Row("res-56-optb", N_("basic (27 blocks)"), _top1(24.52, "ResNet-34 B", 3), against="res-56-optb"),
            Row(
                "res-83-bottleneck-optb",
                N_("bottleneck (27 blocks)"),
                _top1(22.85, "ResNet-50", 3),
                against="res-56-optb",
            ),
        ),
        why=N_(
            "As many blocks as in the basic net, so nearly as many multiply-adds (ResNet-34 and ResNet-50 have 16 "
            "each). The paper's gain is one of test error on ImageNet; the shapes do not need the four times wider "
            "outputs."
        ),
        margin=0.1,
        scatter=_IMAGENET,
    ),
    Experiment(
        name="responses",
        group="2015",
        title=N_("Fig. 7: responses of the layers"),
        question=N_("Do the branches of residual nets hand on less, and in deeper nets still less?"),
        rows=tuple(_against_twin_and_shallower("Fig. 7")),
        why=N_(
            "The paper draws a curve over the layers of each net and prints no number; here it is the last layer of "
            "each block, at the end of the training. A response is what a norm hands on: its γ starts at 1 in every "
            "net, and in 400 steps it moves little. What is left of the paper's point at this scale is how much a "
            "block changes its signal: the next experiment."
        ),
        measured="response",
        also="loss",
        chart="blocks",
        probes=("response_std",),
        pages=("gradients",),
    ),
    Experiment(
        name="changes",
        group="2015",
        title=N_("Sec. 4.2: how much a block changes its signal"),
        question=N_("Does a block of a residual net change its signal less, and in deeper nets still less?"),
        rows=tuple(_against_twin_and_shallower("Sec. 4.2, Analysis of Layer Responses")),
        why=N_(
            "The paper concludes it from the responses (Fig. 7). Here each is divided by the spread of the signal that "
            "it is added to, in a plain net of the one that it replaces; a block that is the identity has 0. In a "
            "residual net the signal grows with every branch that is added, so that the next ones are a smaller part "
            "of it: much of this is there before the first step, and not learned."
        ),
        measured="change",
        also="loss",
        chart="blocks",
        probes=("response_std",),
        pages=("gradients",),
    ),
    Experiment(
        name="warmup",
        group="2015",
        title=N_("Sec. 4.2: warm-up at depth 110"),
        question=N_("Does a net of 110 layers need a warm-up?"),
        rows=(
            Row("res-110", N_("warm-up of 100 steps"), words="warmup=100"),
            Row(
                "res-110",
                N_("no warm-up"),
                claim=Claim("above", f"{HE_2015}, Sec. 4.2, footnote 5"),
            ),
        ),
        why=N_(
            "The paper holds 0.01 for some 400 steps and then goes to 0.1; here the rate rises evenly to 0.1. The "
            "paper's net without warm-up begins to learn after several epochs and ends about as low; these 400 steps "
            "are two and a half epochs, so that only the start is compared."
        ),
        words="optimizer=sgd&lr=0.1&weight_decay=0.0001",
    ),
    Experiment(
        name="very-deep",
        group="2015",
        title=N_("Table 6: 1202 layers"),
        question=N_("What reaches the first layers of a net of 1202 layers?"),
        rows=tuple(_deep(kind, depth) for kind in ("plain", "res") for depth in (20, 110, 1202)),
        why=N_(
            "Only the first step is measured: a training of 1202 layers is not for a lesson. The paper trained this "
            "residual net without difficulty; its test error, 7.93 %, is above that of 110 layers, which it puts down "
            "to overfitting."
        ),
        words="steps=2&batch=8&record_every=1",
        measured="gradient",
        pages=("gradients",),
    ),
)
