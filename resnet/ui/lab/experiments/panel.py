"""What an experiment's page shows of its runs: the chart, the table, and what they bear out."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

import numpy as np
import streamlit as st

from resnet.charts.by_block import by_block_figure
from resnet.charts.chart import Chart
from resnet.charts.experiments import RowPoint, experiment_figure
from resnet.charts.look import look
from resnet.charts.sweep import Point, sweep_figure
from resnet.experiments import EXPERIMENTS, Experiment, Row
from resnet.findings.candidates import STATES, State
from resnet.findings.experiments import Line, lines, name_of, sentences, summary
from resnet.findings.learning import Result
from resnet.findings.outcomes import MEASURES, Outcomes, by_block, outcomes
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe, run_id
from resnet.ui.lab import sweep
from resnet.ui.parts import backend, panels
from resnet.ui.parts.plot import described
from resnet.ui.parts.swatch import swatch

COLUMNS = 5  # of the table, without what is shown besides
DEPTH_HEIGHT = 320  # pixels, of the charts against depth
_MARKS = {"agrees": "✓", "differs": "≠", "mixed": "≈", "open": "", "none": ""}
_STYLE = """<style>
.experiment { border-collapse: collapse; font-size: 0.9rem; line-height: 1.35; width: 100%; }
.experiment th { font-weight: 500; opacity: 0.75; text-align: left; }
.experiment td, .experiment th { border: 0; padding: 0.16rem 0.8rem 0.16rem 0; vertical-align: top; }
.experiment td.name { font-weight: 600; white-space: nowrap; }
.experiment td.name i { display: inline-block; width: 1.75rem; vertical-align: middle; margin-right: 0.5rem; }
.experiment td:nth-child(2) { opacity: 0.75; }
.experiment-frame { overflow-x: auto; }
.experiment td small { display: none; opacity: 0.75; }
@media (max-width: 640px) {
  .experiment tr:first-child { display: none; }
  .experiment tr, .experiment td { display: block; }
  .experiment tr { padding-bottom: 0.6rem; }
  .experiment td small { display: inline; }
}
</style>"""


def key_of(net: NetSpec, recipe: Recipe) -> str:
    """The id of a run of one seed on this device."""
    return run_id(net, recipe, backend.engine().device)


def runs(experiment: Experiment) -> dict[tuple[NetSpec, Recipe], Run]:
    """The runs that exist, each of one seed."""
    keys = {(net, recipe): key_of(net, recipe) for net, recipe in experiment.runs()}
    found = backend.engine().store.runs(keys.values())
    return {asked: found[key] for asked, key in keys.items() if key in found}


def panel(experiment: Experiment) -> panels.Panel:
    """What changes while the runs train."""
    keys = [key_of(net, recipe) for net, recipe in experiment.runs()]
    return panels.panel(drawn, experiment.name, runs=dict.fromkeys(keys))


def drawn(name: str) -> dict[str, str]:
    """Chart, table, what they say, what trains now, and a text that draws the page anew when a run has ended."""
    experiment = EXPERIMENTS[name]
    found = runs(experiment)
    told = results(experiment, found)
    by_net: dict[NetSpec, list[Run | None]] = {}
    for (net, _recipe), run in found.items():
        by_net.setdefault(net, []).append(run)
    ended = sum(run.status not in backend.AT_WORK for run in found.values())
    return {
        "figure": described(chart(experiment, told)),
        "blocks": described(blocks(experiment, found)) if experiment.chart == "blocks" else "",
        "table": table(experiment, told),
        "!sentence": sentence(experiment, told, found),
        "going": escape(sweep.going(by_net)),
        f"{panels.RERUN}runs": f"{ended} of {len(found)}",
    }


def results(experiment: Experiment, found: dict[tuple[NetSpec, Recipe], Run]) -> Outcomes:
    """What the runs have come to, for every row and seed."""

    def find(net: NetSpec, recipe: Recipe) -> tuple[State, Result, float] | None:
        run = found.get((net, recipe))
        return (STATES.get(run.status, "open"), backend.result(run), run.seconds) if run else None

    def profile(net: NetSpec, recipe: Recipe, probe: str) -> np.ndarray:
        return backend.profiles(found[net, recipe], probe)[1]

    return outcomes(experiment, find, profile)


def chart(experiment: Experiment, told: Outcomes) -> Chart:
    """The rows below each other, or plain and residual nets against depth."""
    ended = {key: tuple(one.value for one in own if one.ended) for key, own in told.items()}
    classes = backend.class_count(experiment.recipe(experiment.rows[0]))
    if experiment.chart == "depth":
        return sweep_figure([Point(row.spec, ended[row.key]) for row in experiment.rows], "loss", classes, DEPTH_HEIGHT)
    guess = {"loss": float(np.log(classes)), "error": 100 * (1 - 1 / classes)}.get(experiment.measured, float("nan"))
    rows = [RowPoint(row.spec, row.key, name_of(row), ended[row.key], row.numbers) for row in experiment.rows]
    return experiment_figure(rows, experiment.measured, guess)


def blocks(experiment: Experiment, found: dict[tuple[NetSpec, Recipe], Run]) -> Chart:
    """What the rows measure, block by block."""

    def seeds(row: Row) -> list[np.ndarray]:
        asked = [(row.spec, own) for own in experiment.recipe(row).each()]
        own = [found[one] for one in asked if one in found and found[one].status == "done"]
        return [by_block(row.spec, partial(_profile, run), experiment.measured) for run in own]

    nets = [(row.spec, [one for one in seeds(row) if one.size]) for row in experiment.rows]
    return by_block_figure(nets, experiment.measured, DEPTH_HEIGHT)


def _profile(run: Run, probe: str) -> np.ndarray:
    return backend.profiles(run, probe)[1]


def table(experiment: Experiment, told: Outcomes) -> str:
    """A line for every row, as HTML."""
    heads = [_("net"), _("published"), _("here: {what}", what=_(MEASURES[experiment.measured].label))]
    heads += [_(MEASURES[experiment.also].label)] if experiment.also else []
    heads += [_("seconds a run"), _("order")]
    top = "".join(f"<th>{escape(head)}</th>" for head in heads)
    body = "".join(_line(line, heads) for line in lines(experiment, told))
    return f'<div class="experiment-frame"><table class="experiment"><tr>{top}</tr>{body}</table></div>'


def _line(line: Line, heads: Sequence[str]) -> str:
    """The name, then a cell below each of the other `heads`; where the page is narrow each cell has its own."""
    mark = f"{_MARKS[line.verdict]} " if _MARKS[line.verdict] else ""
    also = [line.also or "–"] if len(heads) > COLUMNS else []
    published = escape(line.published).replace("; ", "<br>")
    cells = [published, *map(escape, (line.ours, *also, line.seconds, mark + line.words))]
    own = look(line.row.spec)
    name = f'<td class="name">{swatch(own.colour, own.dash, own.symbol)}{escape(name_of(line.row))}</td>'
    pairs = zip(heads[1:], cells, strict=True)
    shown = "".join(f"<td><small>{escape(head)}:&ensp;</small>{cell}</td>" for head, cell in pairs)
    return f"<tr>{name}{shown}</tr>"


def show_table(html: str, part: str) -> None:
    """The table as a panel's `part`, which the browser follows."""
    st.html(f'{_STYLE}<div data-live="{part}">{html}</div>')


def sentence(experiment: Experiment, told: Outcomes, found: Mapping[tuple[NetSpec, Recipe], Run]) -> str:
    """What the numbers bear out, or what to do; Markdown."""
    rows = sentences(experiment, told)
    if not rows:
        return _("Nothing of this is trained yet: press the button above, and the points come as the runs end.")
    first = plain(summary(experiment, told))
    if experiment.chart != "depth":
        return "  \n".join(text for text in (first, *map(plain, rows)) if text)
    recipe = experiment.recipe(experiment.rows[0])
    by_net = {row.spec: [found.get((row.spec, own)) for own in recipe.each()] for row in experiment.rows}
    return "  \n".join(text for text in (first, sweep.sentence(recipe, by_net)) if text)
