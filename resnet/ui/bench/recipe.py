"""The recipe in the side bar: how all nets on the bench are trained."""

from contextlib import suppress
from typing import Any

import streamlit as st

from resnet import catalog
from resnet.findings.recipe import notes
from resnet.findings.selection import recipe_words
from resnet.findings.text import plain, series
from resnet.i18n import N_, _
from resnet.specs import Recipe, SpecError
from resnet.specs.bench import Bench
from resnet.ui.bench import recipe_fields, recipe_view, session
from resnet.ui.parts import widgets

_HEIGHT = 310  # pixels of the popover's content: as much as there is room for below the tools at 1024x768
_PANES = {"run": N_("Run"), "optimizer": N_("Optimizer"), "schedule": N_("Schedule"), "images": N_("Images")}
_ROWS: dict[str, tuple[tuple[str, ...], ...]] = {
    "run": (
        ("data", "level", "pixels"),
        ("steps", "batch", "seed"),
        ("seeds", "record_every", "evaluate_every"),
    ),
    "optimizer": (("optimizer", "lr", "momentum"), ("weight_decay", "clip", "label_smoothing"), ("nesterov",)),
    "schedule": (("schedule", "warmup"),),
    "images": (("cutout", "mixup"), ("augment", "flip")),
}
# What the line under the nets says in any case, and what changes nothing about the training.
_IN_SUMMARY = ("data", "level", "steps", "batch", "optimizer", "lr", "seeds", "record_every", "evaluate_every")
# A recipe with a name leaves these as they are.
_KEPT = {"data", "level", "pixels", "steps", "seed", "seeds", "record_every", "evaluate_every"}


def popover(recipe: Recipe) -> None:
    """The button for the recipe and, while it is open, its widgets."""
    text = _("How the nets are trained: data, steps, optimizer and more.")
    with widgets.lazy_popover(_("Recipe"), "recipe", "experiment", text, height=_HEIGHT) as opened:
        if opened:
            _widgets(recipe)


def summary(recipe: Recipe) -> str:
    """The recipe in one line: the numbers of each run, and whatever else differs from the default."""
    data, optimizer = catalog.data_choice(recipe.data), catalog.OPTIMIZERS[recipe.optimizer]
    level = [_(catalog.LEVELS[recipe.level].label).lower()] if data.levels else []
    text = _(
        "{data} · {steps} steps · batch {batch} · {optimizer}, lr {lr:g}",
        data=series([_(data.label), *level]),
        steps=recipe.steps,
        batch=recipe.batch,
        optimizer=_(optimizer.label),
        lr=recipe.lr,
    )
    text += _(" · {count} seeds", count=recipe.seeds) if recipe.seeds > 1 else ""
    others = recipe_words(recipe, but=_IN_SUMMARY)
    return f"{text} · {others}" if others else text


def _widgets(recipe: Recipe) -> None:
    """A menu of whole recipes, and one group of fields at a time."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _presets(recipe)
        pane = st.segmented_control(
            _("Settings"),
            list(_PANES),
            default="run",
            required=True,
            format_func=lambda name: _(_PANES[name]),
            key="recipe-pane",
            help=_(
                "Run: data, length, seeds. Optimizer: how weights move. Schedule: the learning rate over the steps. "
                "Images: how they are changed at every step."
            ),
        )
    for row in _ROWS[pane]:
        with st.container(horizontal=True, gap="small"):
            for name in row:
                recipe_fields.field(name, recipe, _set)
    for sentence in notes(recipe):
        st.caption(f":material/info: {plain(sentence)}")
    if pane == "schedule":
        recipe_view.schedule(recipe)
    if pane == "images":
        recipe_view.pictures(recipe)


def _presets(recipe: Recipe) -> None:
    st.selectbox(
        _("Preset"),
        list(catalog.RECIPES),
        index=None,
        key=widgets.hold("recipe-preset", named(recipe)),
        placeholder=_("Your own"),
        format_func=widgets.labels(catalog.RECIPES),
        help=widgets.explain(_("A whole recipe; data, steps and seeds stay as they are."), catalog.RECIPES),
        on_change=_take,
        width=180,
    )


def named(recipe: Recipe) -> str | None:
    """The recipe of the catalog that this one is, but for data, steps, seeds and what is recorded."""
    for name in catalog.RECIPES:
        with suppress(SpecError):  # a host may not allow its batch
            if with_preset(recipe, name) == recipe:
                return name
    return None


def with_preset(recipe: Recipe, name: str) -> Recipe:
    """The recipe of that name, with data, steps, seeds and what is recorded as in `recipe`. Raises SpecError."""
    kept = {field: getattr(recipe, field) for field in _KEPT}
    return Recipe.parse(catalog.RECIPES[name].words).but(**kept)


def _take() -> None:
    name = st.session_state["recipe-preset"]
    if name:  # not the cross that empties the menu
        session.change(lambda bench: bench.but(recipe=with_preset(bench.recipe, name)))


def _set(name: str) -> None:
    value = st.session_state[f"recipe-{name}"]
    if name == "data":
        set_data(value)
    else:
        session.change(lambda bench: _with_recipe(bench, {name: value, **_consequences(name, value)}))


def _consequences(name: str, value: Any) -> dict[str, Any]:
    """What else changes: a field that the others have no use for is off, and a new length is a new plan."""
    if (name == "optimizer" and value != "sgd") or (name == "momentum" and not value):
        return {"nesterov": False}
    return {"extended": 0} if name in ("steps", "schedule") else {}


def set_data(name: str) -> None:
    """Another data set; level and size of images that it does not have fall back to their defaults. For callbacks."""
    record = catalog.data_choices([name]).get(name)
    changes: dict[str, Any] = {"data": name}
    for field, has in (("level", record and record.levels), ("pixels", record and record.own)):
        changes |= {} if has else {field: Recipe.model_fields[field].default}
    session.change(lambda bench: _with_recipe(bench, changes))


def _with_recipe(bench: Bench, changes: dict[str, Any]) -> Bench:
    return bench.but(recipe=bench.recipe.but(**changes))
