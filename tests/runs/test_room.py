"""A bound for the file of runs: the oldest and dearest to keep goes first, and the file shrinks."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from resnet.runs.engine import recorder
from resnet.runs.engine.recorder import Recorder
from resnet.runs.errors import EngineError, StoreError
from resnet.runs.store import LAST, Store, database, quota
from resnet.specs import NetSpec, Recipe
from resnet.specs.limits import Limits

NET, RECIPE = NetSpec.parse("res-8-w4"), Recipe(steps=40)
MB = 1_000_000


def tensors(size: int) -> bytes:
    header = f'{{"a":{{"dtype":"U8","shape":[{size}],"data_offsets":[0,{size}]}}}}'.encode()
    return len(header).to_bytes(8, "little") + header + bytes(size)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "runs.sqlite")
    yield store
    store.close()


def add(store: Store, run_id: str, hours: float, status: str = "done") -> None:
    """A run of 2 MB in two states and 0.1 MB of profiles, which ended that long ago."""
    assert store.claim(run_id, NET, RECIPE, "cpu", "me")
    step = {"step": 0, "loss": 2.0, "accuracy": 0.5, "lr": 0.1, "seconds": 0.0, "evaluation": None}
    store.record("me", [{"run": run_id, "kind": "steps", "steps": [{**step, "profiles": {"a": bytes(100_000)}}]}])
    if status != "running":
        store.finish("me", run_id, status, states={0: tensors(MB), 40: tensors(MB)})  # type: ignore[arg-type]
        change(store, f"UPDATE runs SET finished = {time.time() - 3600 * hours} WHERE id = '{run_id}'")


def change(store: Store, query: str) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute(query)
        connection.commit()


def removed(store: Store, most: int) -> list[str]:
    return list(iter(lambda: store.make_room(most), ""))


def size(store: Store) -> int:
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return store.path.stat().st_size


def test_within_the_bound_nothing_is_removed(store: Store) -> None:
    add(store, "old", 100)
    assert removed(store, 3 * MB) == []
    assert store.kept_steps("old") == [0, 40]


def test_weights_go_first_then_profiles_then_runs_each_the_oldest_first(store: Store) -> None:
    for run_id, hours in (("b", 50), ("a", 100), ("c", 5)):
        add(store, run_id, hours)
    assert removed(store, 5 * MB) == ["the weights of run a"]
    assert store.runs(["a"])["a"].sentence == quota.NO_WEIGHTS
    assert (store.state("a"), store.kept_steps("a"), len(store.curves("a").step)) == (None, [], 1)
    assert removed(store, 320_000) == ["the weights of run b", "the weights of run c", "the profiles of run a"]
    assert removed(store, 0) == ["the profiles of run b", "the profiles of run c", "run a", "run b", "run c"]
    assert store.recent(5) == []


def test_checkpoints_go_before_all_else_and_those_of_paused_runs_last(store: Store) -> None:
    for run_id, hours, status in (("paused", 100, "paused"), ("done", 50, "done"), ("stopped", 60, "stopped")):
        add(store, run_id, hours, "running")
        store.finish("me", run_id, status, checkpoint={"step": 7, "tensors": tensors(MB), "states": {}})  # type: ignore[arg-type]
        change(store, f"UPDATE runs SET finished = {time.time() - 3600 * hours} WHERE id = '{run_id}'")
    assert removed(store, 2 * MB) == ["the checkpoint of run stopped", "the checkpoint of run done"]
    assert store.checkpoints(["paused", "done", "stopped"]) == {"paused": 7}
    assert removed(store, MB) == ["the checkpoint of run paused"]
    left = store.runs(["paused", "done"])
    assert [(run.status, run.sentence) for run in left.values()] == [("stopped", quota.NO_CHECKPOINT), ("done", "")]


def test_what_is_at_work_new_or_kept_stays(store: Store) -> None:
    add(store, "running", 0, "running")
    add(store, "new", quota.FRESH / 3600 - 0.1)
    add(store, "kept", 100)
    change(store, "UPDATE runs SET kept = 1 WHERE id = 'kept'")
    assert removed(store, 0) == []
    add(store, "stopped", 100, "stopped")
    assert removed(store, 0) == ["the weights of run stopped", "the profiles of run stopped", "run stopped"]
    assert {run.id for run in store.recent(5)} == {"running", "new", "kept"}


def test_the_file_becomes_smaller(store: Store) -> None:
    for number in range(6):
        add(store, str(number), 100)
    before = size(store)
    removed(store, MB)
    assert (before > 12 * MB, size(store) < 2 * MB) == (True, True)


def test_a_file_of_an_older_version_does_not_grow_beyond(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MIGRATIONS", database.MIGRATIONS[:2])
    Store(tmp_path / "runs.sqlite").close()
    change(Store(tmp_path / "runs.sqlite"), "PRAGMA auto_vacuum = NONE")
    with closing(sqlite3.connect(tmp_path / "runs.sqlite")) as connection:
        connection.execute("VACUUM")
    monkeypatch.undo()
    store = Store(tmp_path / "runs.sqlite")
    for number in range(4):
        add(store, str(number), 100 - number)
        removed(store, 5 * MB)
    assert size(store) < 7 * MB
    assert store.kept_steps("3") == [0, 40]
    store.close()


def test_the_recorder_makes_room_and_says_of_what(
    store: Store, until: Callable[..., float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add(store, "old", 100)
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(recorder, "LIMITS", Limits(max_store_gb=0.001))
    monkeypatch.setattr(recorder, "SWEEP_EVERY", 0.1)
    writer = Recorder(store, "me", lambda _run, _wish: None)
    until(lambda: store.state("old", LAST) is None)
    writer.close("stopped", "")
    assert caplog.messages == ["the weights of run old removed to make room: RESNET_MAX_STORE_GB is 0.001"]


def step_of(run_id: str, number: int) -> dict[str, object]:
    step: dict[str, object] = {"step": number, "loss": 2.0, "accuracy": 0.5, "lr": 0.1, "seconds": 0.0}
    step |= {"evaluation": None, "profiles": {}}
    return {"run": run_id, "kind": "steps", "steps": [step]}


@pytest.mark.parametrize("how", ["removed", "replaced"])
def test_a_file_that_is_removed_is_told_and_runs_go_on_in_a_new_one(
    how: str, store: Store, until: Callable[..., float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(recorder, "BEAT_EVERY", 0.05)
    monkeypatch.setattr(recorder, "SEEN_AFTER", 0.3)
    add(store, "old", 1)
    writer = Recorder(store, "me", lambda _run, _wish: None)
    assert store.claim("run", NET, RECIPE, "cpu", "me")
    writer.put(step_of("run", 0))
    until(lambda: len(store.curves("run").step) == 1)
    for file in (store.path, *tmp_path.glob("runs.sqlite-*")):
        file.unlink()
    if how == "replaced":
        Store(store.path).close()
    until(lambda: writer.trouble, within=5)
    said = str(writer.trouble)
    until(lambda: not writer.trouble, within=5)
    assert said.startswith(f"{store.path} was removed or replaced")
    writer.put(step_of("run", 1))
    until(lambda: len(store.curves("run").step) == 1)
    assert store.curves("run").step.tolist() == [1]
    writer.put({"run": "run", "kind": "end", "status": "done", "message": "", "values": {}, "states": {}})
    other = Store(store.path)  # what another program sees
    until(lambda: other.runs(["run"])["run"].status == "done")
    assert list(other.runs(["old", "run"])) == ["run"]
    other.close()
    writer.close("stopped", "")


def test_a_file_that_another_program_locks_is_one_sentence_and_comes_back(
    store: Store, until: Callable[..., float], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setattr(database, "WAIT", 0.1)
    monkeypatch.setattr(recorder, "BEAT_EVERY", 0.05)
    store = Store(store.path)
    store._database.reopen()  # idle connections to a file in WAL mode keep others from locking it
    with closing(sqlite3.connect(store.path, isolation_level=None, timeout=10)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="written by another program") as read:
            store.recent(5)
        with pytest.raises(StoreError, match="written by another program"):
            store.claim("run", NET, RECIPE, "cpu", "me")
        writer = Recorder(store, "me", lambda _run, _wish: None)
        until(lambda: writer.trouble, within=5)
        assert str(writer.trouble) == str(read.value)
        assert not isinstance(read.value, EngineError)
    assert store.recent(5) == []
    until(lambda: not writer.trouble, within=5)
    writer.close("stopped", "")
    store.close()
