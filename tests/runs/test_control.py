"""Runs are paused, go on where they were, and are extended; what was recorded after that place is written anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import stand_in_job

from resnet.runs.engine import Engine, dispatch
from resnet.runs.engine.cluster import WORKER_LOST
from resnet.runs.engine.control import CLOSED
from resnet.runs.errors import EngineError
from resnet.runs.store import Store, database
from resnet.specs import NetSpec, Recipe, SpecError, run_id
from resnet.training.extension import goes_on, longer
from resnet.training.schedules import SCHEDULES
from tests.runs.test_engine import Until, _nothing_is_left_over, ended, recipe, run_of, running, status, worker_of

__all__ = ["_nothing_is_left_over"]
NET = NetSpec.parse("res-8-w4")


def far(engine: Engine, run_id: str, step: int) -> Any:
    """Whether the run has recorded that step."""
    return lambda: run_of(engine, run_id).step >= step


def checkpoint(engine: Engine, run_id: str) -> int | None:
    return engine.store.checkpoints([run_id]).get(run_id)


def whole(engine: Engine, run_id: str, steps: int) -> None:
    """Every step was recorded once, and the weights that were kept on the way are there."""
    run = run_of(engine, run_id)
    assert (run.status, run.step, run.sentence) == ("done", steps, "")
    curves = engine.store.curves(run_id)
    np.testing.assert_array_equal(curves.step, range(steps + 1))
    np.testing.assert_allclose(curves.loss, 1 / (curves.step + 1))
    np.testing.assert_array_equal(engine.store.profiles(run_id, "gradient_norm")[0], range(steps + 1))
    assert engine.store.state(run_id) == stand_in_job.tensors(run_id)


def test_a_run_is_paused_within_a_step_and_goes_on_where_it_was(engine: Engine, until: Until) -> None:
    what = recipe(steps=60, pause=20).but(record_every=1_000)
    run_id = engine.submit(NET, what, "ann")
    until(running(engine, run_id))
    engine.pause(run_id)
    until(ended(engine, run_id))
    paused = run_of(engine, run_id)
    at = checkpoint(engine, run_id)
    assert (paused.status, paused.sentence, at) == ("paused", "", paused.step + 1)
    assert engine.resume(run_id, "ann") == run_id
    assert run_of(engine, run_id).created > paused.created  # charts that follow it begin anew
    until(ended(engine, run_id))
    whole(engine, run_id, 60)
    assert at - 1 in engine.store.kept_steps(run_id)  # the weights that were kept before the pause
    assert checkpoint(engine, run_id) == 60


def test_a_run_that_waits_is_paused_at_once_and_may_start(engine: Engine, until: Until) -> None:
    blockers = [engine.submit(NET, recipe(steps=1000, pause=20), "ann") for _ in range(2)]
    until(lambda: engine.queue_length() == 0)
    waiting = engine.submit(NET, recipe(), "ann")
    engine.pause(waiting)
    assert (status(engine, waiting), engine.queue_length(), checkpoint(engine, waiting)) == ("paused", 0, None)
    for blocker in blockers:
        engine.stop(blocker)
    engine.resume(waiting, "ben")
    until(ended(engine, waiting))
    whole(engine, waiting, 3)


def test_a_paused_run_frees_its_worker(engine: Engine, until: Until) -> None:
    runs = [engine.submit(NET, recipe(steps=1000, pause=20), "ann") for _ in range(3)]
    until(lambda: engine.queue_length() == 1)
    first = next(key for key in runs if engine.position(key) is None)
    until(running(engine, first))
    engine.pause(first)
    until(lambda: engine.queue_length() == 0)
    until(ended(engine, first))
    assert status(engine, first) == "paused"


def test_a_stopped_run_goes_on_unless_it_shall_start_afresh(engine: Engine, until: Until) -> None:
    what = recipe(steps=1000, pause=10).but(record_every=1_000)
    run_id = engine.submit(NET, what, "ann")
    until(far(engine, run_id, 5))
    engine.stop(run_id)
    until(ended(engine, run_id))
    at = checkpoint(engine, run_id)
    assert (status(engine, run_id), at) == ("stopped", run_of(engine, run_id).step + 1)
    engine.submit(NET, what, "ann")
    assert run_of(engine, run_id).step == at - 1
    engine.stop(run_id)
    until(ended(engine, run_id))
    engine.submit(NET, what, "ann", afresh=True)
    assert (len(engine.store.curves(run_id).step), checkpoint(engine, run_id)) in {(0, None), (1, None)}


def test_a_run_whose_worker_was_killed_goes_on_at_its_checkpoint(engine: Engine, until: Until, children: Any) -> None:
    what = recipe(steps=40, pause=20).but(record_every=8)
    run_id = engine.submit(NET, what, "ann")
    until(far(engine, run_id, 18))
    worker_of(engine, run_id, children()).kill()
    until(ended(engine, run_id))
    run = run_of(engine, run_id)
    at = checkpoint(engine, run_id)
    assert (run.status, run.sentence) == ("failed", WORKER_LOST)
    assert at in (8, 16, 24)
    assert run.step > at
    engine.submit(NET, what, "ann")
    assert run_of(engine, run_id).step == at - 1  # what came later is not there any more
    until(ended(engine, run_id))
    whole(engine, run_id, 40)
    assert {7, at - 1} <= set(engine.store.kept_steps(run_id))


def test_a_net_that_is_too_large_for_checkpoints_is_stopped_instead(engine: Engine, until: Until) -> None:
    run_id = engine.submit(NET, recipe(steps=1000, pause=20, seed=stand_in_job.TOO_LARGE), "ann")
    until(running(engine, run_id))
    engine.pause(run_id)
    until(ended(engine, run_id))
    assert (status(engine, run_id), checkpoint(engine, run_id)) == ("stopped", None)


def test_a_note_of_another_program_pauses_a_run(engine: Engine, until: Until) -> None:
    run_id = engine.submit(NET, recipe(steps=1000, pause=20), "ann")
    until(running(engine, run_id))
    engine.store.ask_to_stop(run_id, pause=True)
    until(ended(engine, run_id), within=5)
    assert status(engine, run_id) == "paused"


def test_a_run_that_diverged_has_no_checkpoint(engine: Engine, until: Until) -> None:
    run_id = engine.submit(NET, recipe(steps=10, seed=1).but(record_every=1), "ann")
    until(ended(engine, run_id))
    assert (status(engine, run_id), checkpoint(engine, run_id)) == ("diverged", None)


def test_a_damaged_checkpoint_is_told_and_the_run_starts_from_step_0(engine: Engine, until: Until) -> None:
    what = recipe(steps=30, pause=20).but(record_every=1_000)
    run_id = engine.submit(NET, what, "ann")
    until(far(engine, run_id, 5))
    engine.stop(run_id)
    until(ended(engine, run_id))
    with closing(sqlite3.connect(engine.store.path)) as connection, connection:
        connection.execute("UPDATE checkpoints SET tensors = x'ff' WHERE run = ?", [run_id])
    engine.submit(NET, what, "ann")
    until(lambda: run_of(engine, run_id).message)
    assert (run_of(engine, run_id).status, run_of(engine, run_id).sentence) == ("running", "Damaged.")
    until(ended(engine, run_id))
    whole(engine, run_id, 30)


@pytest.mark.parametrize("part", [0.0, 1.0])
def test_an_extended_run_goes_on_where_the_shorter_one_is(part: float, engine: Engine, until: Until) -> None:
    short = recipe(steps=20, pause=10).but(schedule="constant", record_every=1_000)
    old = engine.submit(NET, short, "ann")
    if part:
        until(ended(engine, old))
    else:
        until(far(engine, old, 5))
        engine.pause(old)
        until(ended(engine, old))
    at = checkpoint(engine, old)
    before = run_of(engine, old), engine.store.kept_steps(old)
    new = engine.extend(old, 30, "ann")
    assert new == run_id(NET, short.but(steps=30), "cpu")
    assert run_of(engine, new).step == at - 1
    until(ended(engine, new))
    whole(engine, new, 30)
    assert (run_of(engine, old), engine.store.kept_steps(old)) == before


def test_a_run_that_is_gone_cannot_go_on(engine: Engine) -> None:
    for act in (lambda: engine.resume("gone", "ann"), lambda: engine.extend("gone", 10, "ann")):
        with pytest.raises(EngineError, match="no such run"):
            act()


def test_which_recipes_go_on_where_another_ended() -> None:
    with pytest.raises(SpecError, match="cannot be extended"):
        longer(Recipe(schedule="one_cycle", steps=100), 150)
    for schedule in set(SCHEDULES) - {"one_cycle"}:
        short = Recipe(schedule=schedule, steps=100, warmup=10)
        later = longer(short, 150)
        assert goes_on(short, later)
        assert later.extended == (0 if schedule == "constant" else 100)
        assert not goes_on(later, short)
        assert not goes_on(short, later.but(seed=1))
        assert goes_on(later, longer(later, 200)) == (schedule == "constant")  # a second plan cannot be told


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "runs.sqlite")
    yield store
    store.close()


def test_a_file_of_the_version_before_gets_room_for_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MIGRATIONS", database.MIGRATIONS[:4])
    old = Store(tmp_path / "runs.sqlite")
    old._database.close()
    monkeypatch.undo()
    store = Store(tmp_path / "runs.sqlite")
    assert store.claim("run", NET, Recipe(), "cpu", "me")
    store.finish("me", "run", "paused", checkpoint={"step": 3, "tensors": b"3", "states": {1: b"1"}})
    assert (store.checkpoints(["run"]), store.checkpoint("run")) == ({"run": 3}, b"3")
    store.close()


def test_an_older_checkpoint_that_comes_late_is_not_kept(store: Store) -> None:
    store.claim("run", NET, Recipe(), "cpu", "me")
    late = {"run": "run", "kind": "checkpoint", "step": 3, "tensors": b"3", "states": {}}
    store.record("me", [{"run": "run", "kind": "started"}, {**late, "step": 4, "tensors": b"4"}, late])
    assert store.checkpoint("run") == b"4"
    store.finish("me", "run", "diverged")
    store.record("me", [late])
    assert store.checkpoint("run") == b""


def test_what_is_deleted_goes_without_its_checkpoint(store: Store) -> None:
    store.claim("run", NET, Recipe(), "cpu", "me")
    store.finish("me", "run", "paused", checkpoint={"step": 3, "tensors": b"3", "states": {1: b"1"}})
    assert store.claim("run", NET, Recipe(), "cpu", "me")
    with closing(sqlite3.connect(store.path)) as connection:
        for table in ("checkpoints", "states_so_far"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_program_that_is_closed_leaves_checkpoints_of_what_trains(
    store: Store, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "GOODBYE", 20.0)
    engine = Engine(store, workers=1, job="stand_in_job")
    engine.start()
    run_id = engine.submit(NET, recipe(steps=1000, pause=20).but(record_every=1_000), "ann")
    until(far(engine, run_id, 3))
    engine.close()
    run = run_of(engine, run_id)
    assert (run.status, run.sentence) == ("stopped", CLOSED)
    assert checkpoint(engine, run_id) == run.step + 1
