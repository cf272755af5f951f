"""What the buttons do that start and stop runs."""

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from resnet.findings.text import duration
from resnet.i18n import _, plural
from resnet.runs.errors import EngineError
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe, SpecError
from resnet.specs.bench import Bench
from resnet.ui.bench import at_work, news, off_bench, session
from resnet.ui.parts import backend, durations, seeds, visitors, widgets


def train_button() -> None:
    """The main action, on every page: train what is not trained, stop what runs, or train again with another seed."""
    bench = session.current()
    shown, left, open_nets = at_work.on_bench(bench), at_work.off_bench(bench), to_train(bench)
    let_go = at_work.let_go(bench)
    working = [*shown, *left]
    if working:
        _stop_button(working)
    if open_nets:
        _start_button(bench)
    elif not shown and not let_go:
        _again_button(bench)
    if let_go:
        _wait_button(let_go)
    off_bench.lines(left)


def to_train(bench: Bench) -> list[NetSpec]:
    """The nets on the bench that have no result yet, with every seed."""
    missing = {net for net, _recipe in seeds.missing(bench.nets, bench.recipe)}
    return [net for net in bench.nets if net in missing]


def train(bench: Bench) -> None:
    """Queue every run of the bench that has no result, seed by seed; when one is refused, a notice says why."""
    try:
        for net, recipe in seeds.missing(bench.nets, bench.recipe):
            backend.submit(net, recipe)
    except (SpecError, EngineError) as error:
        widgets.notify(str(error))


def main_label(bench: Bench) -> str:
    """What the main button says for that bench: train what has no result, or train again."""
    missing = seeds.missing(bench.nets, bench.recipe)
    if not missing:
        length = duration(durations.seconds_to_train(bench.nets, bench.recipe))
        first, last = next_seed(bench.recipe), next_seed(bench.recipe) + bench.recipe.seeds - 1
        if first < last:
            return _("Train again · seeds {first}–{last} · about {length}", first=first, last=last, length=length)
        return _("Train again · seed {seed} · about {length}", seed=first, length=length)
    count, length = len(missing), duration(durations.seconds_until(missing))
    if bench.recipe.seeds > 1:
        return plural("Train {count} run · about {length}", "Train {count} runs · about {length}", count, length=length)
    return plural("Train {count} net · about {length}", "Train {count} nets · about {length}", count, length=length)


def next_seed(recipe: Recipe) -> int:
    """The first seed behind those of the recipe."""
    return recipe.seed + recipe.seeds


def _start_button(bench: Bench) -> None:
    help_text = _("Train the nets on the bench that have no result yet, all on the same images in the same order.")
    help_text += " " + _("The time counts what the workers have to do before.")
    _wide(main_label(bench), "train", "play_arrow", help_text, lambda: train(bench))


def _stop_button(working: Sequence[Run]) -> None:
    watching = visitors.others([run.id for run in working])
    if watching and all(visitors.others([run.id]) for run in working):
        label = plural("Stop waiting for {count} run", "Stop waiting for {count} runs", len(working))
        text = _("Others wait for it too: it goes on for them.")
    else:
        label = plural("Stop {count} run", "Stop {count} runs", len(working))
        text = _("Stop within one step. What was recorded so far is kept.")
        text += " " + _("What others wait for goes on.") if watching else ""
    _wide(label, "stop", "stop", text, lambda: at_work.stop(working), primary=False)
    news.show_watching(watching)


def _wait_button(runs: Sequence[Run]) -> None:
    label = plural("Wait for {count} run again", "Wait for {count} runs again", len(runs))
    text = _("Training goes on for others; then it is not stopped before you stop waiting too.")
    _wide(label, "wait-again", "visibility", text, lambda: at_work.wait_again(runs), primary=False)


def _again_button(bench: Bench) -> None:
    seed = next_seed(bench.recipe)
    help_text = _("Other starting weights and another order of the images: does the result hold?")

    def again() -> None:
        session.change(lambda old: old.but(recipe=old.recipe.but(seed=seed)))
        train(session.current())

    _wide(main_label(bench), "again", "replay", help_text, again)


def _wide(label: str, key: str, icon: str, help_text: str, act: Callable[[], None], primary: bool = True) -> None:
    """A button as wide as the side bar; it acts in a callback, because a run that is overtaken loses its clicks."""
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    st.button(
        label,
        key=key,
        icon=f":material/{icon}:",
        type=kind,
        width="stretch",
        help=help_text,
        on_click=act,
    )
