"""What the buttons do that start and stop runs."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

from resnet.findings.text import duration, paragraph, plain
from resnet.i18n import _, plural
from resnet.runs.store import Run
from resnet.specs import Recipe
from resnet.specs.bench import Bench
from resnet.ui.app import keyboard
from resnet.ui.bench import at_work, going_on, news, off_bench, session, together
from resnet.ui.parts import backend, durations, seeds, visitors


def train_button() -> None:
    """The main action, on every page: train what is not trained, stop what runs, or train again with another seed."""
    bench = session.current()
    shown, left, missing = at_work.on_bench(bench), at_work.off_bench(bench), seeds.missing(bench.nets, bench.recipe)
    let_go = at_work.let_go(bench)
    working = [*shown, *left]
    if working:
        _end_buttons(working)
    if missing:
        _start_button(bench, missing)
    elif not shown and not let_go:
        _again_button(bench)
        going_on.more_steps(bench)
    if let_go:
        _wait_button(let_go)
    if told := seeds.origin(run for own in backend.seed_runs(bench).values() for run in own.values()):
        st.caption(plain(told))
    off_bench.lines(left)


def train(bench: Bench, **how: Any) -> None:
    """Queue every run of the bench that has no result, seed by seed; when one is refused, a notice says why.

    Those that ended early go on where they were, unless they shall start ``afresh``.
    """
    together.queue(seeds.missing(bench.nets, bench.recipe), **how)


def main_label(bench: Bench) -> str:
    """What the main button says for that bench: train what has no result, or train again."""
    missing = seeds.missing(bench.nets, bench.recipe)
    if not missing:
        length = duration(durations.seconds_to_train(bench.nets, bench.recipe))
        first, last = next_seed(bench.recipe), next_seed(bench.recipe) + bench.recipe.seeds - 1
        if first < last:
            return _("Train again · seeds {first}–{last} · {length}", first=first, last=last, length=length)
        return _("Train again · seed {seed} · about {length}", seed=first, length=length)
    on = going_on.begun(missing)
    count, length = len(missing), duration(durations.seconds_until(missing, on))
    if on:
        return going_on.label(missing, on, length)
    if seeds.recorded(missing):
        return plural(
            "Train {count} run here · about {length}", "Train {count} runs here · about {length}", count, length=length
        )
    if bench.recipe.seeds > 1:
        return plural("Train {count} run · about {length}", "Train {count} runs · about {length}", count, length=length)
    return plural("Train {count} net · about {length}", "Train {count} nets · about {length}", count, length=length)


def next_seed(recipe: Recipe) -> int:
    """The first seed behind those of the recipe."""
    return recipe.seed + recipe.seeds


def _start_button(bench: Bench, missing: list[going_on.One]) -> None:
    on = going_on.begun(missing)
    help_text = _("Train the nets on the bench that have no result yet, all on the same images in the same order.")
    if on:
        help_text = going_on.help_text(missing, on)
    elif seeds.recorded(missing):
        help_text = _("What you see came with the app. Train the same nets here: they take its place.")
    help_text = paragraph(help_text, _("The time counts what the workers have to do before."))
    _wide(main_label(bench), "train", "play_arrow", help_text, lambda: train(bench))
    if on:
        _small(_("Start again"), "afresh", "restart_alt", _afresh_help(len(on)), lambda: train(bench, afresh=True))


def _afresh_help(count: int) -> str:
    return plural(
        "{count} run begins at step 0, and what it has recorded is deleted.",
        "{count} runs begin at step 0, and what they have recorded is deleted.",
        count,
    )


def _end_buttons(working: Sequence[Run]) -> None:
    """Pause and Stop in one row; where others wait for all of them there is nothing to pause."""
    with st.container(horizontal=True, wrap=False, gap="xsmall", key="end"):
        if not all(visitors.others([run.id]) for run in working):
            _pause_button(working)
        _stop_button(working)
    news.show_watching(visitors.others([run.id for run in working]))


def _pause_button(working: Sequence[Run]) -> None:
    runs = at_work.to_pause(working)
    text = _("Pause within one step: the workers are free, and the runs go on from there when you like.")
    if len(runs) < len(working):
        text = _("A net that is too large for a checkpoint trains on: it can only be stopped.")
    _wide(_("Pause"), "pause", "pause", text, lambda: at_work.pause(runs), primary=False, disabled=not runs)


def _stop_button(working: Sequence[Run]) -> None:
    watching = visitors.others([run.id for run in working])
    if watching and all(visitors.others([run.id]) for run in working):
        label = plural("Stop waiting for {count} run", "Stop waiting for {count} runs", len(working))
        text = _("Others wait for it too: it goes on for them.")
    else:
        label = plural("Stop {count} run", "Stop {count} runs", len(working))
        text = _("Stop within one step. What was recorded so far is kept.")
        text = paragraph(text, _("What others wait for goes on.") if watching else "")
    _wide(label, "stop", "stop", text, lambda: at_work.stop(working), primary=False)


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


def _small(label: str, key: str, icon: str, help_text: str, act: Callable[[], None]) -> None:
    st.button(label, key=key, icon=f":material/{icon}:", type="tertiary", help=help_text, on_click=act)


def _wide(
    label: str,
    key: str,
    icon: str,
    help_text: str,
    act: Callable[[], None],
    primary: bool = True,
    disabled: bool = False,
) -> None:
    """A button as wide as there is room; it acts in a callback, because a run that is overtaken loses its clicks."""
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    st.button(
        label,
        key=key,
        icon=f":material/{icon}:",
        type=kind,
        width="stretch",
        help=help_text,
        on_click=act,
        disabled=disabled,
        shortcut=_SHORTCUTS.get(key),
    )


_SHORTCUTS = {"train": keyboard.TRAIN, "again": keyboard.TRAIN, "stop": keyboard.STOP}
