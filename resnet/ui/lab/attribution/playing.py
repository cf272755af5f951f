"""The maps of all steps of which runs have kept the weights: computed while nobody waits, played in the browser."""

import json
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from resnet.charts.grid import Column, Picture, Style, grid
from resnet.i18n import _, language
from resnet.runs.store import LAST
from resnet.specs.bench import Bench
from resnet.ui.lab.attribution import columns
from resnet.ui.parts import backend, images, maps, panels, subjects, visitors
from resnet.ui.parts.backend import Question
from resnet.ui.parts.panels import Panel


@dataclass(frozen=True)
class Asked:
    """All that the grid depends on, but for the step."""

    bench: Bench
    question: Question
    methods: tuple[str, ...]
    images_first: bool
    style: Style
    own: bool


def steps(bench: Bench) -> list[int]:
    """The steps of which any run of the bench has kept the weights."""
    return sorted({step for run in backend.runs(bench).values() for step in backend.kept_steps(run)})


def panel(asked: Asked) -> Panel:
    """A frame of the maps for each step that is computed."""
    return panels.panel(_drawn, asked, runs=backend.ids(asked.bench), news=_ready)


def ask_ahead(asked: Asked) -> None:
    """Let the maps of all steps be computed while nobody waits for an answer and nothing trains."""
    if not backend.engine().busy:
        with visitors.ahead():
            for step in steps(asked.bench):
                _answers(asked, step)


@dataclass(frozen=True)
class Maps:
    """The grid at one step: a picture for each row, a column for each net, and the value of the full colour."""

    rows: Sequence[Picture]
    columns: Sequence[Column]
    scales: Sequence[Sequence[float]]


def maps_at(asked: Asked, step: int) -> Maps:
    """The grid at that step; waits for what is not computed yet, and raises like `waiting.gather`."""
    found = _columns(asked, step)
    scales = maps.scales(found, asked.own, each_row=not asked.images_first)
    data, chosen = backend.dataset(asked.bench.recipe), asked.question.images
    rows = images.pictures(data, chosen) if asked.images_first else maps.method_rows(data, chosen[0], asked.methods)
    return Maps(rows, maps.marked(found, scales), scales)


def table(asked: Asked, shown: Maps) -> str:
    """The grid as HTML."""
    corner = _("test image") if asked.images_first else _("method")
    return grid(shown.rows, shown.columns, shown.scales, asked.style, corner=corner)


def _drawn(asked: Asked) -> dict[str, str]:
    frames = {f"maps@{step}": _table(asked, step, language()) for step in _ready(asked)}
    return {"steps@": json.dumps(steps(asked.bench)), **frames}


@lru_cache(maxsize=100)  # 100 kB each
def _table(asked: Asked, step: int, language: str) -> str:
    with backend.peeking():
        return table(asked, maps_at(asked, step))


def _ready(asked: Asked) -> tuple[int, ...]:
    """The steps whose maps are computed."""
    with backend.peeking():
        return tuple(step for step in steps(asked.bench) if all(one.done() for one in _answers(asked, step)))


def _answers(asked: Asked, step: int) -> "list[Future[Any]]":
    question = at(asked, step)
    return columns.asked(_nets(asked, question.step), asked.bench, _questions(asked, question))


def _columns(asked: Asked, step: int) -> list[Column]:
    question = at(asked, step)
    nets = _nets(asked, question.step)
    if asked.images_first:
        return columns.by_image(nets, asked.bench, question)
    return columns.by_method(nets, asked.bench, asked.methods, question)


def at(asked: Asked, step: int) -> Question:
    """The question with its step."""
    known = steps(asked.bench)
    return replace(asked.question, step=LAST if not known or step == known[-1] else step)


def _nets(asked: Asked, step: int) -> list[subjects.Subject]:
    return subjects.with_control(asked.bench, backend.runs(asked.bench), step)


def _questions(asked: Asked, question: Question) -> list[Question]:
    return [question] if asked.images_first else columns.by_methods(question, asked.methods)
