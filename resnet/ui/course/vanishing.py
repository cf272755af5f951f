"""Lesson 6: gradients of the block outputs, at step 0 at any depth, and through the training of four nets."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import streamlit as st

from resnet.charts.frames import difference
from resnet.charts.look import Look, doubles, look, looks, ranks
from resnet.charts.profiles import Profile, axis_limits, profile_figure
from resnet.experiments import EXPERIMENTS
from resnet.findings.profiles import kind, ratio
from resnet.findings.text import nats, paragraph
from resnet.i18n import N_, _
from resnet.lessons import Reveal, Verdict, scoring, vanishing
from resnet.nets.structure import probed_names
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.ui.bench import session
from resnet.ui.course import rows, table
from resnet.ui.lab.board.tracks import STANDINGS
from resnet.ui.lab.experiments import panel as experiments
from resnet.ui.lab.gradients import profiles
from resnet.ui.parts import backend, panels, playback, plot, visitors, waiting, widgets
from resnet.ui.parts.playback import Places
from resnet.ui.parts.plot import described

WORD = "lesson-depth"  # in the address, as the next
WORD_STEP = "lesson-step"
NAME = "vanishing"
PROBE, SIGNAL = "output_gradient", "activation_std"
DEPTHS: list[int] = [depth for depth in (8, 14, 20, 32, 44, 56, 80, 110) if depth == LIMITS.depth(depth)] or [
    LIMITS.depth(8)
]
DEPTH = min(DEPTHS, key=lambda depth: abs(depth - 56))
HEIGHT = 330  # pixels
LOWEST = -20.0  # as a power of ten: of what lies lower the chart shows the way down, the table the value
RECIPE = Recipe()
BECOMES = {"vanish": N_("vanishes"), "healthy": N_("arrives"), "explode": N_("explodes")}


@dataclass(frozen=True)
class Kind:
    """`short` in the chart, `label` elsewhere; the `words` are of the recipe of the run that came with the app."""

    short: str
    label: str
    net: str
    words: str = ""


KINDS = {
    "plain": Kind(N_("plain, BN"), N_("plain, batch norm"), "plain-{depth}"),
    "residual": Kind(N_("residual, BN"), N_("residual, batch norm"), "res-{depth}"),
    "plain-bare": Kind(N_("plain, no BN"), N_("plain, no norm"), "plain-{depth}-nobn-torchinit", "lr=0.001"),
    "residual-bare": Kind(N_("residual, no BN"), N_("residual, no norm"), "res-{depth}-nobn-torchinit", "lr=0.001"),
    "sigmoid": Kind(
        N_("sigmoid"),
        N_("plain, no norm, sigmoid"),
        "plain-{depth}-nobn-sigmoid-torchinit",
        "optimizer=sgd&lr=0.1",
    ),
}
ASKED = [name for name in KINDS if name != "plain"]  # guessed row by row: plain is the lesson's question


def picture(seen: bool) -> Reveal | None:
    """Before the guess the nets are named; then one view at a time: depth at step 0, or the steps of a training."""
    if not seen:
        st.markdown(_("**And these four, of the same depth?**"))
        words = {word: _(text) for word, text in BECOMES.items()}
        rows.ask(NAME, {name: _(KINDS[name].label) for name in ASKED}, words)
        return None
    views = {"depth": _("Depth, untrained"), "training": _("Through training")}
    about = _("Five nets of any depth before the first step; or four nets of depth 56 at every recorded step.")
    if widgets.choice("vanishing-view", _("Chart"), views, about) == "depth":
        _show_depths()
    else:
        _show_training()
    return _reveal()


def _reveal() -> Reveal:
    """Always of the depth that the question names."""
    with waiting.answers():
        plain, *others = waiting.gather(_answers(DEPTH))
    told = vanishing.reveal(plain[PROBE], others[0][PROBE], DEPTH)
    truth = dict(zip(ASKED, (kind(one[PROBE]) for one in others), strict=True))
    found = experiments.results(EXPERIMENTS["healthy-gradient"], experiments.runs(EXPERIMENTS["healthy-gradient"]))
    more = [
        scoring.score_sentence(rows.guessed(NAME, ASKED), truth),
        "\n\n" + vanishing.not_enough(found, backend.class_count(RECIPE)),
    ]
    return Reveal(told.right, paragraph(told.text, *more))


# --- any depth, at step 0


def nets(depth: int) -> list[NetSpec]:
    """The five kinds at one depth."""
    return [NetSpec.parse(kind.net.format(depth=depth)) for kind in KINDS.values()]


def _answers(depth: int) -> "list[Future[dict[str, np.ndarray]]]":
    """Of each kind what was recorded of step 0; what was not is measured."""
    found = [_recorded(net, kind) for net, kind in zip(nets(depth), KINDS.values(), strict=True)]
    if all(found):
        return [_known(values) for values in found if values]
    images = backend.step0_images(nets(DEPTHS[-1]), RECIPE)
    return [backend.step0_profiles(net, RECIPE, images=images) for net in nets(depth)]


def _recorded(net: NetSpec, kind: Kind) -> dict[str, np.ndarray] | None:
    recipe = Recipe.parse(kind.words) if kind.words else RECIPE
    run = backend.runs_of([net], recipe).get(net)
    known = {probe: backend.profiles(run, probe) for probe in (PROBE, SIGNAL)} if run else {}
    if known and all(len(steps) and steps[0] == 0 for steps, _values in known.values()):
        return {probe: values[0] for probe, (_steps, values) in known.items()}
    return None


def _known(values: dict[str, np.ndarray]) -> "Future[dict[str, np.ndarray]]":
    answer: Future[dict[str, np.ndarray]] = Future()
    answer.set_result(values)
    return answer


def _show_depths() -> None:
    places = Places(WORD, _("Depth"), _("depth {step}"), _("Play: from the shallowest nets to the deepest"))
    depth = playback.chosen(DEPTHS, DEPTH, places.word)
    with waiting.answers():
        waiting.gather(_answers(depth))
    shown = panels.show(panels.panel(depths_drawn, news=_ready))
    playback.player(shown, json.loads(shown.content["steps@"]), depth, DEPTH, places)
    figure = playback.framed(shown, "profiles", depth)
    plot.show(figure, "lesson-profiles", HEIGHT, shown.part("profiles"), shown.at)
    table.show_part(shown.content[f"said@{depth}"], shown.part("said"))
    text = _("Gradient: from the last block to the first. Signal: spread of the outputs, from the first to the last.")
    st.caption(text)
    with visitors.ahead():
        for other in DEPTHS:
            _answers(other)


def _ready() -> tuple[int, ...]:
    with backend.peeking():
        return tuple(depth for depth in DEPTHS if all(answer.done() for answer in _answers(depth)))


def depths_drawn() -> dict[str, str]:
    """A frame for each depth that is measured, and a line for each net."""
    with backend.peeking():
        measured = {depth: [answer.result() for answer in _answers(depth)] for depth in _ready()}
    if not measured:
        return {}
    low, high = axis_limits([one[PROBE] for own in measured.values() for one in own])
    figures = {depth: _figure(depth, own, (max(low, LOWEST), high)) for depth, own in measured.items()}
    whole = json.loads(figures[next(iter(figures))])
    content = {"steps@": json.dumps(list(measured)), "profiles@": json.dumps(whole)}
    for depth, figure in figures.items():
        content[f"profiles@{depth}"] = json.dumps(difference(whole, json.loads(figure)))
        content[f"said@{depth}"] = _lines(depth, measured[depth])
    return content


def _figure(depth: int, measured: Sequence[dict[str, np.ndarray]], limits: tuple[float, float]) -> str:
    drawn = [
        Profile(own, probed_names(net, "block"), values[PROBE])
        for own, net, values in zip(_looks(depth, lambda kind: kind.short), nets(depth), measured, strict=True)
    ]
    return described(profile_figure(drawn, PROBE, limits=limits, height=HEIGHT))


def _looks(depth: int, label: Callable[[Kind], str]) -> list[Look]:
    own = nets(depth)
    named = zip(own, KINDS.values(), ranks(own), doubles(own), strict=True)
    return [look(net, _(label(kind)), rank=rank, double=double) for net, kind, rank, double in named]


def _lines(depth: int, measured: Sequence[dict[str, np.ndarray]]) -> str:
    """What becomes of the gradient on its way back, and of the signal on its way forward."""
    lines = [
        (own, [ratio(values[PROBE]), _(BECOMES[kind(values[PROBE])]), ratio(values[SIGNAL][::-1])])
        for own, values in zip(_looks(depth, lambda kind: kind.label), measured, strict=True)
    ]
    return table.made([_("gradient"), "", _("signal")], lines)


# --- through training


def trained_bench() -> Bench:
    """Batch norm and layer norm, plain and residual: their runs come with the app."""
    experiment = EXPERIMENTS["healthy-gradient"]
    entries = tuple(Entry(net=row.spec) for row in experiment.rows)[: LIMITS.max_nets]
    return Bench(entries=entries, recipe=experiment.recipe(experiment.rows[0]).each()[0])


def _show_training() -> None:
    bench = trained_bench()
    shown = panels.show(panels.panel(training_drawn, bench, runs=backend.ids(bench)))
    if not shown.content:
        st.info(_("The runs that this looks at are not here: train them on the page Experiments of later work."))
        return
    steps = json.loads(shown.content["steps@"])
    places = Places(WORD_STEP, _("Step"), _("step {step}"), _("Play: from the first step to the last"))
    step = playback.chosen(steps, 0, places.word)
    playback.player(shown, steps, step, 0, places)
    figure = playback.framed(shown, "profiles", step)
    plot.show(figure, "lesson-training", HEIGHT, shown.part("profiles"), shown.at)
    table.show_part(shown.content[f"said@{step}"], shown.part("said"))
    st.caption(_("Gradient: from the last block to the first, on the batch of that step."))


def training_drawn(bench: Bench) -> dict[str, str]:
    """A frame for each step that all have recorded, and beside each net its gradient and its loss at that step."""
    found = backend.runs(bench)
    told = zip(looks(bench), bench.entries, strict=True)
    histories = [profiles.record(own, entry, found.get(entry.net), PROBE) for own, entry in told]
    known = [history for history in histories if history]
    if len(known) < len(bench.entries):
        return {}
    steps = sorted(set.intersection(*(set(history.steps.tolist()) for history in known)))
    limits = axis_limits([history.values for history in known])
    content = {"steps@": json.dumps(steps)}
    for step in steps:
        shown = [profiles.at(history, step)[1] for history in known]
        figure = described(profile_figure(shown, PROBE, limits=limits, height=HEIGHT))
        whole = content.setdefault("profiles@", figure)
        content[f"profiles@{step}"] = json.dumps(difference(json.loads(whole), json.loads(figure)))
        lines = [_trained_line(found[net], own, step) for net, own in zip(bench.nets, shown, strict=True)]
        content[f"said@{step}"] = table.made([_("gradient"), _("loss"), ""], lines)
    return content


def _trained_line(run: Run, profile: Profile, step: int) -> tuple[Look, list[str]]:
    result = backend.result(run, step)
    return profile.look, [ratio(profile.values), nats(result.last), _(STANDINGS[result.standing])]


# --- tasks


def known() -> list[vanishing.Known]:
    """The nets on the visitor's bench, measured at step 0."""
    bench = session.current()
    measured = profiles.start(bench, PROBE).measured
    named = zip(bench.names, bench.entries, measured, strict=True)
    return [vanishing.Known(name, one.net.block == "plain", one.net.depth, own[PROBE]) for name, one, own in named]


def check_factor(_entered: str) -> Verdict:
    """A plain net of depth 56 whose gradient arrives."""
    return vanishing.arrives(known())


def check_learned(_entered: str) -> Verdict:
    """What such a net has learned."""
    bench = session.current()
    net = next((one for one in known() if one.arrives), None)
    place = bench.names.index(net.name) if net else 0
    run = backend.runs(bench).get(bench.entries[place].net)
    ended = net and run and run.status in ("done", "diverged")
    return vanishing.learned(net, backend.result(run) if ended and run else None)


def check_explodes(_entered: str) -> Verdict:
    """A residual net whose gradient explodes."""
    return vanishing.explodes(known())


CHECKS = {"factor": check_factor, "learned": check_learned, "explodes": check_explodes}
