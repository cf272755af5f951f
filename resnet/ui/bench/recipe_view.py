"""What a recipe will do, before the run: its learning rate over the steps, and images as a net will see them."""

from concurrent.futures import Future
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from resnet.charts.pictures import data_uri, image_colours
from resnet.charts.schedule import schedule_figure
from resnet.errors import UserError
from resnet.findings.recipe import schedule_sentence
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.runs.tasks.augmented import augmented
from resnet.specs import Recipe
from resnet.training.schedules import learning_rate
from resnet.ui.parts import backend, panels, plot

_HEIGHT = 145  # pixels: the popover has no more
_SIDE = 56  # of an image: eight of them stand in a row


def schedule(recipe: Recipe) -> None:
    """The learning rate of every update, and a sentence about it."""
    rates = [learning_rate(recipe, step) for step in range(recipe.steps)]
    planned = recipe.extended if recipe.schedule != "constant" else 0
    plot.plot(schedule_figure(rates, planned, _HEIGHT), "rates", _HEIGHT)
    st.caption(plain(schedule_sentence(rates)))


def pictures(recipe: Recipe) -> None:
    """The first images of the first batch; a worker makes them, and the page is drawn anew when they are there."""
    seen = _seen(recipe)
    try:
        backend.ask(augmented, seen)  # belongs to the visitor until the tab is closed: a panel may not ask
        shown = panels.show(panels.panel(_drawn, seen, news=_answered))
        st.html(shown.content["images"])
        made = _("The first images of the first step, as the nets will see them.")
        st.caption(made if shown.content["!there"] else _("The images come as soon as a worker has made them."))
    except UserError as error:
        st.caption(plain(str(error)))


def _seen(recipe: Recipe) -> Recipe:
    """Only what the first batch depends on."""
    return backend.first_batch(recipe).but(label_smoothing=0.0, mixup=recipe.mixup)


def _answer(seen: Recipe) -> "Future[Any]":
    with backend.peeking():
        return backend.ask(augmented, seen)


def _answered(seen: Recipe) -> bool:
    return _answer(seen).done()


def _drawn(seen: Recipe) -> dict[str, str]:
    answer = _answer(seen)
    if not answer.done():
        return {"images": f'<div style="height: {_SIDE}px"></div>', "!there": ""}
    return {"images": _row(answer.result()), "!there": "yes"}


def _row(images: np.ndarray) -> str:
    """Images (N, C, H, W) side by side; HTML."""
    style = f"width: {_SIDE}px; height: {_SIDE}px; image-rendering: pixelated"
    text = escape(_("an augmented training image"))
    shown = [f'<img src="{data_uri(image_colours(image))}" alt="{text}" style="{style}">' for image in images]
    return f'<div style="display: flex; flex-wrap: wrap; gap: 6px">{"".join(shown)}</div>'
