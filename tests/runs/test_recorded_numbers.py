"""The recordings that come with the app are what its code computes today."""

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from resnet import datasets
from resnet.nets.network import build_network
from resnet.runs.store.recorded import FOLDER
from resnet.runs.store.recordings import MADE, Recordings
from resnet.specs import NUMERICS
from resnet.training.loop import train

FILES = sorted(FOLDER.glob("*.safetensors"))
STEPS = 3  # later ones separate on another processor, as float64 does too
DEEPEST = 110  # of those that are trained again: 1202 layers take a minute
MOST = 12_000_000  # bytes
LEAST = 1e-37  # of a norm: below it float32 loses digits, and some processors give 0


def about(path: Path) -> dict[str, object]:
    with safe_open(path, "numpy") as file:
        found: dict[str, object] = json.loads(file.metadata()["made"])
    return found


def test_there_are_recordings_and_they_are_small() -> None:
    assert {"demo", "depth"} <= {path.stem for path in FILES}
    assert sum(path.stat().st_size for path in FILES) <= MOST


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_recording_says_how_it_was_made_and_nothing_that_it_depends_on_has_changed_its_numbers(path: Path) -> None:
    made = about(path)
    assert all(made[name] for name in MADE)
    assert made["numerics"] == NUMERICS
    assert made["data"] == {name: datasets.version_of(name) for name in made["data"]}  # type: ignore[attr-defined]
    assert all(run.finished and run.seconds > 0 for run in Recordings(FOLDER).every()[path.stem])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_first_steps_are_trained_again(path: Path) -> None:
    """Of two runs of each file. Rounding of another processor: losses within 2e-3, norms of step 0 within 10 %.

    At depth 110, where it moved the norms of a plain net by up to 34 %, within a half.
    """
    recordings = Recordings(FOLDER)
    shallow = [run for run in recordings.every()[path.stem] if run.net.depth <= DEEPEST]
    runs = sorted(shallow, key=lambda run: run.net.depth)
    for run in {run.id: run for run in (runs[0], runs[len(runs) // 2])}.values():
        dataset = datasets.load_dataset(run.recipe.data, run.recipe.level)
        net = build_network(run.net, run.recipe.seed, dataset.train.images.shape[1], len(dataset.classes))
        recipe = run.recipe.but(evaluate_every=run.recipe.steps)
        steps = list(islice(train(net, dataset, recipe, device=torch.device("cpu")), STEPS))
        recorded = recordings.curves(run.id)
        np.testing.assert_allclose([step.loss for step in steps], recorded.loss[:STEPS], rtol=2e-3)
        _places, norms = recordings.profiles(run.id, "gradient_norm")
        near = {"rtol": 0.1 if run.net.depth <= 56 else 0.5, "atol": LEAST}
        np.testing.assert_allclose(steps[0].profiles["gradient_norm"], norms[0], **near)
