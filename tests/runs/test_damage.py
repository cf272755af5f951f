"""Wrong bytes in the file of runs: what is damaged is left out and named, and everything else is as before."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resnet.runs.engine import Engine
from resnet.runs.errors import StoreError
from resnet.runs.store import LAST, State, Store
from resnet.runs.store.records import DAMAGED
from resnet.runs.store.states import read
from resnet.specs import NetSpec, Recipe

NET, RECIPE = NetSpec.parse("res-8-w4"), Recipe(steps=40)
EMPTY = b"\x02" + bytes(7) + b"{}"  # safetensors of nothing
WRONG: list[Any] = [b"\xff\xfe\x00", "\ud7ff{", "[1, 2]", -1.5, None, b""]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two finished runs, of which the tests damage one."""
    store = Store(tmp_path / "runs.sqlite")
    for run_id in ("bad", "good"):
        assert store.claim(run_id, NET, RECIPE, "cpu", "me")
        steps = [
            {"step": n, "loss": 2.0, "accuracy": 0.5, "lr": 0.1, "seconds": n / 10, "evaluation": [1.0, 0.5],
             "profiles": {"a": np.full(5, n, "<f4").tobytes()}}
            for n in range(4)
        ]  # fmt: skip
        store.record("me", [{"run": run_id, "kind": "steps", "steps": steps}])
        store.finish("me", run_id, "done", states={0: EMPTY, 40: EMPTY})
    yield store
    store.close()


def damage(store: Store, table: str, column: str, value: Any) -> bool:
    """Whether the file takes that value; a text column also takes bytes that are no UTF-8 as text."""
    key = "id" if table == "runs" else "run"
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        try:
            connection.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {key} = 'bad'", [value])
            if isinstance(value, bytes) and table == "runs":
                connection.execute(f"UPDATE runs SET {column} = CAST({column} AS TEXT) WHERE id = 'bad'")
        except sqlite3.IntegrityError:
            return False
        connection.commit()
    return True


def everything(store: Store, run_id: str) -> tuple[Any, ...]:
    """All that pages, the engine and workers read of a run."""
    run = store.runs([run_id]).get(run_id)
    store.recent(5), store.versions([run_id])
    curves, (steps, values) = store.curves(run_id, 500), store.profiles(run_id, "a")
    curves.result(RECIPE)
    kept = [(step, store.state(run_id, step)) for step in (*store.kept_steps(run_id), LAST)]
    asked = read(State(run_id, run.finished or 0.0, 0, str(store.path))) if run else None
    sentence = run and (run.status, run.sentence, run.net.depth, run.started, run.step)
    return sentence, curves.loss.tolist(), steps.tolist(), values.tolist(), kept, asked


COLUMNS = [
    *(("runs", column) for column in (
        "id", "net", "recipe", "device", "status", "message", "message_values", "created", "started", "finished",
        "step", "seconds", "owner", "heartbeat", "stop_asked", "kept")),
    *(("steps", column) for column in ("step", "loss", "accuracy", "lr", "seconds", "run")),
    *(("evaluations", column) for column in ("step", "loss", "accuracy")),
    *(("profiles", column) for column in ("step", "layers", "probe")),
    *(("states", column) for column in ("step", "tensors", "run")),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda part: str(part))
def test_wrong_bytes_in_any_column_harm_that_run_alone(table: str, column: str, store: Store) -> None:
    before = everything(store, "good")
    for value in WRONG:
        if not damage(store, table, column, value):
            continue
        assert everything(store, "good") == before
        everything(store, "bad")
        again = Store(store.path)  # opened anew, with its sweep
        assert everything(again, "good") == before
        again.beat("me")
        again.sweep()
        again.make_room(0)
        again.close()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("runs", "message_values", b"\xff\xfe"),
        ("runs", "message_values", "[]"),
        ("runs", "message", "{step"),
        ("runs", "message", "{step}"),
        ("runs", "status", "finishing"),
        ("runs", "seconds", b"\xff"),
        ("steps", "loss", b"\xff\x00"),
        ("evaluations", "accuracy", "much"),
        ("profiles", "layers", b"123"),
        ("states", "tensors", b"\xff" * 40),
        ("states", "tensors", EMPTY + b"more"),
    ],
)
def test_a_damaged_run_says_so_is_named_once_and_can_be_trained_again(
    table: str, column: str, value: Any, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    assert damage(store, table, column, value)
    for _look in range(3):
        everything(store, "bad")
    run = store.runs(["bad", "good"])["bad"]
    assert (run.status, run.sentence) == ("failed", DAMAGED)
    assert [message for message in caplog.messages if "bad" in message] == caplog.messages
    assert len(caplog.messages) == 1
    assert store.claim("bad", NET, RECIPE, "cpu", "me")
    assert not store.claim("good", NET, RECIPE, "cpu", "me")
    assert store.runs(["bad"])["bad"].status == "queued"


def test_a_run_whose_specs_are_damaged_can_be_trained_again(store: Store) -> None:
    damage(store, "runs", "net", b"\xff\xfe")
    assert list(store.runs(["bad", "good"])) == ["good"]
    assert store.claim("bad", NET, RECIPE, "cpu", "me")
    assert list(store.runs(["bad", "good"])) == ["bad", "good"]


@pytest.mark.parametrize("value", [b"\xff\xfe", "{", "[]", '{"type": 1}', '{"type": "cpu", "label": "", "count": "x"}'])
def test_a_damaged_note_of_the_device_is_as_good_as_none(value: Any, store: Store) -> None:
    store.set_meta("device", value)
    assert Engine(store).device == "cpu"


def test_sound_rows_of_a_damaged_run_are_still_there(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("UPDATE steps SET loss = x'ff' WHERE run = 'bad' AND step = 2")
        connection.execute("UPDATE profiles SET layers = x'ff' WHERE run = 'bad' AND step = 1")
        connection.commit()
    assert store.curves("bad").step.tolist() == [0, 1, 3]
    steps, values = store.profiles("bad", "a")
    assert (steps.tolist(), values[:, 0].tolist()) == ([0, 2, 3], [0, 2, 3])


@pytest.mark.parametrize("seed", range(12))
def test_random_bytes_in_data_pages_are_one_sentence_or_nothing(seed: int, store: Store) -> None:
    store.close()  # writes what is in the other file
    content = bytearray(store.path.read_bytes())
    random = np.random.default_rng(seed)
    for page in random.integers(1, len(content) // 4096, 3):
        where = 4096 * int(page) + int(random.integers(0, 4096 - 200))
        content[where : where + 200] = random.integers(0, 256, 200, dtype=np.uint8).tobytes()
    store.path.write_bytes(content)
    said = []
    for action in (everything, lambda store, _id: store.sweep(), lambda store, _id: store.make_room(0)):
        for run_id in ("bad", "good"):
            try:
                damaged = Store(store.path)
                action(damaged, run_id)
                damaged.claim(run_id, NET, RECIPE, "cpu", "me")
                damaged.close()
            except StoreError as error:
                said.append(str(error))
    assert not any("\n" in sentence for sentence in said)
