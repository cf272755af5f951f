"""What the Attribution page draws: one column per net and an untrained control, one row per chosen test image."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.attributions.scores import energy_inside
from resnet.charts.grid import Cell, Column, Picture
from resnet.charts.look import Look, look, looks
from resnet.charts.pictures import common_scale, data_uri, image_colours
from resnet.datasets import Dataset
from resnet.findings.training import at_chance, ending
from resnet.i18n import _
from resnet.runs.store import Run
from resnet.runs.tasks import loading
from resnet.specs import NetSpec, SpecError
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, waiting, widgets
from resnet.ui.parts.backend import Question

MOST = 8  # images that are explained at once
OFFERED = 40  # images to choose from in the gallery
CONTROL = "#808890"
FAINT = 10  # maps that are so many times weaker than others are nearly white on the common scale


@dataclass(frozen=True)
class Subject:
    """A net to be explained: with the weights of `run`, or untrained when there is none."""

    look: Look
    net: NetSpec
    run: Run | None
    note: str


def read_images(text: str, count: int) -> tuple[int, ...]:
    """The numbers in a text like "3, 17"; raises SpecError when there is none, too many, or one that does not exist."""
    words = re.findall(r"[^\s,;]+", text[:200])
    if not words or not all(re.fullmatch(r"[0-9]{1,6}", word) for word in words):
        raise SpecError(_("write the numbers of test images, as in 3, 17"))
    numbers = tuple(dict.fromkeys(int(word) for word in words))
    if len(numbers) > MOST:
        raise SpecError(_("at most {most} images at once; got {count}", most=MOST, count=len(numbers)))
    if max(numbers) >= count:
        raise SpecError(_("test images have the numbers 0–{last}; got {number}", last=count - 1, number=max(numbers)))
    return numbers


def chosen_images(text: str, count: int, otherwise: str) -> tuple[tuple[int, ...], str]:
    """The images that `text` names, or those of `otherwise` and a sentence about what is wrong with `text`."""
    try:
        return read_images(text, count), ""
    except SpecError as error:
        return read_images(otherwise, count), str(error)


def subjects(table: Bench, found: dict[NetSpec, Run], step: int = loading.LAST) -> list[Subject]:
    """The nets on the bench, then an untrained control: maps that look good on it mean little on the others.

    `step` is the step of training that is shown, where a run has kept its weights.
    """
    chosen = []
    for own, entry in zip(looks(table), table.entries, strict=True):
        run = found.get(entry.net)
        trained = run if run and run.status == "done" else None
        chosen.append(Subject(own, entry.net, trained, _note(run, step)))
    net = next((entry.net for entry in reversed(table.entries) if entry.net.block == "residual"), table.entries[-1].net)
    control = look(net, _("control: {net}", net=net), CONTROL)
    return [*chosen, Subject(control, net, None, _("untrained, for comparison"))]


def _note(run: Run | None, step: int = loading.LAST) -> str:
    if run and run.status == "done" and step in backend.kept_steps(run)[:-1]:
        return _("after {steps} steps", steps=step)
    if run and run.status == "done":
        text = _("after {steps} steps", steps=run.recipe.steps)
        return text + (_(", failed: at chance") if _at_chance(run) else "")
    return _("untrained, still in training") if run and run.status in backend.AT_WORK else _("untrained")


def _at_chance(run: Run) -> bool:
    """Whether the training ended where a net ends that has learned nothing."""
    curves = backend.curves(run)
    end = ending(curves.step, curves.loss)
    return end is not None and at_chance(end.last, backend.class_count(run.recipe, run.net))


def by_image(subjects: Sequence[Subject], table: Bench, question: Question) -> list[Column]:
    """Images × nets: the maps of every net by one method, with its prediction and the energy inside the object."""
    data = backend.dataset(table.recipe)
    answers = waiting.gather([backend.explained(one.net, table.recipe, one.run, question) for one in subjects])
    columns = []
    for subject, found in zip(subjects, answers, strict=True):
        cells = [
            _cell(subject, question.method, facts[0], _captions(data, number, *facts))
            for number, *facts in zip(
                question.images, found["maps"], found["probabilities"], found["targets"].tolist(), strict=True
            )
        ]
        columns.append(Column(subject.look.label, subject.look.colour, subject.note, cells))
    return columns


def by_method(subjects: Sequence[Subject], table: Bench, methods: Sequence[str], question: Question) -> list[Column]:
    """Methods × nets: the maps of one image, a row for each method."""
    data, number = backend.dataset(table.recipe), question.images[0]
    questions = [replace(question, method=method, images=(number,)) for method in methods]
    asked = [backend.explained(one.net, table.recipe, one.run, each) for one in subjects for each in questions]
    answers = iter(waiting.gather(asked))
    columns = []
    for subject in subjects:
        cells = []
        for method in methods:
            found = next(answers)
            lines = _captions(data, number, *(found[name][0] for name in ("maps", "probabilities", "targets")))
            cells.append(_cell(subject, method, found["maps"][0], lines))
        columns.append(Column(subject.look.label, subject.look.colour, subject.note, cells))
    return columns


def _cell(subject: Subject, method: str, heatmap: np.ndarray, lines: tuple[str, ...]) -> Cell:
    """A map with its captions; a neutral picture and the reason where the method says nothing about the net."""
    reason = refusal(method, subject.net)
    if reason:
        return Cell(np.zeros_like(heatmap), (lines[0], reason))
    return Cell(heatmap, lines)


def refusal(method: str, net: NetSpec) -> str:
    """Why a method says nothing about a net; empty when it does."""
    record = catalog.METHODS[method]
    if not record.refused or not any(choice.name in record.not_with for choice in net.choices):
        return ""
    return _("not drawn: without ReLU it is the plain gradient")


def method_labels(nets: Sequence[NetSpec]) -> dict[str, str]:
    """The methods for a menu; those that say nothing about some net on the bench name it."""
    labels = {}
    for name, record in catalog.METHODS.items():
        without = [str(net) for net in nets if refusal(name, net)]
        labels[name] = _(record.label) + (_(" (needs ReLU: not {nets})", nets=", ".join(without)) if without else "")
    return labels


def pictures(data: Dataset, images: Sequence[int]) -> list[Picture]:
    """The chosen test images with their labels."""
    masks = data.test.masks
    return [
        Picture(
            data.test.images[number],
            f"{number} · {class_name(data, int(data.test.labels[number]))}",
            masks[number] if masks is not None else None,
        )
        for number in images
    ]


def scales(columns: Sequence[Column], own: bool, each_row: bool = False) -> list[list[float]]:
    """For each column and row the value of the full colour: one for all, one for `each_row`, or each map's `own`."""
    rows = range(len(columns[0].cells))
    if own:
        return [[common_scale([cell.heatmap]) for cell in one.cells] for one in columns]
    if each_row:  # another method has another unit
        return [[common_scale([one.cells[row].heatmap for one in columns]) for row in rows] for _one in columns]
    common = common_scale([cell.heatmap for one in columns for cell in one.cells])
    return [[common for _row in rows] for _one in columns]


def sentence(columns: Sequence[Column], data: Dataset, images: Sequence[int], own: bool) -> str:
    """Energy inside the object for each net against an even map, and a warning when maps differ much in size."""
    parts = []
    if data.test.masks is not None:
        shares = [f"{one.name} {_percent(_energy(one, data.test.masks, images))}" for one in columns]
        even = 100 * float(data.test.masks[list(images)].mean())
        parts.append(
            _(
                "**Energy inside the object** (an even map: {even:.0f} %): {nets}.",
                even=even,
                nets=widgets.plain(", ".join(shares)),
            )
        )
    peaks = [common_scale([cell.heatmap for cell in one.cells]) for one in columns]
    if not own and max(peaks) > FAINT * min(peaks):
        strongest = widgets.plain(columns[int(np.argmax(peaks))].name)
        parts.append(
            _("The maps of {net} are far stronger than others: **Own scale** shows the faint ones.", net=strongest)
        )
    if all(one.note == _note(None) for one in columns[:-1]):
        parts.append(_("No net is trained yet: press **Train** in the side bar, then look again."))
    return " ".join(parts)


def obstacles(subjects: Sequence[Subject], methods: Sequence[str]) -> str:
    """Which nets have parts for which a method has no rule; empty when none has."""
    sentences = []
    for method in methods:
        record = catalog.METHODS[method]
        found = {
            subject.look.label: ", ".join(_(part.label) for part in subject.net.choices if part.name in record.not_with)
            for subject in subjects
        }
        nets = ", ".join(f"{net} ({parts})" for net, parts in found.items() if parts)
        if nets and not record.refused:
            text = _("{method} has no rule for parts of {nets}: these maps do not add up to the score.")
            sentences.append(text.format(method=_(record.label), nets=nets))
    return " ".join(sentences)


def method_rows(data: Dataset, number: int, methods: Sequence[str]) -> list[Picture]:
    """The one image, once for every method, named by the method."""
    (picture,) = pictures(data, [number])
    return [replace(picture, name=_(catalog.METHODS[method].label)) for method in methods]


def legend(method: str, scale: float | None, sign: str, baseline: str) -> str:
    """What the colours mean, the scale in figures (None: each map its own), the baseline, the method and its source."""
    record = catalog.METHODS[method]
    colours = {
        "signed": _("Red speaks for the class, blue against it, white is zero"),
        "absolute": _("Red is strong, for or against the class, white is zero"),
        "positive": _("Red speaks for the class, white does not"),
    }[sign]
    scaled = (
        _("each map has its own scale")
        if scale is None
        else _("full colour at {scale:.2g} on every map of this method", scale=scale)
    )
    told = _("Baseline: {name}.", name=_(catalog.BASELINES[baseline].label)) if record.baseline else ""
    cost = _("Costs about {count} passes through the net for each image.", count=record.passes)
    idea = f"**{_(record.label)}**: {_(record.help)}"
    return " ".join([f"{colours}; {scaled}.", idea, told, cost, f"({record.source})"])


def _energy(one: Column, masks: np.ndarray, images: Sequence[int]) -> float:
    """The mean over the maps that are not zero everywhere; NaN when all are."""
    shares = [energy_inside(cell.heatmap, masks[number]) for cell, number in zip(one.cells, images, strict=True)]
    known = [share for share in shares if math.isfinite(share)]
    return float(np.mean(known)) if known else math.nan


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if math.isfinite(share) else _("no energy at all")


def gallery(data: Dataset, chosen: tuple[int, ...], key: str) -> None:
    """Test images to click on; writes the chosen numbers into the text field `key`."""
    offered = sorted({*chosen, *range(OFFERED)})

    def write() -> None:
        picked = sorted(st.session_state["gallery"])[:MOST]
        st.session_state[key] = ", ".join(str(number) for number in picked or chosen)

    st.session_state["gallery"] = list(chosen)
    st.html(
        "<style>.st-key-gallery img { height: 44px !important; max-height: none !important; width: 44px; "
        "image-rendering: pixelated; } .st-key-gallery button { height: auto; padding: 3px; }</style>"
    )
    names = {number: f"![{number}]({data_uri(image_colours(data.test.images[number]))})" for number in offered}
    st.pills(
        _("Up to {most} test images", most=MOST),
        offered,
        selection_mode="multi",
        format_func=names.__getitem__,
        key="gallery",
        on_change=write,
        help=_("Click on an image to explain it, again to drop it."),
    )


def _captions(
    data: Dataset, number: int, heatmap: np.ndarray, probabilities: np.ndarray, target: int
) -> tuple[str, ...]:
    """What the net predicts, the probability of the class that is explained, and what the map is like."""
    best = int(probabilities.argmax())
    mark = "" if best == int(data.test.labels[number]) else _(" (wrong)")
    lines = [f"{class_name(data, best)} {100 * probabilities[best]:.0f} %{mark}"]
    if target != best:
        lines.append(_("{name}: {share:.0f} %", name=class_name(data, target), share=100 * probabilities[target]))
    if not heatmap.any():
        lines.append(_("this map is zero everywhere"))
    elif data.test.masks is not None:
        lines.append(_("{share:.0f} % inside", share=100 * energy_inside(heatmap, data.test.masks[number])))
    return tuple(lines)


def class_name(data: Dataset, label: int) -> str:
    """The class; a net with more outputs than the data has classes may predict one without a name."""
    return _(data.classes[label]) if label < len(data.classes) else _("output {number}", number=label)
