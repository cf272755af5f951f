"""What the Train page draws, and its sentences, from the numbers in the store; Markdown."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.charts.bands import QUARTILES_FROM
from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.look import Look, looks
from resnet.findings.candidates import STATES, Candidate
from resnet.findings.comparison import conclusion
from resnet.findings.learning import loss_floor
from resnet.findings.next_question import questions
from resnet.findings.seeds import seeds_sentence
from resnet.findings.text import listed, paragraph, plain
from resnet.findings.training import clipped_words, state_sentence
from resnet.i18n import _
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, nets_table, widgets
from resnet.ui.parts.nets_table import Row
from resnet.ui.parts.plot import described

HEIGHT = 360  # pixels
SEEDS = 10  # seeds 0-9, besides the bench's own: what was trained under them is counted in the conclusion
BAND, EACH = "band", "each"


def seeds_menu(bench: Bench) -> str:
    """What is drawn of several seeds: their band, each of them, or the number of one; BAND where there is one."""
    seeds = [recipe.seed for recipe in bench.recipe.each()]
    if len(seeds) == 1:
        return BAND
    return widgets.menu("spread", _("Seeds"), partial(_spreads, seeds), about_seeds(len(seeds)), width=110)


def _spreads(seeds: Iterable[int]) -> dict[str, str]:
    each = {str(seed): _("Seed {seed}", seed=seed) for seed in seeds}
    return {BAND: _("Band"), EACH: _("Each seed")} | each


def axes() -> tuple[str, int, bool]:
    """What is on the x axis, over how many steps each point is the mean, and whether the y axis is logarithmic."""
    options = {"step": _("Steps"), "seconds": _("Seconds")}
    x = widgets.choice("x", _("x axis"), options, _("Steps count updates; seconds include the evaluations."))
    about = _("Each point is the mean of so many training steps.")
    smoothing = st.slider(_("Smoothing"), 1, 100, 20, key="smoothing", bind="query-params", help=about)
    log = st.toggle(_("Log scale"), key="log", bind="query-params", help=_("Logarithmic y axis."))
    return x, smoothing, log


def about_seeds(seeds: int) -> str:
    """What is drawn of so many seeds; a sentence."""
    if seeds < QUARTILES_FROM:
        return _("Lines: mean of the seeds that have come so far; band: from the lowest to the highest seed.")
    return _(
        "Lines: mean of the seeds that have come so far; band: the middle half of five seeds, of fewer from the lowest "
        "to the highest."
    )


def drawn(bench: Bench, view: View, shown: str = BAND) -> dict[str, str]:
    """The parts of the page that change while nets train: curves, what they say together, and a row for each net.

    `shown` is what `seeds_menu` gave.
    """
    found = backend.seed_runs(bench)
    pairs = [(look, found[entry.net]) for look, entry in zip(looks(bench), bench.entries, strict=True)]
    series = [one for look, runs in pairs if (one := series_of(look, runs, shown))]
    floors = sorted({loss_floor(net.outputs(bench.recipe.data)) for net in bench.nets if net.softmax})
    classes = backend.class_count(bench.recipe)
    view = replace(view, each=shown == EACH)
    figure = curves_figure(series, view, bench.recipe.steps, classes, floors, height=HEIGHT)
    rows = [_row(bench.recipe, look, runs) for look, runs in pairs]
    trials, others = _trials(bench)
    raised = json.dumps([asdict(question) for question in questions(trials[: len(trials) - len(others)])])
    said = conclusion(trials, others)
    return {"curves": described(figure), "!sentence": said, "!next": raised, "rows": nets_table.table(rows)}


def series_of(look: Look, runs: Mapping[int, Run], shown: str = BAND) -> Series | None:
    """The curves of a net's seeds, or of the one that is asked for; None before there is any."""
    wanted = {seed: run for seed, run in runs.items() if shown in (BAND, EACH, str(seed))}
    curves = {seed: backend.curves(run) for seed, run in wanted.items()}
    begun = {seed: own for seed, own in curves.items() if len(own.step)} or curves
    return Series(look, next(iter(begun.values())), begun) if begun else None


def _row(recipe: Recipe, look: Look, runs: Mapping[int, Run]) -> Row:
    """One line for a net, whatever the number of its seeds."""
    seeds = [own.seed for own in recipe.each()]
    if len(seeds) == 1:
        run = runs.get(recipe.seed)
        return Row(look, nets_table.state_of(run), of_run(run), nets_table.progress_of(run))
    own = [runs.get(seed) for seed in seeds]
    done = sum(run is not None and run.status == "done" for run in own)
    state = _("{done} of {count} seeds done", done=done, count=len(seeds))
    if origins := {run.recorded for run in own if run} - {""}:
        state = _("{done} of {count} seeds, recorded: {origin}", done=done, count=len(seeds), origin="; ".join(origins))
    states = [
        _("seed {seed}: {state}", seed=seed, state=nets_table.state_of(run))
        for seed, run in zip(seeds, own, strict=True)
    ]
    note = " · ".join(states) if done < len(seeds) else ""
    told = seeds_sentence([candidate("", run) for run in own])
    told += clipped_words(clipped([run for run in own if run])) if told else ""
    return Row(look, state, told, nets_table.progress_of_all(own), note)


def caption(bench: Bench, shown: str = BAND) -> str:
    """What the nets on the bench have in common before the first step, and what a band is; Markdown."""
    twins = [net for net in bench.nets if net.block == "residual" and net.twin() in bench.nets]
    other = [net.title for net in twins if net.zero_gamma or net.fixup]  # these set weights that the plain twin draws
    text = _("Same images in the same order")
    if len(other) < len(twins):
        text += _("; a plain net and its residual twin start from the same weights")
        text += _(", except {nets}: zero-γ or Fixup sets theirs", nets=plain(listed(other))) if other else ""
    text = _("{common}. Lower is better.", common=text)
    return paragraph(text, about_seeds(bench.recipe.seeds)) if bench.recipe.seeds > 1 and shown == BAND else text


def of_run(run: Run | None) -> str:
    """What one run has done so far; its message when it ended early."""
    if run is None:
        return ""
    softmax = run.net.outputs(run.recipe.data) if run.net.softmax else 0
    return state_sentence(run.sentence, backend.result(run), softmax, clipped([run]))


def clipped(runs: Sequence[Run]) -> float:
    """The share of updates whose gradients were clipped, of all these runs; NaN where none could be."""
    told = [backend.profiles(run, catalog.CLIPPED)[1] for run in runs if run.recipe.clip]
    values = [one.ravel() for one in told if one.size]
    return float(np.concatenate(values).mean()) if values else math.nan


def of_bench(bench: Bench) -> str:
    """What the differences between the nets on the bench did, in how many seeds; else what to do next."""
    return conclusion(*_trials(bench))


def _trials(bench: Bench) -> tuple[list[list[Candidate]], list[int]]:
    """The nets of the bench in each of its seeds, then in others that were found; and the numbers of these."""
    own = bench.recipe.each()
    first, last = own[0].seed, own[-1].seed
    others = [own[0].but(seed=seed) for seed in range(SEEDS) if not first <= seed <= last]
    found = backend.runs_of_recipes(bench.nets, [*own, *others])
    known = [(recipe.seed, runs) for recipe, runs in zip(others, found[len(own) :], strict=True) if runs]
    trials = [_candidates(bench, runs) for runs in (*found[: len(own)], *(runs for _seed, runs in known))]
    return trials, [seed for seed, _runs in known]


def _candidates(bench: Bench, found: Mapping[NetSpec, Run]) -> list[Candidate]:
    named = zip(bench.names, bench.entries, strict=True)
    return [candidate(name, found.get(entry.net), entry.net) for name, entry in named]


def candidate(name: str, run: Run | None, net: NetSpec | None = None) -> Candidate:
    """How a net's run stands, for what is said of several."""
    state = STATES.get(run.status, "open") if run else "open"
    return Candidate(name, net.model_dump() if net else {}, state, backend.result(run) if run else None)
