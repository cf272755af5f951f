"""The kept weights of runs: each state alone, from files of before too, and never through the pages."""

import json
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from resnet.attributions.attribute import attribute
from resnet.datasets import load_dataset
from resnet.datasets.batches import Batches
from resnet.nets.network import build_network
from resnet.nets.statistics import calibrate
from resnet.nets.weights import from_first_layout
from resnet.runs.errors import EngineError, NotHere
from resnet.runs.store import LAST, Run, State, Store
from resnet.runs.store.states import read, split
from resnet.runs.tasks import loading, maps, train
from resnet.specs import NetSpec, Recipe

# Made by the last version of schema 1: python -m resnet train plain-8-w4 res-8-w4 --steps 24 --batch 16 --data digits
# --seed 3
FIRST_SCHEMA = Path(__file__).parent / "data" / "runs-schema-1.sqlite"
KEPT = [0, 1, 3, 6, 12, 18, 24]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Store]:
    """A copy of that file, opened by this version."""
    shutil.copy(FIRST_SCHEMA, tmp_path / "runs.sqlite")
    store = Store(tmp_path / "runs.sqlite")
    yield store
    store.close()


def runs(store: Store) -> dict[str, Run]:
    return {str(run.net): run for run in store.recent(5)}


def in_one_piece(run: Run) -> dict[str, torch.Tensor]:
    """All tensors of a run as the first schema kept them."""
    with closing(sqlite3.connect(FIRST_SCHEMA)) as connection:
        ((tensors,),) = connection.execute("SELECT tensors FROM weights WHERE run = ?", [run.id])
    return load(tensors)


def test_a_file_of_the_first_schema_shows_its_curves_and_profiles(old: Store) -> None:
    assert set(runs(old)) == {"plain-8-w4", "res-8-w4"}
    for run in runs(old).values():
        assert (run.status, run.recipe.steps, run.recipe.data) == ("done", 24, "digits")
        curves = old.curves(run.id)
        np.testing.assert_array_equal(curves.step, range(25))
        assert np.isfinite(curves.loss).all()
        assert curves.test_step[-1] == 24
        steps, values = old.profiles(run.id, "gradient_norm")
        np.testing.assert_array_equal(steps, [0, 10, 20, 24])
        assert values.shape[1] == 8
        assert (values > 0).all()


def test_each_kept_step_of_a_file_of_the_first_schema_is_read_alone_and_unchanged(old: Store) -> None:
    for run in runs(old).values():
        before = in_one_piece(run)
        assert old.kept_steps(run.id) == KEPT
        for step in KEPT:
            tensors = load(old.state(run.id, step) or b"")
            prefix = "" if step == 24 else f"@{step}/"
            expected = {name for name in before if (name[0] == "@") == bool(prefix) and name.startswith(prefix)}
            assert {prefix + name for name in tensors} == expected
            assert all(torch.equal(tensor, before[prefix + name]) for name, tensor in tensors.items())
        assert old.state(run.id) == old.state(run.id, 24)


@pytest.mark.parametrize("step", [LAST, 6])
@pytest.mark.parametrize("net", ["plain-8-w4", "res-8-w4"])
def test_weights_of_the_first_schema_explain_an_image_as_they_did(net: str, step: int, old: Store) -> None:
    run = runs(old)[net]
    data = load_dataset("digits")
    before = build_network(run.net, run.recipe.seed, data.train.images.shape[1], len(data.classes))
    prefix = "" if step == LAST else f"@{step}/"
    state = {name[len(prefix) :]: tensor for name, tensor in in_one_piece(run).items() if name.startswith(prefix)}
    before.load_state_dict(from_first_layout({name: tensor for name, tensor in state.items() if name[0] != "@"}))
    if step != LAST:
        calibrate(before, Batches(data, data.train, torch.device("cpu")))
    images, labels = Batches(data, data.test, torch.device("cpu")).take(torch.tensor([4]))
    expected = attribute("saliency", before.eval(), images, labels).sum(1).numpy()

    asked = State(run.id, run.finished or 0.0, step, str(old.path))
    found = maps.explain(run.net, run.recipe, asked, "saliency", [4], "label")
    assert expected.any()
    np.testing.assert_array_equal(found["maps"], expected)


def test_the_whole_of_the_first_schema_becomes_as_large_as_it_was(old: Store) -> None:
    with closing(sqlite3.connect(old.path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        ((states, size),) = connection.execute("SELECT count(*), sum(length(tensors)) FROM states")
    with closing(sqlite3.connect(FIRST_SCHEMA)) as connection:
        ((before,),) = connection.execute("SELECT sum(length(tensors)) FROM weights")
    assert "weights" not in tables
    assert states == 2 * len(KEPT)
    assert size == pytest.approx(before, rel=0.02)


def test_tensors_of_every_kind_are_split_so_that_safetensors_reads_them() -> None:
    last = {"a": torch.tensor(7), "b": torch.arange(3.0), "c": torch.tensor([True, False, True])}
    kept = {"a": torch.tensor(1), "b": torch.full((3,), torch.nan), "c": torch.tensor([], dtype=torch.bool)}
    whole = save({**last, **{f"@10/{name}": tensor for name, tensor in kept.items()}}, metadata={"net": "res-8"})
    parts = split(whole, last=40)
    assert set(parts) == {10, 40}
    for step, expected in ((10, kept), (40, last)):
        found = load(parts[step])
        assert found.keys() == expected.keys()
        for name, tensor in expected.items():
            torch.testing.assert_close(found[name], tensor, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("tensors", [b"", b"\x00tensors", b"\x02" + b"\x00" * 7 + b"{}"[:1], b"\xff" * 40])
def test_what_cannot_be_split_is_kept_as_it_is(tensors: bytes) -> None:
    assert split(tensors, last=3) == {3: tensors}


def test_splitting_needs_no_torch(tmp_path: Path) -> None:
    shutil.copy(FIRST_SCHEMA, tmp_path / "runs.sqlite")
    code = "import sys; from resnet.runs.store import Store; from pathlib import Path; Store(Path(sys.argv[1])); "
    command = [sys.executable, "-c", code + "print('torch' in sys.modules)", str(tmp_path / "runs.sqlite")]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip() == "False"


def test_a_worker_reads_a_state_and_changes_nothing(old: Store) -> None:
    run = runs(old)["res-8-w4"]
    for step in (LAST, 3):
        assert read(State(run.id, run.finished or 0.0, step, str(old.path))) == old.state(run.id, step)
    assert loading.tensors_of(State(run.id, run.finished or 0.0, 3, str(old.path))) == old.state(run.id, 3)


@pytest.mark.parametrize("wrong", ["run", "finished", "step", "path", "file"])
def test_a_worker_that_does_not_find_exactly_that_training_says_so(wrong: str, old: Store, tmp_path: Path) -> None:
    run = runs(old)["res-8-w4"]
    (tmp_path / "file").write_bytes(b"no database, but of some length")
    right = {"run": run.id, "finished": run.finished or 0.0, "step": 12, "path": str(old.path)}
    change = {"run": "another", "finished": 1.0, "step": 13, "path": "", "file": ""}
    assert read(State(**right))
    changed = {**right, "path": str(tmp_path / "file")} if wrong == "file" else {**right, wrong: change[wrong]}
    loading._recent.clear()
    with pytest.raises(NotHere):
        loading.tensors_of(State(**changed))


def test_asking_a_place_without_a_store_does_not_create_one(tmp_path: Path) -> None:
    assert read(State("run", 1.0, path=str(tmp_path / "runs ?#%20.sqlite"))) is None
    assert list(tmp_path.iterdir()) == []


def test_a_store_with_an_odd_name_is_read(old: Store, tmp_path: Path) -> None:
    run = runs(old)["res-8-w4"]
    old.close()
    odd = tmp_path / "a ?#%20.sqlite"
    shutil.copy(old.path, odd)
    assert read(State(run.id, run.finished or 0.0, 0, str(odd)))


def test_a_worker_keeps_recent_weights_within_a_bound_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "CACHE", 100)
    loading._recent.clear()
    for number in range(5):
        loading.tensors_of(State(str(number), 1.0, tensors=bytes(40)))
    assert [state.run for state in loading._recent] == ["3", "4"]
    assert all(state.tensors is None for state in loading._recent)  # they would be kept twice
    assert loading.tensors_of(State("3", 1.0)) == bytes(40)
    assert [state.run for state in loading._recent] == ["4", "3"]
    assert loading.tensors_of(State("large", 1.0, tensors=bytes(101))) == bytes(101)
    assert sum(map(len, loading._recent.values())) <= 100
    loading._recent.clear()


def test_a_training_gives_every_state_with_what_it_is_of() -> None:
    net, recipe = NetSpec.parse("res-8-w4"), Recipe(steps=4, batch=8, data="digits", evaluate_every=4)
    states = train._train("own", net, recipe, lambda _message: None, b"")
    assert list(states) == [*train.kept_steps(4), 4]
    for step, tensors in states.items():
        size = int.from_bytes(tensors[:8], "little")
        about = json.loads(tensors[8 : 8 + size])["__metadata__"]
        assert (about["net"], about["recipe"]) == (net.to_json(), recipe.to_json())
        assert about["step"] == str(step)
        assert load(tensors).keys() == build_network(net, channels=1).state_dict().keys()


UNPICKLE = """
import pickle, sys
from resnet.runs.tasks import maps
from resnet.specs.limits import LIMITS
net, recipe = pickle.load(sys.stdin.buffer)
found = maps.explain(net, recipe, None, "saliency", [0], "label")
print(LIMITS.max_depth, LIMITS.max_steps, net.depth, recipe.steps, found["maps"].shape)
"""


def test_a_worker_whose_host_has_lower_limits_takes_the_specs_as_they_are() -> None:
    limits = {"RESNET_MAX_DEPTH": "20", "RESNET_MAX_STEPS": "100", "RESNET_MAX_WIDTH": "4"}
    sent = pickle.dumps((NetSpec.parse("res-32-w8"), Recipe(steps=400, data="digits")))
    worker = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", UNPICKLE],
        input=sent,
        capture_output=True,
        env={**os.environ, **limits},
        check=False,
    )
    assert worker.stdout.decode().strip() == "20 100 32 400 (1, 32, 32)", worker.stderr.decode()


def test_the_name_of_a_state_is_small_and_the_same_with_and_without_its_tensors() -> None:
    named = State("86d53d4614d6", 1795635751.4, 100, "/somewhere/runs.sqlite")
    assert len(pickle.dumps(named)) < 300
    assert named == State("86d53d4614d6", 1795635751.4, 100, tensors=b"much")
    assert "much" not in repr(State("run", 1.0, tensors=b"much"))


def test_weights_of_another_net_are_a_sentence(tmp_path: Path) -> None:
    other = save(build_network(NetSpec.parse("res-14-w4"), 0).state_dict())
    state = State("run", 1.0, tensors=other)
    with pytest.raises(EngineError, match="do not fit its net"):
        loading.trained(NetSpec.parse("res-8-w4"), Recipe(data="digits"), state)
    loading._recent.clear()
