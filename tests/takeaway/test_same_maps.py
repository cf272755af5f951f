"""A run that was taken to another home explains the same images by the same maps."""

from pathlib import Path

import numpy as np
from safetensors.torch import save

from resnet.export.archive import Reader
from resnet.runs.store import State, Store, bringing, listing
from resnet.runs.tasks import maps
from resnet.runs.tasks.loading import fresh
from resnet.specs import NetSpec, Recipe, run_id
from resnet.takeaway import bundle

NET, RECIPE = NetSpec.parse("res-8-w4"), Recipe(data="digits", steps=1, seed=3)


def explained(path: Path, run: str) -> dict[str, np.ndarray]:
    finished = Store(path).runs([run])[run].finished
    state = State(run, finished or 0.0, path=str(path))
    return maps.explain(NET, RECIPE, state, "saliency", [0, 1], "label", "mean", 0)


def test_a_run_in_another_home_gives_the_same_maps(tmp_path: Path) -> None:
    here, there, file = tmp_path / "here.sqlite", tmp_path / "there.sqlite", tmp_path / "runs.zip"
    store, run = Store(here), run_id(NET, RECIPE, "cpu")
    store.claim(run, NET, RECIPE, "cpu", "test")
    store.finish("test", run, "done", states={1: save(fresh(NET, RECIPE.but(seed=4))[0].state_dict())})
    bundle.write_zip(store, listing.listed(store), file)
    bringing.bring(Store(there), Reader(file))
    before, after = explained(here, run), explained(there, run)
    assert np.abs(before["maps"]).max() > 0
    for name, values in before.items():
        np.testing.assert_array_equal(after[name], values)
