"""The Attribution page: what is asked, a column of maps for each net, and how they are drawn."""

import math
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.attributions.scores import energy_inside
from resnet.charts.grid import Cell, Column, Style
from resnet.charts.pictures import common_scale
from resnet.datasets import Dataset
from resnet.findings import maps as findings
from resnet.findings.text import paragraph
from resnet.findings.training import untrained_note
from resnet.i18n import _
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, maps, waiting, widgets
from resnet.ui.parts.backend import Question
from resnet.ui.parts.images import class_name
from resnet.ui.parts.picture_file import save_button
from resnet.ui.parts.subjects import CONTROL, Subject

Answer = dict[str, np.ndarray]  # see `runs.tasks.maps`
_SIX = ["saliency", "integrated_gradients", "grad_cam", "occlusion", "deep_lift", "guided_backprop"]


def question(bench: Bench, data: Dataset) -> tuple[bool, list[str], Question]:
    """Whether rows are images (else methods), the methods of the rows, and the question without its images."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        rows = widgets.choice(
            "rows",
            _("Rows"),
            {"images": _("Images"), "methods": _("Methods")},
            _("Several images by one method, or one image by several methods."),
        )
        labels = partial(maps.method_labels, bench.nets)
        if rows == "images":
            text = widgets.explain(_("How maps are made."), catalog.METHODS)
            methods = [widgets.menu("method", _("Method"), labels, text)]
        else:
            methods = _several(labels())
        target = widgets.menu("explain", _("Explain"), _targets(data), _("Whose score is explained."), width=150)
        chosen = [catalog.METHODS[method] for method in methods]
        baseline = _baseline(any(record.baseline for record in chosen))
        stage = _stage(bench) if any(record.layer for record in chosen) else 0
    return rows == "images", methods, Question(methods[0], (), target, baseline, stage)


def _targets(data: Dataset) -> dict[str, str]:
    classes = {str(number): _(name) for number, name in enumerate(data.classes)}
    return {"label": _("the label"), "prediction": _("the prediction"), **classes}


def _several(labels: dict[str, str]) -> list[str]:
    chosen = st.multiselect(
        _("Methods"),
        list(labels),
        _SIX,
        format_func=labels.__getitem__,
        key="methods",
        persist_state="session",
        width=420,
        help=_("A row for each; all explain the first of the images below."),
    )
    return chosen or _SIX[:1]


def _baseline(useful: bool) -> str:
    labels = {name: _(record.label) for name, record in catalog.BASELINES.items()}
    text = widgets.explain(_("What stands for “nothing there”."), catalog.BASELINES)
    if not useful:
        return next(iter(labels))
    return widgets.menu("baseline", _("Baseline"), labels, text, width=150)


def _stage(bench: Bench) -> int:
    """Counted from 1; 0 is the last stage of each net."""
    most = min(len(net.blocks) for net in bench.nets)
    stages = {0: _("last"), **{stage: str(stage) for stage in range(1, most + 1)}}
    chosen = st.selectbox(
        _("Stage"),
        list(stages),
        format_func=stages.__getitem__,
        key="at-stage",
        persist_state="session",
        width=100,
        help=_("The stage that layer methods look at: early ones are fine, late ones about the class."),
    )
    return int(chosen)


def style(masks: bool) -> tuple[Style, bool]:
    """How maps are drawn, and whether each has a scale of its own."""
    about = _("Each map fills the colours by itself: shows weak maps, but maps can no longer be compared.")
    own = st.toggle(_("Own scale"), key="own", bind="query-params", help=about)
    with st.popover(_("View"), icon=":material/palette:", help=_("Values, overlay, outline and size of the maps.")):
        signs = {"signed": _("Signed"), "absolute": _("Absolute"), "positive": _("Positive")}
        about = _("Signed: red and blue. Absolute: size alone. Positive: red alone. The meaning stands below the maps.")
        sign = widgets.menu("sign", _("Values"), signs, about)
        about = _("0: the map alone; above it the map lies over the grey image.")
        opacity = st.slider(_("Overlay"), 0.0, 1.0, 0.0, 0.1, key="opacity", bind="query-params", help=about)
        about = _("Width of every picture, in pixels: all zoom in step.")
        size = st.slider(_("Size"), 90, 400, 150, 10, key="size", bind="query-params", help=about)
        about = _("The border of the object; data sets without masks have none.")
        contour = st.toggle(_("Outline"), True, key="outline", bind="query-params", help=about, disabled=not masks)
    return Style(contour, sign, opacity, size), own


def asked(subjects: Sequence[Subject], bench: Bench, questions: Sequence[Question]) -> "list[Future[Any]]":
    """The answers, net by net; computed once, by whoever asks first."""
    return [backend.explained(one.net, bench.recipe, one.run, each) for one in subjects for each in questions]


def by_methods(question: Question, methods: Sequence[str]) -> list[Question]:
    """One question for each method, about the first image."""
    return [replace(question, method=method, images=question.images[:1]) for method in methods]


def by_image(subjects: Sequence[Subject], bench: Bench, question: Question) -> list[Column]:
    """Images × nets: the maps of every net by one method, with its prediction and the energy inside the object."""
    data = backend.dataset(bench.recipe)
    answers = waiting.gather(asked(subjects, bench, [question]))
    columns = []
    for subject, found in zip(subjects, answers, strict=True):
        cells = [
            _cell(subject, question.method, found, row, _captions(data, number, question.method, found, row))
            for row, number in enumerate(question.images)
        ]
        columns.append(_column(subject, question.step, cells))
    return columns


def by_method(subjects: Sequence[Subject], bench: Bench, methods: Sequence[str], question: Question) -> list[Column]:
    """Methods × nets: the maps of one image, a row for each method."""
    data, number = backend.dataset(bench.recipe), question.images[0]
    answers = iter(waiting.gather(asked(subjects, bench, by_methods(question, methods))))
    columns = []
    for subject in subjects:
        cells = []
        for method in methods:
            found = next(answers)
            cells.append(_cell(subject, method, found, 0, _captions(data, number, method, found, 0)))
        columns.append(_column(subject, question.step, cells))
    return columns


def _column(subject: Subject, step: int, cells: Sequence[Cell]) -> Column:
    """The maps of one net after `step`; the common scale follows those of nets that have learned something."""
    own, run = subject.look, subject.run
    fresh = run is not None and step == 0 and 0 in backend.kept_steps(run)
    return Column(own.label, own.colour, subject.note, cells, subject.learned and not fresh)


def _cell(subject: Subject, method: str, found: Answer, row: int, lines: tuple[str, ...]) -> Cell:
    """A map with its captions; a neutral picture and the reason where the method says nothing about the net."""
    heatmap = found["maps"][row]
    reason = maps.refusal(method, subject.net)
    if reason:
        return Cell(np.zeros_like(heatmap), (lines[0], reason))
    return Cell(heatmap, lines)


def _captions(data: Dataset, number: int, method: str, found: Answer, row: int) -> tuple[str, ...]:
    """What the net predicts, the probability of the class that is explained, and what the map is like."""
    heatmap, probabilities, target = found["maps"][row], found["probabilities"][row], int(found["targets"][row])
    promised = catalog.METHODS[method].completeness
    best, masks = int(probabilities.argmax()), data.test.masks
    return findings.caption(
        (class_name(data, best), float(probabilities[best])),
        best == int(data.test.labels[number]),
        None if target == best else (class_name(data, target), float(probabilities[target])),
        energy_inside(heatmap, masks[number]) if masks is not None else None,
        not heatmap.any(),
        (float(heatmap.sum()), float(found["rises"][row])) if promised else None,
    )


def sentence(
    subjects: Sequence[Subject], columns: Sequence[Column], data: Dataset, images: Sequence[int], own: bool
) -> str:
    """Energy inside the object for each net against an even map, and a warning when maps differ much in size."""
    parts, masks = [], data.test.masks
    if masks is not None:
        shares = [(one.name, _energy(one, masks, images)) for one in columns]
        parts.append(findings.energy_sentence(shares, float(masks[list(images)].mean())))
    if not own:
        leading = [one for one in columns if one.sets_scale] or columns
        peaks = [(one.name, common_scale([cell.heatmap for cell in one.cells])) for one in leading]
        parts.append(findings.faint_sentence(peaks))
    if all(subject.note == untrained_note() for subject in subjects if subject.look.colour != CONTROL):
        parts.append(findings.untrained_sentence())
    return paragraph(*parts)


def _energy(one: Column, masks: np.ndarray, images: Sequence[int]) -> float:
    """The mean over the maps that are not zero everywhere; NaN when all are."""
    shares = [energy_inside(cell.heatmap, masks[number]) for cell, number in zip(one.cells, images, strict=True)]
    known = [share for share in shares if math.isfinite(share)]
    return float(np.mean(known)) if known else math.nan


def obstacles(subjects: Sequence[Subject], methods: Sequence[str]) -> str:
    """Which nets have parts for which a method has no rule; empty when none has."""
    told = []
    for method in methods:
        without = catalog.METHODS[method].not_with
        nets = [
            (subject.look.label, [_(part.label) for part in subject.net.choices if part.name in without])
            for subject in subjects
        ]
        told.append(findings.rules_sentence(method, nets))
    return paragraph(*told)


def download(name: str) -> None:
    """The grid as one picture."""
    about = _("All maps of this page in one picture, as they stand here.")
    save_button(_("Save as PNG"), "save-maps", ".maps", f"resnet-lab-{name}", about)
