"""Lesson 9: the family from ResNet-18 to ResNet-152, drawn and counted from the layer tables, without training."""

from functools import lru_cache

import streamlit as st

from resnet import catalog
from resnet.charts.drawing import blocks_figure
from resnet.charts.family import Member, family_figure
from resnet.charts.look import Look, look
from resnet.findings.text import paragraph
from resnet.i18n import N_, _
from resnet.lessons import Reveal, Verdict, bottleneck, scoring
from resnet.lessons.bottleneck import CLASSES, FAMILY, LARGE, SIZE, SMALL
from resnet.specs import NetSpec
from resnet.ui.bench import session
from resnet.ui.course import experiment, rows, table
from resnet.ui.parts import plot, waiting, widgets

NAME = "bottleneck"
ASKED = {"blocks": N_("Blocks: which has more?"), "parameters": N_("Parameters: which has more?")}


def picture(seen: bool) -> Reveal | None:
    """Before the guess one block of each kind; then the family with its counts, one of it drawn."""
    with waiting.answers():  # a host with low limits has no such nets, and says so
        nets = {label: NetSpec.parse(name) for label, name in FAMILY.items()}
    if not seen:
        _blocks(nets)
        options = {"small": SMALL, "equal": _("equally many"), "large": LARGE}
        rows.ask(NAME, {name: _(text) for name, text in ASKED.items()}, options)
        return None
    stages = {str(stage): str(stage) for stage in range(1, 5)}
    about = _("From which stage an inner block of each net is drawn and counted, for images of 224 pixels.")
    stage = int(widgets.choice("bottleneck-stage", _("Stage"), stages, about))
    _blocks(nets, stage)
    _costs(nets, stage)
    plot.plot(family_figure(_members()), "lesson-family")
    return _reveal(nets)


def _look(net: NetSpec, label: str) -> Look:
    return look(net, label, rank=int(net.branch == "bottleneck"))


def _blocks(nets: dict[str, NetSpec], stage: int = 1) -> None:
    """An inner block of each kind, in the same stage."""
    drawn = [(_look(nets[label], label), nets[label]) for label in (SMALL, LARGE)]
    plot.plot(blocks_figure(drawn, 3, CLASSES, SIZE, f"stage{stage}.block2"), "lesson-blocks")
    st.caption(_("Named by kernel and channels; BN: batch norm. Point at a part to see its layer."))


def _costs(nets: dict[str, NetSpec], stage: int) -> None:
    """What an inner block of that stage costs."""
    lines = []
    for label in (SMALL, LARGE):
        block = bottleneck.inner(nets[label], stage)
        adds = f"{block.multiply_adds / 1e6:.0f}"
        lines.append((_look(nets[label], label), ["×".join(map(str, block.shape)), f"{block.weights:,}", adds]))
    table.show([_("in and out"), _("weights"), _("multiply-adds, M")], lines)


@lru_cache(maxsize=1)
def _members() -> tuple[Member, ...]:
    """Counted once: a table of 152 layers takes its time."""
    made = []
    for label, name in FAMILY.items():
        net = NetSpec.parse(name)
        own = bottleneck.counts(net)
        made.append(Member(net, label, own.blocks, own.parameters, own.multiply_adds))
    return tuple(made)


def _reveal(nets: dict[str, NetSpec]) -> Reveal:
    small, large = bottleneck.counts(nets[SMALL]), bottleneck.counts(nets[LARGE])
    basic = bottleneck.inner(nets[SMALL], 3).weights  # 256 channels come in, and 256 go out
    told = bottleneck.reveal(small, large, basic, _narrow(nets[LARGE]))
    score = scoring.score_sentence(rows.guessed(NAME, ASKED), bottleneck.truth(small, large))
    return Reveal(told.right, paragraph(told.text, score))


def _narrow(net: NetSpec) -> int:
    return bottleneck.inner(net, 1).weights


def check_budget(_entered: str) -> Verdict:
    """A bottleneck net on the visitor's bench that costs what res-56 costs."""
    bench = session.current()
    data = catalog.data_choice(bench.recipe.data, bench.recipe.pixels)
    size, classes = data.shape[1], len(data.classes)
    built = [
        bottleneck.Built(name, entry.net.branch == "bottleneck", bottleneck.counts(entry.net, classes, size))
        for name, entry in zip(bench.names, bench.entries, strict=True)
    ]
    return bottleneck.budget(built, bottleneck.counts(NetSpec.parse(bottleneck.BUDGET), classes, size))


def check_weights(entered: str) -> Verdict:
    """The weights of a bottleneck with 256 channels."""
    return bottleneck.bottleneck_weights(entered, _narrow(NetSpec.parse(FAMILY[LARGE])))


def check_trained(entered: str) -> Verdict:
    """What the recorded runs of the experiment say."""
    return bottleneck.trained(entered, experiment.outcomes(bottleneck.EXPERIMENT.name))


CHECKS = {"weights": check_weights, "budget": check_budget, "trained": check_trained}
