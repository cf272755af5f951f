"""The runs of nets that are trained with one seed or several: what is missing, and in which order it is trained."""

from collections.abc import Iterable

from resnet.specs import NetSpec, Recipe
from resnet.training.estimates import longest_first
from resnet.ui.parts import backend

RETRY = ("stopped", "failed")  # a diverged run would diverge again


def missing(nets: Iterable[NetSpec], recipe: Recipe) -> list[tuple[NetSpec, Recipe]]:
    """Each run that has no result yet, as net and recipe of one seed, in the order of training.

    Seed by seed, so that there is a comparison early; within a seed the longest first.
    """
    ordered, recipes = longest_first(nets, recipe), recipe.each()
    found = zip(recipes, backend.runs_of_recipes(ordered, recipes), strict=True)
    return [(net, own) for own, runs in found for net in ordered if net not in runs or runs[net].status in RETRY]
