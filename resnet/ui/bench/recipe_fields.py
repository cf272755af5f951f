"""The widgets of a recipe's fields, each with its help; what does not belong to the others is disabled."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from resnet import catalog
from resnet.i18n import N_, _
from resnet.specs import OPTIONS, RANGES, Recipe
from resnet.specs.recipe import SIZES
from resnet.ui.parts import own_data, widgets

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
    "momentum": (
        N_("Momentum"),
        N_("How much of the last step SGD keeps in the next one; other optimizers ignore it."),
        0.05,
    ),
    "weight_decay": (N_("Weight decay"), N_("Pulls the weights towards zero. The papers take 0.0001."), 0.0001),
    "label_smoothing": (
        N_("Label smoothing"),
        N_("This share of each target goes to all classes alike. The loss that is drawn is still that of the labels."),
        0.05,
    ),
    "clip": (
        N_("Gradient clipping"),
        N_("The largest norm that all gradients together may have; 0: any. Charts show the gradients before clipping."),
        0.5,
    ),
    "cutout": (
        N_("Cutout"),
        N_("Side in pixels of a square that is hidden at a random place; 0: none."),
        2,
    ),
    "mixup": (
        N_("Mixup"),
        N_(
            "Mixes images and labels of a batch in pairs, from 0 (none) to 1 (any shares alike). The training "
            "loss then counts both labels, so it cannot come near 0."
        ),
        0.1,
    ),
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
    "evaluate_every": (N_("Test every"), N_("Steps between two evaluations on the test images."), 50),
}
_MENUS: dict[str, tuple[str, str]] = {
    "data": (N_("Data set"), N_("The images that all nets learn.")),
    "level": (N_("Level"), N_("How hard the generated images are.")),
    "optimizer": (N_("Optimizer"), N_("The rule that turns gradients into steps.")),
    "schedule": (N_("Schedule"), N_("How the learning rate changes during the training.")),
}
_SWITCHES: dict[str, tuple[str, str]] = {
    "nesterov": (
        N_("Nesterov"),
        N_("SGD looks at the gradient one momentum step ahead; it needs a momentum. Source: Sutskever et al. 2013."),
    ),
    "augment": (N_("Move images"), N_("Move each image by up to 2 pixels, at every step anew.")),
    "flip": (N_("Mirror images"), N_("Mirror half of the moved images, where their label allows.")),
}


def belongs(name: str, recipe: Recipe) -> bool:
    """Whether the field does anything beside the others."""
    data, sgd = catalog.data_choice(recipe.data), recipe.optimizer == "sgd"
    belonging = {
        "level": data.levels,
        "pixels": data.own,
        "momentum": sgd,
        "nesterov": sgd and recipe.momentum > 0,
        "flip": recipe.augment and data.flip,
    }
    return belonging.get(name, True)


def field(name: str, recipe: Recipe, changed: Callable[[str], None]) -> None:
    """The widget of one field; `changed` is called with its name, the value is in the session at ``recipe-<name>``."""
    kind = _menu if name in _MENUS else _switch if name in _SWITCHES else _sizes if name == "pixels" else _number
    kind(name, recipe, changed)


def _number(name: str, recipe: Recipe, changed: Callable[[str], None]) -> None:
    (label, text, step), (low, high), value = _NUMBERS[name], RANGES[name], getattr(recipe, name)
    st.number_input(
        _(label),
        low,
        high,
        step=step,
        format="%d" if isinstance(value, int) else "%g",
        key=widgets.hold(f"recipe-{name}", value),
        help=_(text),
        disabled=not belongs(name, recipe),
        on_change=partial(changed, name),
    )


def _menu(name: str, recipe: Recipe, changed: Callable[[str], None]) -> None:
    label, text = _MENUS[name]
    options = own_data.choices(recipe.data) if name == "data" else OPTIONS[name]
    st.selectbox(
        _(label),
        list(options),
        key=widgets.hold(f"recipe-{name}", getattr(recipe, name)),
        format_func=widgets.labels(options),
        help=widgets.explain(_(text), options),
        disabled=not belongs(name, recipe),
        on_change=partial(changed, name),
    )


def _switch(name: str, recipe: Recipe, changed: Callable[[str], None]) -> None:
    label, text = _SWITCHES[name]
    st.toggle(
        _(label),
        key=widgets.hold(f"recipe-{name}", getattr(recipe, name)),
        help=_(text),
        disabled=not belongs(name, recipe),
        on_change=partial(changed, name),
    )


def _sizes(name: str, recipe: Recipe, changed: Callable[[str], None]) -> None:
    st.selectbox(
        _("Size of images"),
        SIZES,
        key=widgets.hold(f"recipe-{name}", recipe.pixels),
        format_func="{0} × {0}".format,
        help=_("Pixels to which your own pictures are brought. Twice the side takes four times as long."),
        disabled=not belongs(name, recipe),
        on_change=partial(changed, name),
    )
