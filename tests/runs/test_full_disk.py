"""A store that cannot be written: it is said at once, nothing hangs, and what can go on goes on."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from resnet import i18n
from resnet.runs.engine import Engine, recorder
from resnet.runs.errors import EngineError, NoRoom, StoreError
from resnet.runs.store import Store, database
from resnet.specs import NetSpec, Recipe

Until = Callable[..., float]
NET = NetSpec.parse("res-8-w4")
LONG = Recipe(steps=1000, batch=20)  # 20 ms a step
SAID = "cannot be written: the disk or your share of it is full; make room and try again"


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """While it is set, every transaction meets a full disk."""
    event = threading.Event()
    given = database.Database.writing

    @contextmanager
    def writing(self: database.Database) -> Iterator[sqlite3.Connection]:
        with given(self) as connection, self._sentences():
            if event.is_set():
                raise sqlite3.OperationalError("database or disk is full")
            yield connection

    monkeypatch.setattr(database.Database, "writing", writing)
    return event


@pytest.fixture
def engine(tmp_path: Path, until: Until, full: threading.Event) -> Iterator[Engine]:
    """One worker trains."""
    store = Store(tmp_path / "runs.sqlite")
    engine = Engine(store, workers=1, job="stand_in_job")
    engine.start()
    until(lambda: engine.state == "ready")
    yield engine
    full.clear()
    engine.close()
    store.close()


def status(engine: Engine, run_id: str) -> str:
    return engine.store.runs([run_id])[run_id].status


def started(engine: Engine, until: Until) -> str:
    run_id = engine.submit(NET, LONG, "ann")
    until(lambda: engine.store.runs([run_id])[run_id].step > 0)
    return run_id


def test_sqlite_s_own_words_for_a_full_disk_are_one_sentence(tmp_path: Path) -> None:
    base = database.Database(tmp_path / "runs.sqlite")
    with base.writing() as connection:
        connection.execute("CREATE TABLE filler (content BLOB)")
    with base.reading() as connection:  # the same connection
        connection.execute("PRAGMA max_page_count = 1")  # the least that it takes is what there is
    with pytest.raises(NoRoom) as error, base.writing() as connection:
        connection.execute("INSERT INTO filler VALUES (zeroblob(100000))")
    assert str(error.value) == f"{tmp_path / 'runs.sqlite'} {SAID}"
    base.close()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), sqlite3.OperationalError("disk I/O error")])
def test_a_share_that_is_used_up_is_told_like_a_full_disk(error: Exception, tmp_path: Path) -> None:
    base = database.Database(tmp_path / "runs.sqlite")
    with pytest.raises(NoRoom), base.writing():
        raise error
    base.close()


def test_a_store_is_opened_and_read_on_a_full_disk(
    tmp_path: Path, full: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Store(tmp_path / "runs.sqlite")
    first.claim("run", NET, LONG, "cpu", "somebody who died")
    now = time.time()
    monkeypatch.setattr("resnet.runs.store.store.time.time", lambda: now + 60)
    full.set()
    second = Store(tmp_path / "runs.sqlite")
    assert second.runs(["run"])["run"].status == "queued"
    first.close()
    second.close()


def test_every_sentence_of_the_store_is_translated_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    error = StoreError(database.NO_ROOM, path="/x")
    marked = type("Marked", (), {"gettext": staticmethod("⟦{}⟧".format)})
    monkeypatch.setattr(i18n, "_catalog", lambda _language: marked)
    assert str(error) == f"⟦/x {SAID}⟧"


def test_a_full_disk_is_told_at_once_in_few_words_and_runs_go_on_when_there_is_room(
    engine: Engine, until: Until, full: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    run_id = started(engine, until)
    full.set()
    until(lambda: engine.trouble, within=3)
    assert engine.trouble.endswith(SAID)
    with pytest.raises(EngineError, match="make room"):
        engine.submit(NET, LONG.but(seed=9), "ann")
    stuck = engine.store.runs([run_id])[run_id].step
    threading.Event().wait(1.5)
    full.clear()
    until(lambda: engine.store.runs([run_id])[run_id].step > stuck + 100, within=5)
    assert not engine.trouble
    curves = engine.store.curves(run_id)
    assert curves.step.tolist() == list(range(len(curves.step)))  # nothing of the time in between is missing
    assert len(caplog.messages) == 2
    assert "Traceback" not in caplog.text


def test_after_a_while_all_runs_fail_with_the_reason_and_start_again_when_there_is_room(
    engine: Engine, until: Until, full: threading.Event, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr(recorder, "PATIENCE", 1.0)
    run_id = started(engine, until)
    waiting = engine.submit(NET, LONG.but(seed=9), "ann")
    full.set()
    until(lambda: {status(engine, run) for run in (run_id, waiting)} == {"failed"}, within=6)
    assert engine.store.runs([waiting])[waiting].sentence.endswith(SAID)
    assert engine.store.runs([run_id])[run_id].finished
    until(lambda: not engine.busy, within=3)  # the worker has stopped
    threading.Event().wait(1.5)
    assert len(caplog.messages) == 1
    assert sum(map(len, map(str, engine._recorder._pending))) < 2_000  # type: ignore[union-attr] - no steps are kept
    full.clear()
    until(lambda: not engine.trouble, within=4)
    other = Store(engine.store.path)  # what another program sees
    assert {run.status for run in other.recent(2)} == {"failed"}
    assert {run.sentence for run in other.recent(2)} == {f"{engine.store.path} {SAID}"}
    other.close()
    assert engine.submit(NET, LONG, "ann") == run_id
    until(lambda: status(engine, run_id) == "running" and engine.store.runs([run_id])[run_id].step > 0)


def test_stop_works_on_a_full_disk(engine: Engine, until: Until, full: threading.Event) -> None:
    run_id = started(engine, until)
    waiting = engine.submit(NET, LONG.but(seed=9), "ann")
    full.set()
    until(lambda: engine.trouble, within=3)
    engine.stop(waiting)
    assert status(engine, waiting) == "stopped"
    engine.stop(run_id)
    until(lambda: status(engine, run_id) == "stopped", within=4)
    engine.stop("of another program")
    full.clear()
    until(lambda: not engine.trouble, within=4)
    assert {run.status for run in engine.store.recent(2)} == {"stopped"}


def test_closing_on_a_full_disk_shows_what_became_of_the_runs(
    engine: Engine, until: Until, full: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    run_id = started(engine, until)
    full.set()
    engine.close()
    assert status(engine, run_id) == "stopped"
    assert len(caplog.messages) == 1
