"""The runs of nets that are trained with one seed or several: what is missing, and in which order it is trained."""

from collections.abc import Iterable

from resnet.i18n import _
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe
from resnet.training.estimates import longest_first
from resnet.ui.parts import backend

RETRY = ("paused", "stopped", "failed")  # a diverged run would diverge again


def missing(nets: Iterable[NetSpec], recipe: Recipe, shortest: bool = False) -> list[tuple[NetSpec, Recipe]]:
    """Each run that has no result yet, as net and recipe of one seed, in the order of training.

    Seed by seed, so that there is a comparison early; within a seed the longest first, or the `shortest`.
    """
    ordered, recipes = longest_first(nets, recipe), recipe.each()
    ordered = ordered[::-1] if shortest else ordered
    found = zip(recipes, backend.runs_of_recipes(ordered, recipes), strict=True)
    return [(net, own) for own, runs in found for net in ordered if is_open(runs.get(net))]


def is_open(run: Run | None) -> bool:
    """Whether it can be trained here: it does not exist, ended early, or came with the app."""
    return run is None or run.status in RETRY or bool(run.recorded)


def origin(runs: Iterable[Run]) -> str:
    """Where and when those of the runs were made that came with the app, in a sentence; empty where none did."""
    origins = sorted({run.recorded for run in runs} - {""})
    return _("Came with the app, recorded on {origins}.", origins="; ".join(origins)) if origins else ""


def recorded(runs: Iterable[tuple[NetSpec, Recipe]]) -> bool:
    """Whether every one of them came with the app, so that there is something to look at already."""
    found = [backend.runs_of([net], recipe).get(net) for net, recipe in runs]
    return bool(found) and all(run is not None and run.recorded for run in found)


def first_note(recipe: Recipe) -> str:
    """Behind what is said of a run where only the first of several seeds is looked at; else nothing."""
    return _(", seed {seed} of {count}", seed=recipe.seed, count=recipe.seeds) if recipe.seeds > 1 else ""
