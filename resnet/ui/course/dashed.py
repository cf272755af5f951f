"""Lesson 8: where shortcuts are dashed, what options A, B and C put there, what they cost and how they end."""

import math

import streamlit as st

from resnet.charts.drawing import blocks_figure, nets_figure
from resnet.charts.look import Look, look, ranks
from resnet.experiments import Row
from resnet.findings.experiments import spread_words
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, dashed
from resnet.specs import NetSpec, Recipe
from resnet.training import estimates
from resnet.ui.course import experiment, table
from resnet.ui.lab.experiments import panel as experiments
from resnet.ui.parts import backend, plot, widgets

NAME = "options"
DEPTHS = (56, 20)
DEPTH = DEPTHS[0]  # of which the question asks
NARROW = 560  # pixels


def picture(seen: bool) -> Reveal | None:
    """Before the guess the blocks that change the size, for each option; then how the options end."""
    if not seen:
        _blocks(20)
        return None
    depths = {str(depth): _("{depth} layers", depth=depth) for depth in DEPTHS}
    depth = int(widgets.choice("dashed-depth", _("Depth"), depths, _("Of the three nets that are compared.")))
    experiment.show(NAME, tuple((row.key, label) for row, label in _labels(depth)), "lesson-options")
    _costs(depth)
    _blocks(depth, whole=False)
    return dashed.reveal(experiment.outcomes(NAME), DEPTH)


def _labels(depth: int) -> list[tuple[Row, str]]:
    return [(row, _("option {letter}", letter=letter)) for letter, row in dashed.rows(depth).items()]


def _nets(depth: int) -> list[tuple[Look, NetSpec]]:
    rows = _labels(depth)
    named = zip(rows, ranks([row.spec for row, _label in rows]), strict=True)
    return [(look(row.spec, label, rank=rank), row.spec) for (row, label), rank in named]


def _blocks(depth: int, whole: bool = True) -> None:
    """One net as a row of blocks, and of each option a block that changes the size."""
    nets = _nets(depth)
    if whole:
        plot.plot(nets_figure(nets[1:2], width=NARROW), "lesson-net")
        st.caption(_("Dotted: past a block that changes size or channels. Below, what each option puts there."))
    plot.plot(blocks_figure(nets, block="stage2.block1"), "lesson-blocks")


def _costs(depth: int) -> None:
    """What each option costs, and how often it errs on test images."""
    found = experiments.runs(dashed.EXPERIMENT)
    lines = []
    for own, net in _nets(depth):
        cost = estimates.cost(net, Recipe().data)
        tests = [backend.result(run).test for (one, _recipe), run in found.items() if one == net]
        errors = spread_words([100 * (1 - test) for test in tests if math.isfinite(test)], "error")
        lines.append((own, [f"{cost.parameters:,}", f"{cost.multiply_adds / 1e6:.2f}", errors or "–"]))
    table.show([_("parameters"), _("multiply-adds, M"), _("test error, %")], lines)


def check_dashed(entered: str) -> Verdict:
    """How many dashed blocks the notes' net has."""
    return dashed.dashed(entered)


def check_solid_block(entered: str) -> Verdict:
    """Parameters of the notes' solid block."""
    return dashed.count(entered, "stage1.block1")


def check_dashed_block(entered: str) -> Verdict:
    """Parameters of the notes' dashed block."""
    return dashed.count(entered, "stage2.block1")


CHECKS = {"where": check_dashed, "solid": check_solid_block, "dashed": check_dashed_block}
