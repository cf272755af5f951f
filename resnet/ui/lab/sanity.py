"""The page of the sanity check: how like the trained net's maps stay while the net forgets."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from resnet import catalog
from resnet.charts.grid import Cell, Column
from resnet.charts.look import Look
from resnet.findings import sanity as findings
from resnet.i18n import _
from resnet.runs.tasks import sanity as tasks
from resnet.specs import Recipe
from resnet.ui.parts import waiting
from resnet.ui.parts.subjects import Subject

COLOURS = ("#1f9bb8", "#c9301c", "#2a9d6a", "#8b6fd6", "#cf740a", "#6b7f8f")
DASHES = ("solid", "dash", "dot", "dashdot", "solid", "dash")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
MOST = len(COLOURS)  # methods at once
IMAGES = 8

Answer = dict[str, Any]  # see `runs.tasks.sanity`


def count(recipe: Recipe) -> int:
    """How many test images the maps are compared on."""
    return min(IMAGES, catalog.data_choice(recipe.data).test)


def sanity(subject: Subject, recipe: Recipe, methods: Sequence[str], cascading: bool) -> list[Answer]:
    """The sanity check of some methods on one net."""
    images = list(range(count(recipe)))
    return waiting.gather([subject.ask(recipe, tasks.sanity, method, images, cascading) for method in methods])


def looks(methods: Sequence[str]) -> list[Look]:
    """How the line of each method is drawn."""
    labels = [_(catalog.METHODS[method].label) for method in methods]
    return [Look(*facts) for facts in zip(labels, COLOURS, DASHES, SYMBOLS, strict=False)]


def mean_likeness(answer: Answer, like: str) -> np.ndarray:
    """Likeness (parts,) over the images, those without a value left out; NaN where none has one."""
    known = np.isfinite(answer[like])
    total = np.where(known, answer[like], 0).sum(1)
    return np.where(known.any(1), total / np.maximum(known.sum(1), 1), np.nan)


def sentence(methods: Sequence[str], found: Sequence[Answer], cascading: bool) -> str:
    """How like the trained net's map each method's map still is in the middle of the check."""
    parts = found[0]["parts"]
    middle = len(parts) // 2
    likeness = [float(mean_likeness(answer, "rank")[middle]) for answer in found]
    return findings.sanity_sentence(list(zip(methods, likeness, strict=True)), parts[middle], cascading)


def columns(found: Sequence[Answer], note: str) -> list[Column]:
    """The maps of the first image: a row for each method, a column for each part that was made to forget.

    `note` says what the net is before, trained or not.
    """
    heads = [(_("before"), note), *((part, "") for part in found[0]["parts"])]
    return [
        Column(head, "inherit", told, [Cell(answer["maps"][at], ("",)) for answer in found])
        for at, (head, told) in enumerate(heads)
    ]
