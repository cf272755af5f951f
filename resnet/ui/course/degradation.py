"""Lesson 2: the curves of the demo's four nets, on training or on test images."""

from collections.abc import Iterable

import numpy as np
import streamlit as st

from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.film import until
from resnet.charts.look import looks
from resnet.findings.text import paragraph, plain
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, degradation
from resnet.lessons.degradation import Errors
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench
from resnet.ui.course import needed
from resnet.ui.parts import backend, plot, seeds, waiting, widgets

NETS = "plain-20,plain-56,res-20,res-56"
DEPTHS = (8, 14, 20, 32, 44, 56, 110)
SEEDS = Recipe(seeds=3)
HEIGHT = 400  # pixels
BEGINNING = 0.1  # of the steps: what is shown before the guess


def picture(seen: bool) -> Reveal | None:
    """The first steps; after the guess all of them, on training or test images."""
    with waiting.answers():
        bench = needed.bench(NETS)
        found = needed.runs(bench)
    split, steps = _split() if seen else "train", bench.recipe.steps
    pairs = zip(looks(bench), bench.nets, strict=True)
    series = [Series(own, backend.curves(found[net])) for own, net in pairs]
    shown = series if seen else [until(one, int(BEGINNING * steps)) for one in series]
    view = View(quantity="error", split=split)
    figure = curves_figure(shown, view, steps, backend.class_count(bench.recipe), height=HEIGHT, whole=series)
    plot.plot(figure, f"lesson-{split}", HEIGHT)
    told = "" if seen else _("The first {begun} of {steps} steps.", begun=int(BEGINNING * steps), steps=steps)
    st.caption(plain(paragraph(told, seeds.origin(found.values()))))
    return degradation.reveal(_ends(bench)) if seen else None


def _split() -> str:
    options = {"train": _("Training images"), "test": _("Test images")}
    text = _(
        "Errors on the images that they learn from, which are moved and mirrored and so a little harder, or on others."
    )
    return widgets.choice("images-of", _("Images"), options, text)


def _ends(bench: Bench) -> dict[str, list[Errors]]:
    """What the finished runs have come to, by net, in the order of the seeds."""
    found = backend.seed_runs(bench.but(recipe=SEEDS))
    ended = {net: [run for _seed, run in sorted(found[net].items()) if run.status == "done"] for net in bench.nets}
    return {str(net): list(map(_errors, runs)) for net, runs in ended.items()}


def _errors(run: Run) -> Errors:
    result = backend.result(run)
    return Errors(100 * (1 - result.right), 100 * (1 - result.test))


def check_overfits(entered: str) -> Verdict:
    """From the end of plain-56."""
    bench = needed.bench("plain-56")
    (run,) = needed.runs(bench).values()
    return degradation.overfits(entered, _errors(run), 100 * (1 - 1 / backend.class_count(bench.recipe)))


def check_turning(entered: str) -> Verdict:
    """From the plain nets of the sweep."""
    return degradation.turning(entered, {depth: _mean(_losses(runs)) for depth, runs in _sweep().items()})


def check_deepest(entered: str) -> Verdict:
    """From the same."""
    return degradation.deepest(entered, {depth: _mean(_tested(runs)) for depth, runs in _sweep().items()})


def _sweep() -> dict[int, list[Run]]:
    """The finished runs of each plain net of the sweep; of those without one nothing."""
    nets = [NetSpec(block="plain", depth=depth) for depth in DEPTHS]
    found = backend.runs_of_recipes(nets, SEEDS.each())
    runs = {net.depth: [own[net] for own in found if net in own and own[net].status == "done"] for net in nets}
    return {depth: own for depth, own in runs.items() if own}


def _losses(runs: Iterable[Run]) -> list[float]:
    return [backend.result(run).last for run in runs]


def _tested(runs: Iterable[Run]) -> list[float]:
    return [_errors(run).test for run in runs]


def _mean(values: list[float]) -> float:
    return float(np.mean(values))
