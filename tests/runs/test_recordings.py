"""Runs that come with the app, beside those of the store."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load

from resnet.runs.engine import Engine
from resnet.runs.store import Curves, Run
from resnet.runs.store.recorded import VARIABLE, RecordedStore, opened
from resnet.runs.store.recordings import DEVICES, Recordings, Take, write
from resnet.specs import NUMERICS, NetSpec, Recipe, run_id

RECIPE = Recipe(steps=40)
MADE = {"date": "2026-11-28", "device": "CPU", "python": "3.11", "torch": "2.14", "numerics": NUMERICS}
WEIGHTS = {
    "stem.0.weight": np.linspace(-2, 2, 72, dtype=np.float32).reshape(8, 1, 3, 3),
    "stem.1.running_var": np.full(8, 1e-7, np.float32),
    "stem.1.num_batches_tracked": np.array(41),
}


def take(name: str, weights: dict[str, Any] | None = None) -> Take:
    net = NetSpec.parse(name)
    step = np.arange(RECIPE.steps + 1.0)
    curves = Curves(
        step, 2.3 - step / 50, step / 100, np.full(41, 3e-3), step / 10, *np.array([[0, 40], [2, 1], [0, 1]])
    )
    profiles = {"gradient_norm": (np.array([0, 40]), np.array([[1e-19, 2, np.inf], [0, 5, 6]], np.float32))}
    run = Run(run_id(net, RECIPE, "cpu"), net, RECIPE, "cpu", "done", "", 0.0, 0.0, 9.0, 40, 4.0)
    return Take(run, curves, profiles, weights or {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "recordings"
    write(path / "demo.safetensors", [take("plain-8"), take("res-8", WEIGHTS)], MADE)
    return path


def test_a_recorded_run_is_a_finished_run_of_its_recipe_on_every_kind_of_device(folder: Path) -> None:
    recordings = Recordings(folder)
    for device in DEVICES:
        wanted = run_id(NetSpec.parse("res-8"), RECIPE, device)
        run = recordings.runs([wanted, "unknown"])[wanted]
        assert (run.id, run.net, run.recipe) == (wanted, NetSpec.parse("res-8"), RECIPE)
        assert (run.status, run.step, run.seconds, run.finished) == ("done", 40, 4.0, 9.0)
        assert run.recorded == "CPU, 2026-11-28"
    assert [run.net.depth for run in recordings.every()["demo"]] == [8, 8]


def test_its_numbers_are_those_that_were_written(folder: Path) -> None:
    recordings, known = Recordings(folder), take("res-8")
    for name, column in vars(recordings.curves(known.run.id)).items():
        np.testing.assert_allclose(column, getattr(known.curves, name), rtol=1e-7)
    steps, values = recordings.profiles(known.run.id, "gradient_norm")
    np.testing.assert_array_equal(steps, [0, 40])
    np.testing.assert_array_equal(values, known.profiles["gradient_norm"][1])
    assert recordings.profiles(known.run.id, "gain")[1].shape == (0, 0)
    assert recordings.curves(known.run.id, 12).step.tolist() == [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40]


def test_weights_come_back_to_half_precision_and_statistics_as_they_were(folder: Path) -> None:
    recordings = Recordings(folder)
    content = recordings.state(take("res-8").run.id)
    assert content is not None
    weights = load(content)
    np.testing.assert_allclose(weights.pop("stem.0.weight"), WEIGHTS["stem.0.weight"], atol=2**-10)
    assert {name: (value.dtype, value.tolist()) for name, value in weights.items()} == {
        name: (WEIGHTS[name].dtype, WEIGHTS[name].tolist()) for name in weights
    }
    assert recordings.state(take("plain-8").run.id) is None


def test_the_own_run_takes_the_place_of_the_recorded_one(folder: Path, tmp_path: Path) -> None:
    store = RecordedStore(tmp_path / "runs.sqlite", Recordings(folder))
    run = take("res-8").run
    assert store.runs([run.id])[run.id].recorded
    assert len(store.curves(run.id).step) == 41
    assert store.kept_steps(run.id) == [40]
    assert store.kept_steps(take("plain-8").run.id) == []
    before = store.versions([run.id])
    assert store.claim(run.id, run.net, run.recipe, "cpu", "me")
    own = store.runs([run.id])[run.id]
    assert (own.status, own.recorded) == ("queued", "")
    assert store.versions([run.id]) != before
    assert len(store.curves(run.id).step) == len(store.profiles(run.id, "gradient_norm")[0]) == 0
    assert store.kept_steps(run.id) == []
    assert store.state(run.id) is None
    store.close()


def test_a_host_names_another_folder_or_none(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = take("res-8").run.id
    for wanted, found in (("no", 0), (str(folder), 1), (str(tmp_path / "nowhere"), 0)):
        monkeypatch.setenv(VARIABLE, wanted)
        store = opened(tmp_path / "runs.sqlite")
        assert len(store.runs([run])) == found
        store.close()


def test_what_is_recorded_is_trained_when_somebody_asks(folder: Path, tmp_path: Path) -> None:
    engine = Engine(RecordedStore(tmp_path / "runs.sqlite", Recordings(folder)), job="stand_in_job")
    engine._session = Waiting()  # type: ignore[assignment]
    run = take("res-8").run
    assert engine.submit(run.net, run.recipe, "ann") == run.id
    assert engine.position(run.id) == 1
    assert engine.store.runs([run.id])[run.id].status == "queued"


class Waiting:
    """In the place of a session whose workers have not started."""

    def wake(self) -> None: ...


def test_what_cannot_be_read_or_has_other_numbers_is_left_out(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "damaged.safetensors").write_bytes(b"not tensors")
    write(folder / "old.safetensors", [take("res-14")], {**MADE, "numerics": NUMERICS - 1})
    write(folder / "deep.safetensors", [take("res-20")], MADE)
    content = (folder / "deep.safetensors").read_bytes()
    (folder / "deep.safetensors").write_bytes(content.replace(b"depth", b"dupth"))
    with caplog.at_level(logging.WARNING):
        assert list(Recordings(folder).every()) == ["demo"]
    assert [record.args[0] for record in caplog.records] == [  # type: ignore[index]
        "damaged.safetensors",
        "deep.safetensors",
        "old.safetensors",
    ]
    assert Recordings(folder / "nowhere").every() == {}


def test_a_run_that_ended_early_says_so(folder: Path) -> None:
    known = take("plain-14")
    run = replace(known.run, status="diverged", message="Diverged at step {step}.", values={"step": 7})
    write(folder / "other.safetensors", [replace(known, run=run)], MADE)
    assert Recordings(folder).runs([run.id])[run.id].sentence == "Diverged at step 7."
