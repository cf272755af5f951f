"""The recipe in the side bar: how all nets on the bench are trained."""

from functools import partial
from typing import Any

import streamlit as st

from resnet import catalog
from resnet.i18n import N_, _
from resnet.specs import OPTIONS, RANGES, Recipe
from resnet.specs.bench import Bench
from resnet.ui.bench import session
from resnet.ui.parts import widgets

# field: label, help, step of the widget
_NUMBERS: dict[str, tuple[str, str, float]] = {
    "steps": (N_("Steps"), N_("Weight updates. Twice as many take about twice as long."), 100),
    "batch": (N_("Batch size"), N_("Images in one step."), 16),
    "lr": (
        N_("Learning rate"),
        N_("How far one step moves the weights. The demo takes 0.003 with Adam, the papers take 0.1 with SGD."),
        0.001,
    ),
    "warmup": (
        N_("Warm-up steps"),
        N_("Steps in which the learning rate rises from near zero. The paper of 2015 warms up at depth 110 only."),
        10,
    ),
    "momentum": (N_("Momentum"), N_("How much of the last step SGD keeps in the next one."), 0.05),
    "weight_decay": (N_("Weight decay"), N_("Pulls the weights towards zero. The papers take 0.0001."), 0.0001),
    "seed": (
        N_("Seed"),
        N_("Start weights, order and shifts of the images. On one machine the same seed gives the same curves."),
        1,
    ),
    "seeds": (
        N_("Seeds"),
        N_("Runs for each net, with this seed and the next ones: what a single run shows, another one may not."),
        1,
    ),
    "record_every": (N_("Record every"), N_("Steps between two measurements of every layer."), 5),
}
_MENUS: dict[str, tuple[str, str]] = {
    "data": (N_("Data set"), N_("The images that all nets learn.")),
    "level": (N_("Level"), N_("How hard the generated images are.")),
    "optimizer": (N_("Optimizer"), N_("The rule that turns gradients into steps.")),
    "schedule": (N_("Schedule"), N_("How the learning rate changes during the training.")),
}

_HEIGHT = 410  # pixels of the popover's content
_ROWS = (
    ("data", "level", "steps"),
    ("batch", "optimizer", "schedule"),
    ("lr", "warmup", "momentum"),
    ("weight_decay", "seed", "seeds"),
    ("record_every",),
)


def popover(recipe: Recipe) -> None:
    """The button for the recipe and, while it is open, its widgets."""
    text = _("How the nets are trained: data, steps, optimizer and more.")
    with widgets.lazy_popover(_("Recipe"), "recipe", "experiment", text, height=_HEIGHT) as opened:
        if opened:
            _widgets(recipe)


def summary(recipe: Recipe) -> str:
    """The recipe in one line."""
    data, optimizer = catalog.data_choice(recipe.data), catalog.OPTIMIZERS[recipe.optimizer]
    level = f", {_(catalog.LEVELS[recipe.level].label).lower()}" if data.levels else ""
    text = _(
        "{data}{level} · {steps} steps · batch {batch} · {optimizer}, lr {lr:g}",
        data=_(data.label),
        level=level,
        steps=recipe.steps,
        batch=recipe.batch,
        optimizer=_(optimizer.label),
        lr=recipe.lr,
    )
    return text + _(" · {count} seeds", count=recipe.seeds) if recipe.seeds > 1 else text


def _widgets(recipe: Recipe) -> None:
    for row in _ROWS:
        with st.container(horizontal=True, gap="small"):
            for name in row:
                _widget(recipe, name)
    st.toggle(
        _("Augmentation"),
        key=widgets.hold("recipe-augment", recipe.augment),
        help=_("Move each image by up to 2 pixels, and mirror it where its label allows."),
        on_change=partial(_set, "augment"),
    )


def _widget(recipe: Recipe, name: str) -> None:
    value, key = getattr(recipe, name), widgets.hold(f"recipe-{name}", getattr(recipe, name))
    if name in _MENUS:
        label, text = _MENUS[name]
        st.selectbox(
            _(label),
            list(OPTIONS[name]),
            key=key,
            format_func=widgets.labels(OPTIONS[name]),
            help=widgets.explain(_(text), OPTIONS[name]),
            disabled=name == "level" and not catalog.data_choice(recipe.data).levels,
            on_change=partial(_set, name),
        )
    else:
        label, text, step = _NUMBERS[name]
        low, high = RANGES[name]
        st.number_input(
            _(label),
            low,
            high,
            step=step,
            format="%d" if isinstance(value, int) else "%g",
            key=key,
            help=_(text),
            disabled=name == "momentum" and recipe.optimizer != "sgd",
            on_change=partial(_set, name),
        )


def _set(name: str) -> None:
    value = st.session_state[f"recipe-{name}"]
    changes: dict[str, Any] = {name: value}
    if name == "data" and not catalog.data_choice(value).levels:
        changes["level"] = Recipe.model_fields["level"].default
    session.change(lambda bench: _with_recipe(bench, changes))


def _with_recipe(bench: Bench, changes: dict[str, Any]) -> Bench:
    return bench.but(recipe=bench.recipe.but(**changes))
