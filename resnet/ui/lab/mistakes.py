"""The Mistakes page: what every net says of all test images, and the images that tell the nets apart."""

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from resnet.charts.attribution import confusion_figure
from resnet.charts.ink import ink
from resnet.charts.pictures import data_uri, image_colours
from resnet.datasets import Dataset
from resnet.findings.mistakes import answers_caption, right_of_all
from resnet.i18n import _
from resnet.runs.tasks import mistakes as tasks
from resnet.specs import Recipe
from resnet.ui.app import pages
from resnet.ui.parts import waiting
from resnet.ui.parts.images import class_name
from resnet.ui.parts.plot import plot
from resnet.ui.parts.subjects import Subject

SHOWN = 24  # images of the browser of mistakes


def probabilities(subjects: Sequence[Subject], recipe: Recipe) -> list[np.ndarray]:
    """(images, classes) of every net, all test images."""
    return waiting.gather([subject.ask(recipe, tasks.predictions) for subject in subjects])


def confusion(found: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Counts (label, predicted); predictions beyond the data's classes are left out."""
    predicted = found.argmax(1)
    counts = np.zeros((classes, classes), dtype=int)
    known = predicted < classes
    np.add.at(counts, (labels[known], predicted[known]), 1)
    return counts


# As many in a row as have room, all of them equally wide.
_STYLE = """<style>
.st-key-confusions > * { flex: 1 1 200px !important; min-width: 200px; max-width: 24rem; }
@media (max-width: 1100px) { .st-key-confusions > * { flex-basis: 300px !important; } }
.st-key-confusions .head { font-size: 0.875rem; line-height: 1.3; }
.st-key-confusions .head small { display: block; opacity: 0.8; }
</style>"""


def show_confusions(subjects: Sequence[Subject], counts: Sequence[np.ndarray], images: int, data: Dataset) -> None:
    """A confusion matrix for each net, under its name, what it is, and how many of the images it gets right."""
    with st.container(horizontal=True, gap="small", key="confusions"):
        for number, (subject, own) in enumerate(zip(subjects, counts, strict=True), start=1):
            with st.container(gap=None):
                st.html(_STYLE + _head(subject, right_of_all(int(own.trace()), images)))
                plot(confusion_figure(subject.look, own, data.classes), key=f"confusion-{number}")


def _head(subject: Subject, right: str) -> str:
    look = subject.look
    name = f'<b style="color:{escape(ink(look.colour))}">{look.glyph} {escape(look.label)}</b> {escape(right)}'
    return f'<div class="head">{name}<small>{escape(subject.note)}</small></div>'


def ordered(how: str, found: Sequence[np.ndarray], labels: np.ndarray, kinds: Sequence[str]) -> np.ndarray:
    """Numbers of test images, the most telling first: by `how`, "against", "loss" or "disagreement".

    `kinds` says of each net whether it is "plain" or "residual".
    """
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


def gallery(numbers: Sequence[int], data: Dataset, subjects: Sequence[Subject], found: Sequence[np.ndarray]) -> None:
    """The images with what every net says of them, and a button to their maps."""
    st.html("<style>.st-key-mistakes img { image-rendering: pixelated; }</style>")
    with st.container(horizontal=True, gap="small", key="mistakes"):
        for number in numbers:
            with st.container(width=170, border=True):
                colours = image_colours(data.test.images[number])
                st.html(f'<img src="{data_uri(colours)}" style="width:100%" alt="{number}">')
                st.caption(_caption(number, data, subjects, found))
                if st.button(_("Explain"), key=f"mistake-{number}", help=_("Open the maps of this image.")):
                    st.session_state["images"] = str(number)
                    st.switch_page(pages.named("attribution").path)


def _caption(number: int, data: Dataset, subjects: Sequence[Subject], found: Sequence[np.ndarray]) -> str:
    """What every net says of one image, in Markdown."""
    label, answers = int(data.test.labels[number]), []
    for subject, one in zip(subjects, found, strict=True):
        best = int(one[number].argmax())
        answers.append((subject.look.label, class_name(data, best), float(one[number, best]), best == label))
    return answers_caption(number, class_name(data, label), answers)
