"""More steps for a run: the recipe of the longer one, and whether it begins like the shorter one; no torch."""

from resnet.specs import Recipe
from resnet.training.schedules import learning_rate

FREE = ("constant",)  # schedules that do not look at the number of steps


def longer(recipe: Recipe, steps: int) -> Recipe:
    """The recipe with more steps, whose first ones are as they were planned. Raises SpecError for no more steps.

    At a constant rate it is simply the recipe of a run of that length; else ``extended`` tells the plan until then.
    """
    if recipe.schedule in FREE:
        return recipe.but(steps=steps)
    return recipe.but(steps=steps, extended=recipe.extended or recipe.steps)


def shorter(recipe: Recipe) -> Recipe | None:
    """The one that `recipe` extends, if it says so."""
    return recipe.but(steps=recipe.extended, extended=0) if recipe.extended else None


def goes_on(recipe: Recipe, later: Recipe) -> bool:
    """Whether a run by `later` goes on where one by `recipe` has ended: a plan can be told until one step only."""
    return later.steps > recipe.steps and later == longer(recipe, later.steps) and _same_rates(recipe, later)


def _same_rates(recipe: Recipe, later: Recipe) -> bool:
    return all(learning_rate(recipe, step) == learning_rate(later, step) for step in range(recipe.steps))
