"""The notebook's cells are executed as a reader would."""

import json

import pytest

from resnet import catalog
from resnet.export.notebook import notebook
from resnet.specs import NetSpec, Recipe


def run(text):
    names = {}
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            exec(compile(cell["source"], "cell.py", "exec"), names)
    return names


@pytest.mark.parametrize("optimizer", list(catalog.OPTIMIZERS))
@pytest.mark.parametrize("schedule", list(catalog.SCHEDULES))
def test_a_notebook_builds_counts_trains_and_tests(optimizer, schedule, capsys):
    lr = 3e-3 if optimizer == "adam" else 0.1
    recipe = Recipe(data="digits", steps=12, optimizer=optimizer, schedule=schedule, lr=lr, batch=16)
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
