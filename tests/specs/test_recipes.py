import pytest

from resnet import catalog
from resnet.specs import Recipe

NAMED = {name: Recipe.parse(record.words) for name, record in catalog.RECIPES.items()}


def test_named_recipes_are_recipes_and_no_two_are_alike():
    assert len(set(NAMED.values())) == len(NAMED)
    assert NAMED["demo"] == Recipe()


def test_named_recipes_leave_data_steps_seeds_and_records_alone():
    kept = {"data", "level", "pixels", "steps", "extended", "seed", "seeds", "record_every", "evaluate_every"}
    assert not [name for name, recipe in NAMED.items() if recipe.changed().keys() & kept]


@pytest.mark.parametrize(("name", "warmup"), [("cifar-2015", 0), ("warm-up-2015", 40)])
def test_2015s_recipe_is_the_papers_sec_4_2(name, warmup):
    recipe = NAMED[name]
    assert (recipe.optimizer, recipe.lr, recipe.momentum, recipe.weight_decay) == ("sgd", 0.1, 0.9, 1e-4)
    assert (recipe.batch, recipe.schedule, recipe.warmup, recipe.nesterov) == (128, "step", warmup, False)
