"""Lesson 8: what stands on the shortcut where a block changes the size, and what options A, B and C are worth."""

from collections.abc import Mapping, Sequence

from resnet.experiments import EXPERIMENTS, Row
from resnet.findings.experiments import spread_words
from resnet.findings.outcomes import Outcome, order
from resnet.findings.text import paragraph
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict
from resnet.nets.layers import Layer, layer_table
from resnet.nets.structure import block_shapes
from resnet.specs import NetSpec

EXPERIMENT = EXPERIMENTS["options"]
OPTIONS = ("A", "B", "C")  # in the order of the experiment's rows at each depth
NOTES = "res-34-imagenet-w64-optb-nobn"  # the two blocks of the notes: 64 channels, biases, no norm, option B
IMAGE, CLASSES = 224, 200  # of the notes' net
Outcomes = Mapping[str, Sequence[Outcome]]


def rows(depth: int) -> dict[str, Row]:
    """The rows of one depth, by the option."""
    return dict(zip(OPTIONS, (row for row in EXPERIMENT.rows if row.spec.depth == depth), strict=True))


def reveal(outcomes: Outcomes, depth: int) -> Reveal:
    """How option C stands to option A after the training, and what the paper found."""
    own = rows(depth)
    pairs = zip(outcomes[own["C"].key], outcomes[own["A"].key], strict=True)
    seen = [order(c, a, "loss") for c, a in pairs if c.ended and a.ended]
    if not seen:
        return Reveal("", _("These nets are not trained here."))
    ends = {option: _loss(outcomes[row.key]) for option, row in own.items()}
    text = _("At {depth} layers A ends at {a}, B at {b}, C at {c}.", depth=depth, a=ends["A"], b=ends["B"], c=ends["C"])
    return Reveal(_answer(seen), paragraph(text, published(own)))


def _answer(seen: Sequence[str]) -> str:
    """What most seeds say; empty where no answer has most of them, or where nothing was learned."""
    most = max(sorted(set(seen)), key=seen.count)
    if seen.count(most) * 2 <= len(seen):
        return ""
    return {"above": "highest", "below": "lowest", "level": "level"}.get(most, "")


def published(own: Mapping[str, Row]) -> str:
    """The paper's own numbers."""
    numbers = {option: f"{row.numbers[0].value:.2f} %" for option, row in own.items()}
    return _(
        "In the paper, in one net of 34 layers on ImageNet, C errs least: {c}, B {b}, A {a}.",
        a=numbers["A"],
        b=numbers["B"],
        c=numbers["C"],
    )


def _loss(outcomes: Sequence[Outcome]) -> str:
    return spread_words([one.value for one in outcomes if one.ended], "loss") or "–"


def convolutions(block: str) -> list[Layer]:
    """The layers with parameters of a block of the notes' net."""
    table = layer_table(NetSpec.parse(NOTES), 3, CLASSES, IMAGE)
    return [row for row in table if f"{row.name}.".startswith(f"{block}.") and row.parameters]


def count(entered: str, block: str) -> Verdict:
    """Whether the parameters of that block were counted right; a wrong count is told what it has probably left out."""
    convs, number = convolutions(block), int(entered)
    counts = [row.parameters for row in convs]
    if number == sum(counts):
        return Verdict(True, _("Right: {parts} = {sum:,}.", parts=" + ".join(f"{one:,}" for one in counts), sum=number))
    if number == sum(row.parameters - row.shape[0] for row in convs):
        text = _("These are the weights alone: in the notes' code every convolution has a bias for each channel, too.")
    elif number in {sum(counts) - one for one in counts}:
        text = _("One convolution is missing.")
    else:
        text = _("Not yet: a convolution has kernel × kernel × channels in × channels out weights, and biases.")
    return Verdict(False, text)


def dashed(entered: str) -> Verdict:
    """How many blocks of ResNet-34 change the size."""
    shapes = [shape.name for shape in block_shapes(NetSpec.parse(NOTES)) if shape.resized]
    right = int(entered) == len(shapes)
    if right:
        return Verdict(True, _("Right: {blocks}.", blocks=", ".join(shapes)))
    return Verdict(False, _("Not yet: count the blocks at which the size of the picture is halved."))
