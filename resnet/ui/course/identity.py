"""Lesson 4: the curves of five λ, and what arrives through shortcuts that are cut little by little."""

import json
import math

import streamlit as st

from resnet.analyses.wire import PERCENT, TRAINED, cut, passed
from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.look import looks
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, identity
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe
from resnet.ui.course import needed
from resnet.ui.lab import wire
from resnet.ui.parts import backend, nets_table, panels, playback, plot, waiting

NET = "res-56"
CURVES, ARRIVED, ALONE = 250, 230, 380  # pixels
SEEDS = Recipe(seeds=3)
_SMALL = "font-size: 0.875rem; line-height: 1.4"
ENDS = (100, 0)  # what is shown before the guess


def picture(seen: bool) -> Reveal | None:
    """The curves of both ends; after the guess those between, and what arrives at each λ."""
    with waiting.answers():
        bench = wire.trained_bench(NetSpec.parse(NET), Recipe())
        found = needed.runs(bench)
    series = [
        Series(own, backend.curves(found[entry.net]))
        for own, entry in zip(looks(bench), bench.entries, strict=True)
        if seen or entry.net in [cut(NetSpec.parse(NET), percent) for percent in ENDS]
    ]
    classes = backend.class_count(bench.recipe)
    height = CURVES if seen else ALONE
    figure = curves_figure(series, View(), bench.recipe.steps, classes, height=height)
    plot.plot(figure, "lesson-curves", height)
    if not seen:
        st.caption(_("λ = 0.9, 0.7 and 0.5 were trained as well: their curves come with your guess."))
        return None
    _arrived()
    return identity.reveal(_losses(), math.log(classes), blocks())


def _arrived() -> None:
    """Gradient and signal over λ, beside λⁿ, with a cursor that follows the finger; where workers are there."""
    if not nets_table.engine_note():
        return
    asked = wire.Asked(NetSpec.parse(NET), Recipe(), "output_gradient", ARRIVED)
    wanted = playback.chosen(PERCENT, wire.START, wire.WORD)
    try:
        with waiting.answers():
            wire.measure(asked, wanted)
    except waiting.PageEnds:
        return
    shown = panels.show(wire.panel(asked))
    playback.player(shown, json.loads(shown.content["steps@"]), wanted, wire.START, wire.places())
    plot.show(shown.content["arrived"], "lesson-arrived", ARRIVED, shown.part("arrived"), shown.at)
    st.html(f'<div data-live="{shown.part("said")}" style="{_SMALL}">{shown.content[f"said@{wanted}"]}</div>')
    st.caption(_("Measured before training, on {images} images.", images=asked.images))
    wire.ask_ahead(asked, wanted)


def blocks() -> int:
    """How many shortcuts the net has."""
    return sum(NetSpec.parse(NET).blocks)


def _losses() -> dict[int, list[float]]:
    """Final training losses by λ, in the order of the seeds; only runs that are done."""
    nets = {percent: cut(NetSpec.parse(NET), percent) for percent in TRAINED}
    found = backend.runs_of_recipes(nets.values(), SEEDS.each())
    runs = {percent: [own[net] for own in found if net in own] for percent, net in nets.items()}
    return {percent: [_last(run) for run in own if run.status == "done"] for percent, own in runs.items()}


def _last(run: Run) -> float:
    return backend.result(run).last


def check_smallest(entered: str) -> Verdict:
    """Against the runs of all seeds."""
    needed.runs(wire.trained_bench(NetSpec.parse(NET), Recipe()))
    return identity.smallest(entered, _losses(), _guessing())


def check_power(entered: str) -> Verdict:
    """Against λⁿ of the net's blocks."""
    return identity.power(entered, passed(NetSpec.parse(NET), 50))


def check_gate(entered: str) -> Verdict:
    """Against the runs of both nets."""
    bench = needed.bench(f"{NET},res-56-gate")
    runs = needed.runs(bench)
    whole, gated = (_last(runs[net]) for net in bench.nets)
    return identity.gate(entered, gated, whole, _guessing())


def _guessing() -> float:
    return math.log(backend.class_count(Recipe()))
