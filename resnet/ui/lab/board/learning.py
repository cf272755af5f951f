"""The cells of the board in their first steps of training: what the gradient did, and what was learned."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np
import streamlit as st

from resnet.charts.axes import thin
from resnet.charts.board import Limits, learning_figure, limits_of
from resnet.charts.frames import difference
from resnet.findings import board as findings
from resnet.findings.learning import WINDOW
from resnet.findings.text import paragraph
from resnet.i18n import _, language
from resnet.specs import NetSpec, Recipe
from resnet.ui.lab import sweep
from resnet.ui.lab.board import table, tracks, training
from resnet.ui.lab.board.cells import COLUMNS, Row
from resnet.ui.lab.board.tracks import Cell, Track
from resnet.ui.parts import backend, panels, playback, plot, widgets
from resnet.ui.parts.playback import Places
from resnet.ui.parts.plot import described

WORD = "board-step"
HEIGHT = 340  # pixels
FRAMES = 24  # steps that can be looked at, 0 and the last among them
START, NOW = "start", "now"


@dataclass(frozen=True)
class Asked:
    """All that is drawn depends on: rows and depth of the board, the factors at step 0 in its order, the recipe.

    `now`: whether the factors of the step that is shown stand on the axis, instead of those of step 0.
    """

    rows: tuple[Row, ...]
    depth: int
    factors: tuple[float, ...]
    recipe: Recipe
    now: bool = False

    @property
    def nets(self) -> list[NetSpec]:
        """Row by row."""
        return [row.net(column, self.depth) for row in self.rows for column in COLUMNS]


def choose(rows: Sequence[Row], depth: int, measured: Mapping[NetSpec, np.ndarray], recipe: Recipe) -> Asked:
    """The menus: how long the cells are trained, and which factor stands on the axis; with the buttons."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        lengths = {str(steps): str(steps) for steps in training.LENGTHS}
        text = _("By the recipe of the bench, but at a constant rate and with one run for each cell.")
        usual = list(lengths)[len(lengths) // 2]
        steps = int(widgets.choice("length", _("Steps of training"), lengths, text, usual))
        options = {START: _("Step 0"), NOW: _("Step shown")}
        about = _("Of which step the change of the gradient stands on the axis and in the sentence.")
        now = widgets.choice("factor", _("Gradient"), options, about) == NOW
        factors = [findings.factor(measured[row.net(column, depth)]) for row in rows for column in COLUMNS]
        asked = Asked(tuple(rows), depth, tuple(factors), training.recipe_of(recipe, steps), now)
        training.buttons(asked.nets, asked.recipe)
    return asked


def show(asked: Asked) -> None:
    """Player, chart, sentence and table, as far as there are runs."""
    shown = panels.show(panels.panel(drawn, asked, runs=training.ids(asked.nets, asked.recipe)))
    content, last = shown.content, asked.recipe.steps
    style = 'style="font-size: 0.875rem; opacity: 0.8"'
    st.html(f'<div data-live="{shown.part("going")}" {style}>{content["going"]}</div>')
    if "steps@" not in content:
        st.caption(_("Press the button above: then what each cell learns stands beside what its gradient did."))
        return
    recorded = json.loads(content["steps@"])
    step = playback.chosen(recorded, last, WORD)
    playback.player(shown, recorded, step, last, _places())
    plot.show(playback.framed(shown, "scatter", step), "board-learning", HEIGHT, shown.part("scatter"), shown.at)
    for part, style in (("said", ""), ("cells", table.STYLE)):
        st.html(f'{style}<div data-live="{shown.part(part)}">{content[f"{part}@{step}"]}</div>')
    st.caption(_caption())


def _places() -> Places:
    return Places(WORD, _("Step"), _("step {step}"), _("Play: from the first step to the last"))


def _caption() -> str:
    return _(
        "Loss: mean of the last {window} training steps. A cell learns when its loss or its answers are surely better "
        "than chance. Cells differ in norm, activation and initialisation too: that two things go together does not "
        "say that one brings about the other.",
        window=WINDOW,
    )


def drawn(asked: Asked) -> dict[str, str]:
    """Chart, sentence and table for each step; how far the runs are; what draws the page anew."""
    found = training.runs(asked.nets, asked.recipe)
    known = {net: tracks.track(run, asked.recipe.steps) for net, run in found.items() if run}
    known = {net: own for net, own in known.items() if len(own.steps)}
    ended = sum(run is not None and run.status not in backend.AT_WORK for run in found.values())
    going = sweep.going({net: [run] for net, run in found.items()})
    content = {"going": escape(going), f"{panels.RERUN}runs": f"{ended} {bool(known)}"}
    if not known:
        return content
    steps = np.unique(np.concatenate([own.steps for own in known.values()]))
    chosen = [int(step) for step in steps[thin(len(steps), FRAMES)]]
    return {**content, "steps@": json.dumps(chosen), **_frames(asked, known, chosen)}


def _frames(asked: Asked, known: Mapping[NetSpec, Track], steps: Sequence[int]) -> dict[str, str]:
    limits = _limits(asked, list(known.values()))
    content: dict[str, str] = {}
    for place, step in enumerate(steps):
        figure, said, rows = _made(asked, _cells(asked, known, steps[: place + 1]), step, limits, language())
        whole = content.setdefault("scatter@", figure)
        content[f"scatter@{step}"] = json.dumps(difference(json.loads(whole), json.loads(figure)))
        content |= {f"said@{step}": said, f"cells@{step}": rows}
    return content


def _limits(asked: Asked, known: Sequence[Track]) -> Limits:
    """What holds all steps."""
    later = [own.factors[1:] for own in known if asked.now]
    losses = np.concatenate([own.losses for own in known])
    classes = backend.class_count(asked.recipe)
    return limits_of(np.concatenate([asked.factors, *later]).tolist(), losses.tolist(), classes)


def _cells(asked: Asked, known: Mapping[NetSpec, Track], steps: Sequence[int]) -> tuple[Cell, ...]:
    """Those that have come to the last of these steps."""
    found = [
        tracks.at(known[net], 1 + place // len(COLUMNS), net, start, steps)
        for place, (net, start) in enumerate(zip(asked.nets, asked.factors, strict=True))
        if net in known
    ]
    return tuple(cell for cell in found if cell)


@lru_cache(maxsize=400)  # 20 kB each
def _made(asked: Asked, cells: tuple[Cell, ...], step: int, limits: Limits, _language: str) -> tuple[str, str, str]:
    """Chart, sentence and table of one step; what runs have recorded never changes."""
    kinds = [(cell.net.block, cell.net.norm) for cell in cells]
    columns = [
        (look, [cell.mark(asked.now) for cell, kind in zip(cells, kinds, strict=True) if kind == column])
        for look, column in zip(table.looks(asked.depth), COLUMNS, strict=True)
    ]
    title = _("gradient, first block ÷ last block, at step {step}", step=step if asked.now else 0)
    figure = learning_figure(columns, limits, backend.class_count(asked.recipe), title, HEIGHT)
    rows = table.table(asked.rows, asked.depth, {cell.net: cell for cell in cells}, step)
    return described(figure), escape(_said(asked, cells, step)), rows


def _said(asked: Asked, cells: Sequence[Cell], step: int) -> str:
    if all(cell.standing == "early" for cell in cells):
        return _("Too early to say at step {step}.", step=step)
    told = [(cell.now if asked.now else cell.start, cell.learns) for cell in cells]
    text = findings.learning_sentence(told, step, asked.now)
    missing = len(asked.nets) - len(cells)
    return paragraph(text, findings.missing_sentence(missing)) if missing else text
