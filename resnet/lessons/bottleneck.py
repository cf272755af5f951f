"""Lesson 9: what basic blocks and bottlenecks cost, and the family of nets that is built of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resnet.experiments import EXPERIMENTS
from resnet.findings.experiments import spread_words
from resnet.findings.outcomes import Outcome, orders
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict
from resnet.nets.layers import layer_table
from resnet.specs import NetSpec

CLASSES, SIZE = 1_000, 224  # of the images for which the family was made
FAMILY = {  # as the paper builds it: option B, and the stride in the first 1x1 of a bottleneck
    "ResNet-18": "res-18-imagenet-w64-optb",
    "ResNet-34": "res-34-imagenet-w64-optb",
    "ResNet-50": "res-50-imagenet-bottleneck-v1-w64-optb",
    "ResNet-101": "res-101-imagenet-bottleneck-v1-w64-optb",
    "ResNet-152": "res-152-imagenet-bottleneck-v1-w64-optb",
}
SMALL, LARGE = "ResNet-34", "ResNet-50"
ANSWERS = {"little": 0.05, "half": 0.5, "twice": 1.0}  # how many more multiply-adds
NEAR, HALF = 0.02, 0.5  # of the budget: how near its multiply-adds, and which part of its parameters at most
BUDGET = "res-56"
EXPERIMENT = EXPERIMENTS["bottleneck"]
BASIC, NARROW = "res-56-optb", "res-83-bottleneck-optb"  # rows of the experiment with as many blocks
Outcomes = Mapping[str, Sequence[Outcome]]


@dataclass(frozen=True)
class Counts:
    """What a net adds up to, for one image."""

    blocks: int
    parameters: int
    multiply_adds: int


def counts(net: NetSpec, classes: int = CLASSES, size: int = SIZE) -> Counts:
    """From the layer table."""
    rows = layer_table(net, 3, classes, size)
    return Counts(sum(net.blocks), sum(row.parameters for row in rows), sum(row.multiply_adds for row in rows))


@dataclass(frozen=True)
class Inner:
    """An inner block: `weights` and `multiply_adds` of its convolutions, and the `shape` (C, H, W) of its output."""

    weights: int
    multiply_adds: int
    shape: tuple[int, int, int]


def inner(net: NetSpec, stage: int) -> Inner:
    """The second block of a stage, into which as many channels come as go out."""
    rows = layer_table(net, 3, CLASSES, SIZE)
    convs = [row for row in rows if row.name.startswith(f"stage{stage}.block2.branch.conv")]
    return Inner(sum(row.parameters for row in convs), sum(row.multiply_adds for row in convs), convs[-1].shape)


def truth(small: Counts, large: Counts) -> dict[str, str]:
    """Which of the two has more of each: "small", "equal" or "large"."""
    pairs = {"blocks": (small.blocks, large.blocks), "parameters": (small.parameters, large.parameters)}
    return {name: "equal" if one == two else "large" if two > one else "small" for name, (one, two) in pairs.items()}


def reveal(small: Counts, large: Counts, basic: int, narrow: int) -> Reveal:
    """`basic` and `narrow`: the weights of a basic block and of a bottleneck, both with 256 channels coming in."""
    more = large.multiply_adds / small.multiply_adds - 1
    right = min(ANSWERS, key=lambda name: abs(ANSWERS[name] - more))
    text = _(
        "{large:.2f} against {small:.2f} billion, {more:.0f} % more; parameters {wide:.1f} against {thin:.1f} million, "
        "blocks {many} against {few}. With 256 channels coming in, a basic block has {basic:,} weights, a bottleneck "
        "{narrow:,}: {times:.0f} times fewer.",
        large=large.multiply_adds / 1e9,
        small=small.multiply_adds / 1e9,
        more=100 * more,
        wide=large.parameters / 1e6,
        thin=small.parameters / 1e6,
        many=large.blocks,
        few=small.blocks,
        basic=basic,
        narrow=narrow,
        times=basic / narrow,
    )
    return Reveal(right, text)


@dataclass(frozen=True)
class Built:
    """A net on the visitor's bench and what it counts on the images of the recipe."""

    name: str
    bottleneck: bool
    counts: Counts


def budget(nets: Sequence[Built], wanted: Counts) -> Verdict:
    """Whether a bottleneck net has the multiply-adds of the `wanted` one and less than half of its parameters."""
    asked = [net for net in nets if net.bottleneck]
    if not asked:
        return Verdict(False, _("There is no net of bottlenecks on the bench."))
    best = min(asked, key=lambda net: (not _fits(net.counts, wanted), abs(_excess(net.counts, wanted))))
    text = _(
        "{net}: {adds:+.1f} % multiply-adds against {budget}, {share:.0f} % of its parameters.",
        net=best.name,
        adds=100 * _excess(best.counts, wanted),
        budget=BUDGET,
        share=100 * best.counts.parameters / wanted.parameters,
    )
    return Verdict(_fits(best.counts, wanted), text)


def _excess(own: Counts, wanted: Counts) -> float:
    return own.multiply_adds / wanted.multiply_adds - 1


def _fits(own: Counts, wanted: Counts) -> bool:
    return abs(_excess(own, wanted)) <= NEAR and own.parameters < HALF * wanted.parameters


def bottleneck_weights(entered: str, right: int) -> Verdict:
    """Whether the weights of the three convolutions of a bottleneck were counted right."""
    if int(entered) == right:
        return Verdict(True, _("Right: 256 × 64 + 9 × 64 × 64 + 64 × 256 = {sum:,}.", sum=right))
    return Verdict(False, _("Not yet: add up kernel × kernel × channels in × channels out of all three."))


def trained(entered: str, outcomes: Outcomes) -> Verdict:
    """Which of two nets with as many blocks ends lower here."""
    seen = orders(EXPERIMENT, EXPERIMENT.row(NARROW), outcomes)
    if not seen:
        return Verdict(False, _("These nets are not trained here."))
    most = max(sorted(set(seen)), key=seen.count)
    right = {"above": "basic", "below": "bottleneck", "level": "level"}.get(most, "")
    losses = [spread_words([one.value for one in outcomes[key] if one.ended], "loss") for key in (BASIC, NARROW)]
    text = _("Training loss with basic blocks {basic}, with bottlenecks {narrow}.", basic=losses[0], narrow=losses[1])
    return Verdict(entered == right, text)
