"""Lesson 13: maps of three trained nets and of one that was never trained, without their names until the guess."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.attributions.scores import energy_inside
from resnet.charts.grid import Column, Style, grid
from resnet.datasets import Dataset
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, lesson, looking
from resnet.lessons.looking import LETTERS, Shown
from resnet.ui.course import needed
from resnet.ui.lab import sanity
from resnet.ui.lab.attribution import columns
from resnet.ui.parts import backend, images, maps, subjects, visitors, waiting, widgets
from resnet.ui.parts.backend import Question
from resnet.ui.parts.subjects import Subject

NETS = "plain-20,plain-56,res-56"
FORGETFUL = "res-20"
METHODS = ("input_x_gradient", "saliency", "guided_backprop", "grad_cam", "occlusion")
DRAW = 10  # the seed of the order of the columns: the same for a whole class, which guesses together
ROWS = 3  # images that are drawn
IMAGES = 8  # on which shares are measured
# Five pictures in a row, however narrow the column is: no map shall be cut.
_STYLE = """<style>.st-key-lesson-picture .maps {
  grid-template-columns: repeat(5, minmax(0, 1fr)) !important; gap: 0.4rem 0.5rem; }</style>"""


def picture(seen: bool) -> Reveal | None:
    """Before the guess the columns have letters instead of names, and the pictures no captions."""
    method = _method() if seen else METHODS[0]
    with waiting.answers():
        own = ordered(_subjects())
        bench = needed.bench(NETS)
        found = columns.by_image(own, bench, Question(method, tuple(range(IMAGES))))
    data = backend.dataset(bench.recipe)
    _draw(data, [_named(letter, one) if seen else _anonymous(letter, one)
                 for letter, one in zip(LETTERS, found, strict=True)])  # fmt: skip
    if not seen:
        return None
    st.caption(_about(method))
    with visitors.ahead():
        for other in METHODS[:-1]:  # the last one takes longest
            columns.asked(own, bench, [Question(other, tuple(range(IMAGES)))])
    shown = [Shown(subject.look.label, _inside(one, data), subject.run is not None, subject.learned)
             for subject, one in zip(own, found, strict=True)]  # fmt: skip
    return looking.reveal(shown, _even(data), IMAGES)


def _method() -> str:
    labels = {method: _(catalog.METHODS[method].label) for method in METHODS}
    about = _("How the maps are made. Which method tells the nets apart?")
    return widgets.menu("lesson-method", _("Method"), labels, about)


def _subjects() -> list[Subject]:
    bench = needed.bench(NETS)
    return subjects.with_control(bench, needed.runs(bench))


def ordered(own: Sequence[Subject]) -> list[Subject]:
    """In an order that does not tell which net is which."""
    return [own[place] for place in np.random.default_rng(DRAW).permutation(len(own))]


def _named(letter: str, column: Column) -> Column:
    return replace(column, name=_("{letter}: {net}", letter=letter, net=column.name))


def _anonymous(letter: str, column: Column) -> Column:
    cells = [replace(cell, lines=("",)) for cell in column.cells]
    return replace(column, name=letter, colour="inherit", note="", cells=cells)


def _draw(data: Dataset, shown: Sequence[Column]) -> None:
    """Each map on its own scale: sizes would give the untrained net away."""
    few = [replace(one, cells=one.cells[:ROWS]) for one in shown]
    st.html(_STYLE + grid(images.pictures(data, range(ROWS)), few, maps.scales(few, own=True), Style()))


def _about(method: str) -> str:
    return _("{method}, for the label; each map on its own scale. Outline: the object.",
             method=_(catalog.METHODS[method].label))  # fmt: skip


def _masks(data: Dataset) -> np.ndarray:
    assert data.test.masks is not None  # generated shapes have them
    return data.test.masks[:IMAGES]


def _even(data: Dataset) -> float:
    return float(_masks(data).mean())


def _inside(column: Column, data: Dataset) -> float:
    pairs = zip(column.cells, _masks(data), strict=True)
    shares = np.array([energy_inside(cell.heatmap, mask) for cell, mask in pairs])
    known = shares[np.isfinite(shares)]
    return float(known.mean()) if known.size else float("nan")


def check_forgets(entered: str) -> Verdict:
    """The cascade on the page of the sanity check, halfway."""
    bench = needed.bench(FORGETFUL)
    (subject,) = subjects.on_bench(bench, needed.runs(bench))
    methods = _offered("forgets")
    found = sanity.sanity(subject, bench.recipe, methods, cascading=True)
    parts = found[0]["parts"]
    middle = len(parts) // 2
    likeness = {
        method: float(sanity.mean_likeness(answer, "rank")[middle])
        for method, answer in zip(methods, found, strict=True)
    }
    return looking.forgets(entered, likeness, parts[middle])


def check_separates(entered: str) -> Verdict:
    """The last net and its untrained self, by every method that is offered."""
    bench, methods = needed.bench(NETS), _offered("separates")
    pair = _subjects()[-2:]
    data = backend.dataset(bench.recipe)
    asked = [columns.asked(pair, bench, [Question(method, tuple(range(IMAGES)))]) for method in methods]
    waiting.gather([answer for own in asked for answer in own])
    inside = {}
    for method in methods:
        trained, untrained = columns.by_image(pair, bench, Question(method, tuple(range(IMAGES))))
        inside[method] = _inside(trained, data), _inside(untrained, data)
    return looking.separates(entered, inside)


def _offered(name: str) -> list[str]:
    task = next(task for task in lesson("looking").tasks if task.name == name)
    return [option.name for option in task.options]
