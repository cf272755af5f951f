"""Lesson 15: sixty pictures, five seeds, and what twelve test pictures say."""

import io
import zipfile
from collections.abc import Sequence
from concurrent.futures import Future
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from resnet import catalog
from resnet.charts import samples
from resnet.charts.few import few_figure
from resnet.charts.grid import Cell, Column, Picture, Style, grid
from resnet.datasets.own import EVERY
from resnet.findings.few import Few
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, lesson, photographs
from resnet.runs.tasks import few as tasks
from resnet.specs import NetSpec, Recipe
from resnet.ui.bench import session
from resnet.ui.parts import backend, maps, plot, visitors, waiting, widgets

NET = "res-20"
CLASSES = (0, 1, 2)  # of the generated shapes
FEW, MORE = 20, 100  # pictures of each class
SEEDS = 5
STEPS, BATCH = 100, 16
HEIGHT = 260
_MAPS = f"""<style>.st-key-lesson-picture .maps {{
  grid-template-columns: repeat({SEEDS + 1}, minmax(0, 1fr)) !important; gap: 0.3rem 0.4rem; }}</style>"""
_SHEET = """<style>.few { display: grid; gap: 0.4rem; } .few img { width: 100%; image-rendering: pixelated; }
.few figure { margin: 0; } .few figcaption { font-size: 0.8rem; }</style>"""


def picture(seen: bool) -> Reveal | None:
    """Before the guess the pictures themselves; the five trainings begin meanwhile."""
    each = _each() if seen else FEW
    with waiting.answers():
        if not seen:
            with visitors.ahead():
                _ask(each)
            _pictures()
            return None
        told = waiting.gather(_ask(each))
        with visitors.ahead():
            _ask(MORE if each == FEW else FEW)
    seeds = _seeds(told)
    plot.plot(few_figure(seeds, len(CLASSES), HEIGHT), "lesson-few", HEIGHT)
    _maps(told)
    _download()
    return photographs.reveal(seeds)


def _each() -> int:
    options = {str(count): str(count) for count in (FEW, MORE)}
    about = _("Every fifth of them is kept for the test. The nets are trained with as many steps.")
    return int(widgets.choice("lesson-each", _("Pictures of each class"), options, about))


def _recipe(seed: int) -> Recipe:
    return Recipe(steps=STEPS, batch=BATCH, seed=seed, record_every=STEPS, evaluate_every=STEPS)


def _ask(each: int) -> "list[Future[Any]]":
    """A question for each seed."""
    net = NetSpec.parse(NET)
    return [backend.ask(tasks.measured, net, _recipe(seed), CLASSES, each) for seed in range(SEEDS)]


def _seeds(told: Sequence[dict[str, Any]]) -> list[Few]:
    return [Few(one["train"], one["test"], one["many"]) for one in told]


def _images(label: int) -> np.ndarray:
    """The few pictures of a class, (FEW, C, H, W)."""
    data = backend.dataset(_recipe(0))
    return samples.of_class(data.train.images, data.train.labels, label, FEW)


def _name(label: int) -> str:
    return _(catalog.data_choice(_recipe(0).data).classes[label])


def _pictures() -> None:
    """All of them, a sheet for each class."""
    figures = [
        f'<figure><img src="{samples.uri(samples.sheet(_images(label), FEW // 2))}" alt="">'
        f"<figcaption>{escape(_name(label))}</figcaption></figure>"
        for label in CLASSES
    ]
    st.html(f'{_SHEET}<div class="few">{"".join(figures)}</div>')
    st.caption(_("All pictures. Every fifth one is kept for the test; the others are for training."))


def _maps(told: Sequence[dict[str, Any]]) -> None:
    """The first test picture of each class with the map of every seed's net, each on its own scale."""
    rows = [Picture(_images(label)[EVERY - 1], _name(label), None) for label in CLASSES]
    shown = [
        Column(_("seed {seed}", seed=seed), "inherit", "",
               [Cell(heatmap, (_name(CLASSES[int(seen)]),))
                for heatmap, seen in zip(one["maps"], one["seen"], strict=True)])
        for seed, one in enumerate(told)
    ]  # fmt: skip
    st.html(_MAPS + grid(rows, shown, maps.scales(shown, own=True), Style(contour=False)))
    st.caption(_("Input × gradient for the label, and below it what each net sees in the picture."))


def _download() -> None:
    st.download_button(
        _("These pictures as a zip archive"),
        archive,
        "three-classes.zip",
        "application/zip",
        key="few-zip",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=_("One folder for each class: your own pictures want the same form. The Data page takes it as it is."),
    )


@lru_cache(maxsize=1)
def archive() -> bytes:
    """The pictures as PNG files in a folder for each class."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archived:
        for label in CLASSES:
            for place, image in enumerate(_images(label)):
                content = io.BytesIO()
                Image.fromarray(np.ascontiguousarray(image.transpose(1, 2, 0))).save(content, "PNG")
                folder = catalog.data_choice(_recipe(0).data).classes[label]
                archived.writestr(f"{folder}/{place + 1:02}.png", content.getvalue())
    return buffer.getvalue()


def check_enough(entered: str) -> Verdict:
    """By Wilson's interval."""
    task = next(task for task in lesson("photographs").tasks if task.name == "enough")
    return photographs.enough(entered, [int(option.name) for option in task.options])


def check_more(entered: str) -> Verdict:
    """Both numbers of pictures, all seeds."""
    fewer, larger = _ask(FEW), _ask(MORE)
    told = waiting.gather([*fewer, *larger])
    return photographs.more(entered, _seeds(told[:SEEDS]), _seeds(told[SEEDS:]))


def check_own(_entered: str) -> Verdict:
    """The visitor's bench: of several nets the one with the most seeds."""
    bench = session.current()
    record = catalog.data_choice(bench.recipe.data)
    runs = backend.seed_runs(bench).values()
    done = [[backend.result(run) for run in own.values() if run.status == "done"] for own in runs]
    return photographs.own_pictures(record.own, len(record.classes), max(done, key=len), record.test)
