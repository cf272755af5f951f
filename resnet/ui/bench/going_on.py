"""Runs of the bench that go on: those that ended before their last step, and those that are given more steps."""

from collections.abc import Iterable, Mapping
from functools import partial

import streamlit as st

from resnet.findings import extension as findings
from resnet.findings.text import duration, paragraph, plain
from resnet.i18n import _, plural
from resnet.runs.errors import EngineError
from resnet.specs import NetSpec, Recipe, SpecError, run_id
from resnet.specs.bench import Bench
from resnet.specs.limits import LIMITS
from resnet.training.extension import FREE, goes_on, longer
from resnet.training.schedules import learning_rate
from resnet.ui.bench import session
from resnet.ui.parts import backend, durations, seeds, widgets

One = tuple[NetSpec, Recipe]  # a run of one seed


def begun(runs: Iterable[One]) -> dict[One, int]:
    """The runs that have a checkpoint behind step 0, with its step."""
    named = {_id(*run): run for run in runs}
    return {named[key]: step for key, step in backend.engine().store.checkpoints(named).items() if step}


def _id(net: NetSpec, recipe: Recipe) -> str:
    return run_id(net, recipe, backend.engine().device)


def label(runs: list[One], on: Mapping[One, int], length: str) -> str:
    """Of the button that lets `runs` be trained, of which some go `on` at a step; short: the side bar is narrow."""
    if len(runs) == 1:
        return _("Go on from step {step} · {length}", step=on[runs[0]], length=length)
    return plural(
        "Go on: {count} run · about {length}", "Go on: {count} runs · about {length}", len(runs), length=length
    )


def help_text(runs: list[One], on: Mapping[One, int]) -> str:
    """Where each of them goes on."""
    steps = sorted(set(on.values()))
    first, last = steps[0], steps[-1]
    text = _("Goes on exactly where it was, before step {step}.", step=first)
    if first < last:
        text = _("Each goes on exactly where it was, before steps {first} to {last}.", first=first, last=last)
    return paragraph(text, _("The others start from step 0.")) if len(on) < len(runs) else text


def more_steps(bench: Bench) -> None:
    """A small button for runs that are done, with what it does."""
    if bench.recipe.steps >= LIMITS.max_steps:
        return
    text = _("Let the runs go on behind their last step.")
    with widgets.lazy_popover(_("More steps"), "more-steps", "fast_forward", text, height=190) as opened:
        if opened:
            _choice(bench)


def _choice(bench: Bench) -> None:
    recipe, most = bench.recipe, LIMITS.max_steps
    steps = st.number_input(
        _("Steps in all"),
        min_value=recipe.steps + 1,
        max_value=most,
        value=min(2 * recipe.steps, most),
        step=max(1, recipe.steps // 4),
        key=f"more-steps-{recipe.steps}",
        help=_("The last step of each run; so far it is {steps}, and {most} at most.", steps=recipe.steps, most=most),
    )
    try:
        later = longer(recipe, steps)
    except SpecError as error:
        st.caption(plain(str(error)))
        return
    runs = seeds.missing(bench.nets, later)
    st.caption(plain(sentence(recipe, later)))
    length = duration(durations.seconds_until(runs, _after(runs, recipe)))
    words = _("Go on to step {steps} · about {length}", steps=steps, length=length)
    about = _("The curves so far stay, and grow. The shorter runs are kept, too.")
    if not goes_on(recipe, later):
        words = _("Train {steps} steps anew · about {length}", steps=steps, length=length)
        about = _("The runs begin at step 0. The shorter ones are kept, too.")
    act = partial(extend, recipe, later)
    st.button(words, key="extend", type="primary", width="stretch", help=about, on_click=act)


def sentence(recipe: Recipe, later: Recipe) -> str:
    """What the learning rate does when runs by `recipe` become runs by `later`."""
    if recipe.schedule in FREE:
        return findings.constant_sentence(later.steps)
    if not goes_on(recipe, later):
        return findings.anew_sentence(later.extended)
    before, after = (learning_rate(later, step) for step in (recipe.steps - 1, recipe.steps))
    return findings.planned_sentence(before, after, recipe.lr, recipe.steps, later.steps)


def _after(runs: Iterable[One], recipe: Recipe) -> dict[One, int]:
    """The steps that the shorter runs by `recipe` have done, where `runs` can go on there."""
    shorter = {run: (run[0], _shorter(recipe, run[1])) for run in runs}
    done = begun(own for run, own in shorter.items() if goes_on(own[1], run[1]))
    return {run: done[own] for run, own in shorter.items() if own in done}


def _shorter(recipe: Recipe, later: Recipe) -> Recipe:
    return recipe.but(seed=later.seed, seeds=1)


def extend(recipe: Recipe, later: Recipe) -> None:
    """Put the longer recipe on the bench, and let each run go on where the shorter one is. For callbacks."""
    session.change(lambda bench: bench.but(recipe=later))
    bench = session.current()
    if bench.recipe != later:
        return
    try:
        for net, own in seeds.missing(bench.nets, later):
            shorter = _shorter(recipe, own)
            backend.submit(net, own, after=_id(net, shorter) if goes_on(shorter, own) else "")
    except (SpecError, EngineError) as error:
        widgets.notify(str(error))
