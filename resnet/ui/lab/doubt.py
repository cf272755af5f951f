"""Parts of the pages that doubt maps: scores over many images, the sanity check, mistakes."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.attributions.scores import interval
from resnet.charts.attribution import Interval
from resnet.charts.look import Look
from resnet.datasets import Dataset
from resnet.i18n import _
from resnet.runs.tasks import mistakes
from resnet.runs.tasks import sanity as forgetting
from resnet.runs.tasks import scores as scoring
from resnet.specs import Recipe
from resnet.specs.bench import Bench
from resnet.ui.lab import attribution
from resnet.ui.lab.attribution import Subject
from resnet.ui.parts import backend, waiting, widgets

CHUNK = 10  # images in one question: progress moves, and Stop comes soon
SHOWN = 24  # images of the browser of mistakes
Scores = dict[str, dict[str, np.ndarray]]  # method -> score -> one value for each image


def choose_methods(key: str, default: Sequence[str], text: str, table: Bench) -> list[str]:
    """Several methods, kept in the session."""
    labels = attribution.method_labels(table.nets)
    chosen = st.multiselect(
        _("Methods"), list(labels), list(default), format_func=labels.__getitem__, key=key, persist_state="session",
        width=470, help=text,
    )  # fmt: skip
    return list(chosen) or list(default)[:1]


def scores(
    subjects: Sequence[Subject], table: Bench, methods: Sequence[str], count: int, baseline: str
) -> list[Scores]:
    """Every score of the first `count` test images for every subject and method."""
    chunks = [list(range(start, min(start + CHUNK, count))) for start in range(0, count, CHUNK)]
    asked = [
        _ask(subject, table.recipe, scoring.score, method, chunk, baseline)
        for subject in subjects
        for method in methods
        for chunk in chunks
    ]
    answers = iter(waiting.gather(asked))
    found: list[Scores] = []
    for subject in subjects:
        own: Scores = {}
        for method in methods:
            parts = [next(answers) for _chunk in chunks]
            if not attribution.refusal(method, subject.net):
                own[method] = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        found.append(own)
    return found


def intervals(found: Scores, score: str) -> dict[str, Interval]:
    """Mean and interval of one score for each method that has it; completeness where the method claims it."""
    return {
        method: interval(values[score])
        for method, values in found.items()
        if score in values and (score != "completeness" or catalog.METHODS[method].completeness)
    }


def score_table(subjects: Sequence[Subject], found: Sequence[Scores]) -> dict[str, list[str]]:
    """A row for each net and method, a column for each score, "mean [low, high]"."""
    rows = [(subject.look.label, method, own) for subject, own in zip(subjects, found, strict=True) for method in own]
    table = {_("net"): [net for net, _method, _own in rows]}
    table[_("method")] = [_(catalog.METHODS[method].label) for _net, method, _own in rows]
    for name, record in catalog.SCORES.items():
        cells = [_words(intervals(own, name).get(method)) for _net, method, own in rows]
        if any(cells):
            table[_(record.label)] = cells
    return table


def _words(found: Interval | None) -> str:
    if found is None or not np.isfinite(found[0]):
        return ""
    return f"{found[0]:.2f} [{found[1]:.2f}, {found[2]:.2f}]"


def energy_sentence(subjects: Sequence[Subject], found: Sequence[Scores], chance: float) -> str:
    """Which maps hold no more energy inside the object than an even map would, by their intervals."""
    level = [
        widgets.plain(f"{subject.look.label} ({_(catalog.METHODS[method].label)})")
        for subject, own in zip(subjects, found, strict=True)
        for method, (_mean, low, _high) in intervals(own, "energy").items()
        if not low > chance
    ]
    text = _("An even map has {chance:.0f} % of its energy inside. ", chance=100 * chance)
    if level:
        return text + _("Not surely above it: {nets}.", nets=", ".join(level))
    return text + _("All maps have more, those of the untrained control too: look at the distance to the control.")


def sanity(
    subject: Subject, recipe: Recipe, methods: Sequence[str], count: int, cascading: bool
) -> list[dict[str, Any]]:
    """The sanity check of some methods on one net."""
    images = list(range(count))
    return waiting.gather([_ask(subject, recipe, forgetting.sanity, method, images, cascading) for method in methods])


def mean_likeness(answer: dict[str, Any], like: str) -> np.ndarray:
    """Likeness (parts,) over the images, those without a value left out; NaN where none has one."""
    known = np.isfinite(answer[like])
    total = np.where(known, answer[like], 0).sum(1)
    return np.where(known.any(1), total / np.maximum(known.sum(1), 1), np.nan)


def sanity_sentence(methods: Sequence[str], found: Sequence[dict[str, Any]], cascading: bool) -> str:
    """How like the trained net's map each method's map still is in the middle of the check."""
    parts = found[0]["parts"]
    middle = len(parts) // 2
    likeness = [
        f"{_(catalog.METHODS[method].label)} **{mean_likeness(answer, 'rank')[middle]:.2f}**"
        for method, answer in zip(methods, found, strict=True)
    ]
    places = {"part": parts[middle], "methods": ", ".join(likeness)}
    text = (
        _("Rank correlation with the map before, with everything from the head to {part} random: {methods}.", **places)
        if cascading
        else _("Rank correlation with the map before, with {part} alone random: {methods}.", **places)
    )
    return text + " " + _("A map that explains what the net has learned must change when the net forgets it.")


def _ask(subject: Subject, recipe: Recipe, function: Any, *rest: Any) -> "Future[Any]":
    return backend.ask_trained(function, subject.net, recipe, subject.run, *rest)


def probabilities(subjects: Sequence[Subject], table: Bench) -> list[np.ndarray]:
    """(images, classes) of every net, all test images."""
    return waiting.gather([_ask(subject, table.recipe, mistakes.predictions) for subject in subjects])


def confusion(found: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Counts (label, predicted); predictions beyond the data's classes are left out."""
    predicted = found.argmax(1)
    counts = np.zeros((classes, classes), dtype=int)
    known = predicted < classes
    np.add.at(counts, (labels[known], predicted[known]), 1)
    return counts


def ordered(how: str, found: Sequence[np.ndarray], labels: np.ndarray, kinds: Sequence[str]) -> np.ndarray:
    """Numbers of test images, the most telling first: by `how`, "against", "loss" or "disagreement"."""
    right = np.stack([one.argmax(1) == labels for one in found])
    chance = np.stack([one[np.arange(len(labels)), labels] for one in found])  # of the label
    if how == "loss":
        return np.argsort(chance.mean(0), kind="stable")
    if how == "disagreement":
        return np.argsort(-chance.std(0), kind="stable")
    plain, residual = (np.array([kind == name for kind in kinds]) for name in ("plain", "residual"))
    if not plain.any() or not residual.any():
        return np.array([], dtype=int)
    gap = chance[residual].mean(0) - chance[plain].mean(0)
    wanted = right[residual].all(0) & ~right[plain].any(0)
    order = np.argsort(-gap, kind="stable")
    return order[wanted[order]]


def caption(number: int, data: Dataset, found: Sequence[np.ndarray], names: Sequence[Look]) -> str:
    """What every net says of one image, in Markdown."""
    lines = [f"**{number} · {_(data.classes[int(data.test.labels[number])])}**"]
    for look, one in zip(names, found, strict=True):
        best = int(one[number].argmax())
        mark = "✓" if best == data.test.labels[number] else "✗"
        lines.append(
            f"{mark} {widgets.plain(look.label)}: {attribution.class_name(data, best)} {100 * one[number, best]:.0f} %"
        )
    return "  \n".join(lines)


def trained(table: Bench) -> list[Subject]:
    """The nets on the bench with their runs, without the control."""
    return attribution.subjects(table, backend.runs(table))[: len(table.entries)]


def kinds(table: Bench) -> list[str]:
    """Plain or residual, in the order of the bench."""
    return [entry.net.block for entry in table.entries]
