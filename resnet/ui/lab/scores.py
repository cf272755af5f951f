"""The Scores page: every score of every map, asked for in small parts."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.attributions.scores import interval
from resnet.findings import scores as findings
from resnet.findings.scores import Interval
from resnet.i18n import _
from resnet.runs.tasks import scores as tasks
from resnet.specs import Recipe
from resnet.ui.parts import maps, waiting
from resnet.ui.parts.subjects import Subject

CHUNK = 10  # images in one question: progress moves, and Stop comes soon
FEWEST, MOST, USUAL = 10, 100, 20  # images that are scored
Scores = dict[str, dict[str, np.ndarray]]  # method -> score -> one value for each image


def choose_count(there: int, help_text: str) -> int:
    """How many test images are scored, of the `there` are; all of them, without a slider, where there are few."""
    if there <= FEWEST:
        return there
    most = min(MOST, there)
    label, usual = _("Test images"), min(USUAL, most)
    return st.slider(label, FEWEST, most, usual, 10, key="score-images", bind="query-params", width=150, help=help_text)


def scores(
    subjects: Sequence[Subject], recipe: Recipe, methods: Sequence[str], count: int, baseline: str
) -> list[Scores]:
    """Every score of the first `count` test images for every subject and method."""
    chunks = [list(range(start, min(start + CHUNK, count))) for start in range(0, count, CHUNK)]
    asked = [
        subject.ask(recipe, tasks.score, method, chunk, baseline)
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
            if not maps.refusal(method, subject.net):
                own[method] = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        found.append(own)
    return found


def intervals(found: Scores, score: str) -> dict[str, Interval]:
    """Mean and interval of one score for each method that has it; completeness where the method claims it."""
    record = catalog.SCORES[score]
    return {
        method: interval(values[score], record.yes_no, record.least, record.most)
        for method, values in found.items()
        if score in values and (score != "completeness" or catalog.METHODS[method].completeness)
    }


def score_table(subjects: Sequence[Subject], found: Sequence[Scores]) -> dict[str, list[str]]:
    """A row for each net and method, a column for each score, "mean [low, high]"."""
    rows = [(subject.look.label, method, own) for subject, own in zip(subjects, found, strict=True) for method in own]
    table = {_("net"): [net for net, _method, _own in rows]}
    table[_("method")] = [_(catalog.METHODS[method].label) for _net, method, _own in rows]
    for name, record in catalog.SCORES.items():
        cells = [findings.score_text(intervals(own, name).get(method)) for _net, method, own in rows]
        if any(cells):
            table[_(record.label)] = cells
    return table


def energy_sentence(subjects: Sequence[Subject], found: Sequence[Scores], chance: float) -> str:
    """Which maps hold no more energy inside the object than an even map would, by their intervals."""
    energies = [
        (subject.look.label, method, measured)
        for subject, own in zip(subjects, found, strict=True)
        for method, measured in intervals(own, "energy").items()
    ]
    return findings.energy_sentence(energies, chance)
