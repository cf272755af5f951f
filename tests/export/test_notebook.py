"""The notebook's cells are executed as a reader would."""

import json

import pytest

from resnet import catalog
from resnet.datasets import load_dataset
from resnet.export.notebook import IMAGES, OPTIMIZERS, SCHEDULES, STRIDE, notebook
from resnet.nets.network import build_network
from resnet.nets.statistics import CALIBRATION
from resnet.specs import NetSpec, Recipe
from resnet.training import loop
from resnet.training.loop import train


def run(text):
    names = {}
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            exec(compile(cell["source"], "cell.py", "exec"), names)
    return names


RATES = {"adam": 3e-3, "adamw": 3e-3, "sgd": 0.1, "rmsprop": 3e-4, "adagrad": 0.01}


def test_a_notebook_builds_counts_trains_and_tests(capsys):
    recipe = Recipe(data="digits", steps=12, batch=16)
    names = run(notebook(NetSpec.parse("res-8-w4-optb-nobn"), recipe))
    assert len(names["losses"]) == 12
    said = capsys.readouterr().out
    parameters = sum(p.numel() for p in names["net"].parameters())
    assert f"{parameters:,} parameters" in said
    assert "test accuracy" in said


def test_a_notebook_learns_the_built_in_shapes():
    losses = run(notebook(NetSpec.parse("res-8"), Recipe(steps=60)))["losses"]
    assert sum(losses[-10:]) < sum(losses[:10])


def test_a_notebook_is_valid_for_jupyter():
    text = json.loads(notebook(NetSpec.parse("notes-34"), Recipe()))
    assert (text["nbformat"], text["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in text["cells"]}) == len(text["cells"])
    assert text["cells"][0]["source"].startswith("# Notes' ResNet-34")


def trained_by_both(name, recipe, capsys):
    """The steps of the app's own training, and the names of the notebook's cells with what they printed."""
    spec, data = NetSpec.parse(name), catalog.DATASETS[recipe.data]
    ours = build_network(spec, recipe.seed, data.shape[0])
    steps = list(train(ours, load_dataset(recipe.data, recipe.level), recipe))
    names = run(notebook(spec, recipe))
    return steps, names, capsys.readouterr().out


# Every optimizer and every schedule once with each of three others, instead of all pairs: a notebook takes a while.
PAIRS = [
    (optimizer, schedule)
    for place, optimizer in enumerate(catalog.OPTIMIZERS)
    for number, schedule in enumerate(catalog.SCHEDULES)
    if (place + number) % 3 == 0
]


@pytest.mark.parametrize(("optimizer", "schedule"), PAIRS)
def test_a_notebook_trains_as_the_app_does(optimizer, schedule, capsys):
    recipe = Recipe(data="digits", steps=8, batch=16, optimizer=optimizer, schedule=schedule, lr=RATES[optimizer])
    recipe = recipe.but(warmup=3, weight_decay=0.05, momentum=0.8, seed=3)
    same(recipe, capsys)


def same(recipe, capsys):
    """The notebook's losses, learning rates and test are the app's; returns its text."""
    steps, names, said = trained_by_both("res-8-w4-optb", recipe, capsys)
    assert names["losses"] == pytest.approx([step.loss for step in steps[:-1]], rel=2e-6)
    rates = [names["learning_rate"](step) for step in range(recipe.steps)]
    assert rates == pytest.approx([step.lr for step in steps[:-1]])
    assert f"test accuracy {100 * steps[-1].evaluation.accuracy:.0f} %" in said


@pytest.mark.parametrize(
    "words",
    [
        "optimizer=sgd&lr=0.1&nesterov=yes&clip=0.5",
        "label_smoothing=0.2&cutout=9",
        "mixup=0.5&label_smoothing=0.1",
        "schedule=one_cycle",
        "extended=5",
        "extended=4&schedule=step&warmup=2",
    ],
)
def test_a_notebook_has_every_option_of_a_recipe(words, capsys):
    same(Recipe.parse(f"data=digits&steps=8&batch=16&{words}"), capsys)


def test_a_notebook_mixes_images_for_a_net_with_more_outputs_than_classes(capsys):
    recipe = Recipe(data="digits", steps=3, batch=16, mixup=0.5)
    ours = build_network(NetSpec.parse("res-8-w4-c13"), recipe.seed, 1, 13)
    steps = list(train(ours, load_dataset("digits"), recipe))
    losses = run(notebook(NetSpec.parse("res-8-w4-c13"), recipe))["losses"]
    assert losses == pytest.approx([step.loss for step in steps[:-1]], rel=2e-6)


def test_every_optimizer_and_every_schedule_is_tried():
    assert {optimizer for optimizer, _ in PAIRS} == set(catalog.OPTIMIZERS)
    assert {schedule for _, schedule in PAIRS} == set(catalog.SCHEDULES)


@pytest.mark.parametrize("name", ["res-8-w4-dropout", "res-8-w4-p0.5", "plain-8-w4-gn", "res-8-w4-nobn"])
def test_a_notebook_draws_the_apps_random_numbers_and_tests_every_norm_as_it_does(name, capsys):
    recipe = Recipe(data="digits", steps=5, batch=16)
    steps, names, said = trained_by_both(name, recipe, capsys)
    assert names["losses"] == pytest.approx([step.loss for step in steps[:-1]], rel=2e-6)
    assert f"test accuracy {100 * steps[-1].evaluation.accuracy:.0f} %" in said
    assert ("estimate_statistics" in names) == (NetSpec.parse(name).norm == "batch")


def test_every_optimizer_and_schedule_is_written_and_the_constants_are_the_apps():
    assert set(OPTIMIZERS) == set(catalog.OPTIMIZERS)
    assert set(SCHEDULES) == set(catalog.SCHEDULES)
    assert (IMAGES, STRIDE) == (CALIBRATION, loop._STRIDE)


@pytest.mark.parametrize("field", ["optimizer", "schedule"])
def test_a_recipe_that_cannot_be_written_raises(field):
    recipe = Recipe.model_construct(**{**Recipe().model_dump(), field: "unheard-of"})
    with pytest.raises(KeyError, match="unheard-of"):
        notebook(NetSpec(depth=8), recipe)
