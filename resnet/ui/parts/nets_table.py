"""Parts of pages that more than one page shows: the state of the engine, of every net, a sentence under a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from resnet.charts.ink import ink
from resnet.charts.look import Look
from resnet.findings.text import duration, paragraph
from resnet.i18n import _, plural
from resnet.runs.store import Run
from resnet.ui.parts import backend
from resnet.ui.parts.swatch import swatch

_STYLE = """<style>
.nets { border-collapse: collapse; font-size: 0.92rem; line-height: 1.35; }
.nets td, .nets th { border: 0; padding: 0.18rem 0.9rem 0.18rem 0; vertical-align: middle; }
.nets th { white-space: nowrap; font-weight: 600; width: 1%; text-align: left; }
.nets th i { display: inline-block; width: 1.75rem; vertical-align: middle; margin-right: 0.5rem; }
.nets td.state { white-space: nowrap; width: 1%; opacity: 0.8; }
.nets td .note { opacity: 0.8; }
.nets td.bar { width: 7rem; }
.nets td.bar span, .nets td.bar b { display: block; height: 5px; border-radius: 3px; }
.nets td.bar span { background: color-mix(in srgb, currentColor 18%, transparent); }
.nets td.bar b { background: currentColor; }
@media (max-width: 640px) { .nets th, .nets td, .nets td.state { display: block; width: auto; white-space: normal; } }
@media (max-width: 640px) { .nets td.state { white-space: normal; width: auto; } }
</style>"""


@dataclass(frozen=True)
class Row:
    """One line of the table of nets: progress 0–1 or None for no bar; `note` says why."""

    look: Look
    state: str
    sentence: str
    progress: float | None = None
    note: str = ""


def table(rows: Sequence[Row]) -> str:
    """One compact line per net: name in its own look, state, progress, and what its numbers say; HTML."""
    return f'<table class="nets">{"".join(_line(row) for row in rows)}</table>'


def show_table(html: str, part: str) -> None:
    """What `table` gave as a panel's `part`, which the browser follows."""
    st.html(f'{_STYLE}<div data-live="{part}">{html}</div>')


def engine_note() -> bool:
    """Say so while the engine starts; True when it is ready. What else is the matter with it stands on every page."""
    engine = backend.engine()
    if engine.state == "ready":
        return True
    if engine.state == "starting":
        st.info(
            _("The engine is starting; this takes a few seconds. You can press Train already."),
            icon=":material/hourglass_top:",
        )
    return False


def device_sentence() -> str:
    """What trains here, and how many nets at once."""
    engine = backend.engine()
    told = plural(
        "Trains on {device}, {count} net at a time.",
        "Trains on {device}, {count} nets at a time.",
        engine.slots,
        device=engine.device_label,
    )
    missing = _("{device}, which RESNET_DEVICE names, was not found.", device=engine.missing_device)
    return paragraph(told, missing) if engine.missing_device else told


def net_list(lines: Sequence[tuple[Look, str]]) -> None:
    """A line per net: its name in its own look, and a few words."""
    rows = "".join(f"<tr>{_name(look)}<td>{escape(text)}</td></tr>" for look, text in lines)
    st.html(f'{_STYLE}<table class="nets">{rows}</table>')


def state_of(run: Run | None) -> str:
    """In a few words: not trained, waiting (place), step and remaining time, how it ended."""
    if run is None:
        return _("not trained yet")
    if run.status == "queued":
        place = backend.engine().position(run.id)
        return _("waiting, number {place}", place=place) if place else _("about to start")
    if run.status == "running":
        return _running(run)
    if run.recorded:
        return _("recorded: {origin}", origin=run.recorded)
    if run.status == "done":
        return _("done in {length}", length=duration(run.seconds))
    if run.status == "paused":
        return _("paused at step {step} of {steps}", step=run.step, steps=run.recipe.steps)
    places = {"step": run.step, "steps": run.recipe.steps}
    return {
        "stopped": _("stopped at step {step} of {steps}", **places),
        "diverged": _("diverged at step {step}", **places),
        "failed": _("failed at step {step} of {steps}", **places),
    }[run.status]


def _running(run: Run) -> str:
    if run.step < 1 or run.seconds <= 0:
        return _("starting")
    left = run.seconds / run.step * (run.recipe.steps - run.step)
    places = {"step": run.step, "steps": run.recipe.steps, "speed": run.step / run.seconds, "left": duration(left)}
    return _("step {step} of {steps} · {speed:.0f} steps/s · {left} left", **places)


def progress_of(run: Run | None) -> float | None:
    """The share of the steps that a run has done which waits, trains or is paused."""
    return run.step / run.recipe.steps if run and run.status in (*backend.AT_WORK, "paused") else None


def progress_of_all(runs: Sequence[Run | None]) -> float | None:
    """The share of the steps that several runs have done together; None when none is at work."""
    if not backend.at_work(run for run in runs if run):
        return None
    return sum(run.step / run.recipe.steps for run in runs if run) / len(runs)


def _line(row: Row) -> str:
    bar = ""
    if row.progress is not None:
        share, name = f"{100 * row.progress:.0f}", escape(_("Progress of {name}", name=row.look.label))
        role = f'role="progressbar" aria-label="{name}" aria-valuenow="{share}" aria-valuemin="0" aria-valuemax="100"'
        filled = f'<span {role}><b style="width:{share}%"></b></span>'
        bar = f'<td class="bar" style="color:{escape(row.look.colour)}">{filled}</td>'
    note = f'<br><span class="note">{escape(row.note)}</span>' if row.note else ""
    state = f'<td class="state">{escape(row.state)}</td>'
    return f"<tr>{_name(row.look)}{state}{bar}<td>{escape(row.sentence)}{note}</td></tr>"


def _name(look: Look) -> str:
    mark = swatch(escape(look.colour), look.dash, look.symbol)
    return f'<th scope="row" style="color:{escape(ink(look.colour))}">{mark}{escape(look.label)}</th>'
