"""The store: what is written is read, by several programs at once, and nothing is lost or overwritten."""

import json
import math
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resnet.runs.errors import StoreError
from resnet.runs.store import Store
from resnet.runs.store import store as store_module
from resnet.runs.store.records import stride
from resnet.specs import NetSpec, Recipe

NET, RECIPE = NetSpec.parse("res-8-w4"), Recipe(steps=40)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "runs.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    yield store
    store.close()


def claim(store: Store, run_id: str = "run", owner: str = "me") -> bool:
    return store.claim(run_id, NET, RECIPE, "cpu", owner)


def step(number: int, **changes: Any) -> dict[str, Any]:
    """One step as `tasks.train.train_run` reports it."""
    values = {"step": number, "loss": 2.0, "accuracy": 0.1, "lr": 0.01, "seconds": number / 10}
    return {**values, "profiles": {}, "evaluation": None, **changes}


def steps(*records: dict[str, Any], run_id: str = "run") -> dict[str, Any]:
    return {"run": run_id, "kind": "steps", "steps": list(records)}


def tensors(name: str) -> bytes:
    """Safetensors of nothing, told apart by a name."""
    header = json.dumps({"__metadata__": {"name": name}}).encode()
    return len(header).to_bytes(8, "little") + header


def aged(store: Store, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the store's clock go forward."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)


def test_a_run_is_read_as_it_was_written(store: Store) -> None:
    assert claim(store)
    queued = store.runs(["run"])["run"]
    assert (queued.net, queued.recipe, queued.device) == (NET, RECIPE, "cpu")
    assert (queued.status, queued.step, queued.started, queued.finished) == ("queued", 0, None, None)
    store.record("me", [{"run": "run", "kind": "started"}, steps(step(0), step(1, seconds=1.5))])
    running = store.runs(["run"])["run"]
    assert (running.status, running.step, running.seconds, running.finished) == ("running", 1, 1.5, None)
    store.finish("me", "run", "done", states={0: tensors("start"), 40: tensors("end")})
    done = store.runs(["run"])["run"]
    assert (done.status, done.message, done.sentence) == ("done", "", "")
    assert queued.created <= (done.started or 0) <= (done.finished or 0)
    assert store.kept_steps("run") == [0, 40]
    assert [store.state("run"), *map(partial(store.state, "run"), (0, 40, 7))] == [
        tensors("end"),
        tensors("start"),
        tensors("end"),
        None,
    ]


def test_runs_are_given_in_the_order_asked_and_unknown_ones_are_left_out(store: Store) -> None:
    for name in ("a", "b", "c"):
        claim(store, name)
    assert list(store.runs(["c", "nobody", "a", "c"])) == ["c", "a"]
    assert store.runs([]) == {}
    assert [run.id for run in store.recent(2)] == ["c", "b"]


def test_losses_that_are_not_numbers_survive(store: Store) -> None:
    claim(store)
    losses = [math.nan, math.inf, -math.inf, 1.0]
    records = [step(number, loss=loss, evaluation=[loss, math.nan]) for number, loss in enumerate(losses)]
    store.record("me", [steps(*records)])
    curves = store.curves("run")
    np.testing.assert_array_equal(curves.loss, losses)
    np.testing.assert_array_equal(curves.test_loss, losses)
    assert np.isnan(curves.test_accuracy).all()
    assert {column.dtype for column in vars(curves).values()} == {np.dtype(np.float64)}


@pytest.mark.parametrize(("last", "points"), [(0, 500), (7, 8), (8, 8), (499, 500), (500, 500), (10_000, 500), (9, 2)])
def test_thinned_curves_keep_both_ends_and_an_even_stride(last: int, points: int, store: Store) -> None:
    claim(store)
    store.record("me", [steps(*(step(number, loss=number / 2) for number in range(last + 1)))])
    shown = store.curves("run", max_points=points)
    assert len(shown.step) <= points
    assert (shown.step[0], shown.step[-1]) == (0, last)
    assert len(set(np.diff(shown.step[:-1]))) <= 1
    np.testing.assert_array_equal(shown.loss, shown.step / 2)
    assert len(store.curves("run").step) == last + 1


def test_points_stay_where_they_are_while_a_run_grows() -> None:
    strides = [stride(last, 500) for last in range(10_001)]
    assert sorted(set(strides)) == [1, 2, 4, 8, 16, 32]
    assert strides == sorted(strides)


def test_a_run_without_steps_has_empty_curves_and_profiles(store: Store) -> None:
    claim(store)
    assert {column.shape for column in vars(store.curves("run", 500)).values()} == {(0,)}
    numbers, values = store.profiles("run", "gradient_norm")
    assert (numbers.shape, values.shape, values.dtype) == ((0,), (0, 0), np.dtype("float32"))
    assert store.state("run") is None


def test_profiles_are_a_matrix_of_steps_and_layers(store: Store) -> None:
    claim(store)
    matrix = np.random.default_rng(0).normal(size=(3, 5)).astype("<f4")
    matrix[1, 2], matrix[2, 0] = np.nan, 0.0
    records = [step(10 * row, profiles={"a": matrix[row].tobytes(), "b": b""}) for row in (0, 2, 1)]
    store.record("me", [steps(*records)])
    numbers, values = store.profiles("run", "a")
    np.testing.assert_array_equal(numbers, [0, 10, 20])
    np.testing.assert_array_equal(values, matrix)


@pytest.mark.parametrize("status", ["queued", "running", "done"])
def test_a_run_that_is_done_or_at_work_is_not_claimed_again(status: Any, store: Store) -> None:
    claim(store)
    store.record("me", [steps(step(0))])
    store.finish("me", "run", status)
    assert not claim(store, owner="other")
    assert len(store.curves("run").step) == 1


@pytest.mark.parametrize("status", ["stopped", "diverged", "failed"])
def test_a_run_that_ended_early_starts_afresh(status: Any, store: Store) -> None:
    claim(store)
    store.record("me", [steps(step(0, profiles={"a": b"1234"}, evaluation=[1.0, 0.5]))])
    store.finish("me", "run", status, "Diverged at step {step}.", {"step": 3}, states={3: b"old"})
    assert store.runs(["run"])["run"].sentence == "Diverged at step 3."
    assert claim(store, owner="other")
    assert store.runs(["run"])["run"].message == ""
    assert (
        len(store.curves("run").step) == len(store.curves("run").test_step) == len(store.profiles("run", "a")[0]) == 0
    )
    assert store.state("run") is None


def test_only_the_owner_changes_a_run(store: Store) -> None:
    claim(store)
    store.record("other", [steps(step(0))])
    store.finish("other", "run", "done", states={3: b"other"})
    store.finish_all("other", "failed", "")
    run = store.runs(["run"])["run"]
    assert (run.status, store.state("run"), len(store.curves("run").step)) == ("queued", None, 0)


def test_a_batch_of_messages_is_written_whole_or_not_at_all(store: Store) -> None:
    claim(store)
    with pytest.raises(KeyError):
        store.record("me", [steps(step(0)), {"run": "run", "kind": "steps", "steps": [{"step": 1}]}])
    assert len(store.curves("run").step) == 0
    store.record("me", [steps(step(0))])  # and the store goes on
    assert len(store.curves("run").step) == 1


def test_runs_of_a_program_that_died_are_marked_failed(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, owner in [("queued", "dead"), ("running", "dead"), ("done", "dead"), ("alive", "me")]:
        claim(store, name, owner)
    store.record("dead", [steps(step(0), run_id="running")])
    store.finish("dead", "done", "done")
    aged(store, monkeypatch, store_module.SILENCE + 1)
    store.beat("me")
    Store(path).close()  # opening it sweeps
    found = store.runs(["queued", "running", "done", "alive"])
    assert [run.status for run in found.values()] == ["failed", "failed", "done", "queued"]
    assert found["running"].sentence == store_module.OWNER_DIED


def test_a_silence_shorter_than_the_limit_is_forgiven(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    claim(store)
    aged(store, monkeypatch, store_module.SILENCE - 1)
    store.sweep()
    assert store.runs(["run"])["run"].status == "queued"


@pytest.mark.parametrize("back", [3600.0, store_module.AHEAD + 1])
def test_a_clock_that_was_set_back_after_a_crash_does_not_make_the_dead_alive(
    back: float, store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(store, owner="dead")
    aged(store, monkeypatch, -back)
    assert claim(store, owner="me")  # nobody is at it
    claim(store, "other", "me")
    aged(store, monkeypatch, -back - 10)
    Store(path).close()
    assert {run.status for run in store.recent(2)} == {"failed"}


def test_a_clock_that_is_set_back_a_little_leaves_the_living_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(store)
    aged(store, monkeypatch, 1 - store_module.AHEAD)
    store.sweep()
    assert not claim(store, owner="other")
    assert store.runs(["run"])["run"].status == "queued"


def test_a_run_taken_for_dead_lives_on_with_its_next_step(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    claim(store)
    aged(store, monkeypatch, store_module.SILENCE + 1)
    store.sweep()
    store.record("me", [steps(step(0))])
    store.sweep()
    run = store.runs(["run"])["run"]
    assert (run.status, run.message) == ("running", "")


def test_a_wish_to_stop_reaches_the_owner_once(store: Store) -> None:
    claim(store)
    claim(store, "other's", "other")
    store.ask_to_stop("run")
    store.ask_to_stop("other's")
    assert store.beat("me") == {"run": "stopped"}
    assert store.beat("me") == {}
    store.ask_to_stop("run", pause=True)
    assert store.beat("me") == {"run": "paused"}


def test_two_programs_never_both_claim_a_run(path: Path) -> None:
    stores = [Store(path) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for number in range(20):
            claims = pool.map(lambda store, number=number: claim(store, f"run {number}", str(id(store))), stores)
            assert sum(claims) == 1
    for store in stores:
        store.close()


WRITER = """
import sys
from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe
store = Store(sys.argv[1])
claimed = [name for name in map(str, range(30)) if store.claim(name, NetSpec(), Recipe(), "cpu", sys.argv[2])]
print(" ".join(claimed))
"""


def test_several_processes_may_create_and_use_the_file_at_once(path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [
        subprocess.Popen([*command, f"owner {number}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for number in range(3)
    ]
    outputs = [writer.communicate(timeout=60) for writer in writers]
    assert [error for _output, error in outputs] == ["", "", ""]
    assert sorted(" ".join(output for output, _error in outputs).split(), key=int) == [str(n) for n in range(30)]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize("content", [b"garbage" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000, b"x"])
def test_a_damaged_file_is_one_sentence_and_stays_as_it_is(content: bytes, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged or no file of runs") as caught:
        Store(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_damage_found_later_is_one_sentence_too(store: Store, path: Path) -> None:
    for number in range(50):
        claim(store, f"run {number}")
    store.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xaa" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        Store(path).recent(10)


def test_the_file_of_a_newer_version_is_refused_and_stays_as_it_is(path: Path) -> None:
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer version of ResNet Lab"):
        Store(path)


def test_another_programs_database_is_refused_and_stays_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE runs (mine TEXT)")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(StoreError, match="another program's database"):
        Store(path)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_hold_the_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path / "file" / "runs.sqlite")
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path)


def test_a_run_whose_specs_are_no_longer_allowed_is_left_out(store: Store, path: Path) -> None:
    claim(store)
    claim(store, "old")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE runs SET net = '{\"depth\": 7}' WHERE id = 'old'")
    connection.close()
    assert list(store.runs(["run", "old"])) == ["run"]
    assert [run.id for run in store.recent(5)] == ["run"]


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="was closed"):
        store.recent(1)


def test_meta_values_are_replaced(store: Store) -> None:
    assert store.meta("device") is None
    store.set_meta("device", "a")
    store.set_meta("device", "b")
    assert store.meta("device") == "b"
