"""The engine at work: runs reach their end, whatever happens to them, and nobody waits for another's mistake."""

import dataclasses
import itertools
import os
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import stand_in_job

from resnet.runs.engine import Engine, recorder
from resnet.runs.engine import engine as engine_module
from resnet.runs.engine.cluster import WORKER_LOST
from resnet.runs.errors import EngineError
from resnet.runs.store import Run, State
from resnet.runs.tasks.train import OutOfMemory
from resnet.specs import NetSpec, Recipe, SpecError

Until = Callable[..., float]
NET = NetSpec.parse("res-8-w4")
_numbers = itertools.count(1)


def recipe(steps: int = 3, pause: int = 2, seed: int = 0) -> Recipe:
    """Another recipe at every call, so that no run was trained before; `pause` in milliseconds a step."""
    return Recipe(steps=steps, batch=pause, seed=seed, lr=1e-3 + next(_numbers) * 1e-6)


@pytest.fixture(autouse=True)
def _nothing_is_left_over(engine: Engine, until: Until) -> Iterator[None]:
    yield
    left = list(engine._backlog._jobs)
    for run_id in left:
        engine.stop(run_id)
    until(ended(engine, *left))


def run_of(engine: Engine, run_id: str) -> Run:
    return engine.store.runs([run_id])[run_id]


def status(engine: Engine, run_id: str) -> str:
    return run_of(engine, run_id).status


def ended(engine: Engine, *run_ids: str) -> Callable[[], bool]:
    return lambda: all(status(engine, run_id) not in ("queued", "running") for run_id in run_ids)


def running(engine: Engine, run_id: str) -> Callable[[], bool]:
    return lambda: run_of(engine, run_id).status == "running" and run_of(engine, run_id).step > 0


def worker_of(engine: Engine, run_id: str, processes: list[psutil.Process]) -> psutil.Process:
    """The process that trains a run, found by the port it listens on."""
    job = engine._backlog.job(run_id)
    assert job is not None
    port = int(str(job.address).rsplit(":", 1)[1])
    return next(process for process in processes if port in ports(process))


def ports(process: psutil.Process) -> list[int]:
    return [found.laddr.port for found in process.net_connections("tcp") if found.status == psutil.CONN_LISTEN]


def test_a_run_is_trained_and_recorded_to_its_end(engine: Engine, until: Until) -> None:
    run_id = engine.submit(NET, recipe(steps=5), "ann")
    until(ended(engine, run_id))
    run = run_of(engine, run_id)
    assert (run.status, run.step, run.sentence, run.device) == ("done", 5, "", "cpu")
    curves = engine.store.curves(run_id)
    np.testing.assert_array_equal(curves.step, range(6))
    np.testing.assert_allclose(curves.loss, 1 / (curves.step + 1))
    np.testing.assert_array_equal(curves.test_loss, [2.0])
    np.testing.assert_array_equal(engine.store.profiles(run_id, "gradient_norm")[1][:, 0], range(6))
    assert engine.store.kept_steps(run_id) == [0, 5]
    assert engine.store.state(run_id) == stand_in_job.tensors(run_id)


def test_a_run_trained_before_is_answered_at_once(engine: Engine, until: Until) -> None:
    what = recipe()
    run_id = engine.submit(NET, what, "ann")
    until(ended(engine, run_id))
    before = run_of(engine, run_id)
    assert engine.submit(NET, what, "ben") == run_id
    assert engine.position(run_id) is None
    assert run_of(engine, run_id) == before


def test_a_second_visitor_follows_the_run_of_the_first(engine: Engine, until: Until) -> None:
    what = recipe(steps=50, pause=10)
    ids = {engine.submit(NET, what, "ann"), engine.submit(NET, what, "ben")}
    until(running(engine, *ids))
    ids.add(engine.submit(NET, what, "cem"))
    assert len(ids) == 1
    assert engine.queue_length() == 0
    until(ended(engine, *ids))
    assert len(engine.store.curves(*ids).step) == 51


@pytest.mark.parametrize(
    ("seed", "end", "sentence"),
    [
        (1, "diverged", "Diverged at step 3: the loss is not a finite number."),
        (2, "failed", "The training failed: RuntimeError: first line"),
        (3, "failed", OutOfMemory.text),
    ],
)
def test_a_run_that_ends_early_says_why_and_keeps_its_steps(
    seed: int, end: str, sentence: str, engine: Engine, until: Until
) -> None:
    run_id = engine.submit(NET, recipe(steps=10, seed=seed), "ann")
    until(ended(engine, run_id))
    run = run_of(engine, run_id)
    assert (run.status, run.sentence, run.step) == (end, sentence, 2)
    assert engine.store.state(run_id) is None


def test_an_error_that_nobody_foresaw_is_logged_with_its_traceback(
    engine: Engine, until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    run_id = engine.submit(NET, recipe(steps=10, seed=2), "ann")
    until(ended(engine, run_id))
    assert "RuntimeError: first line\nsecond line" in caplog.text
    assert "in misbehave" in caplog.text


def test_a_run_that_another_program_took_for_dead_is_not_trained_twice(engine: Engine, until: Until) -> None:
    what = recipe(steps=1000, pause=20)
    run_id = engine.submit(NET, what, "ann")
    until(running(engine, run_id))
    with closing(sqlite3.connect(engine.store._database.path)) as connection, connection:
        connection.execute("UPDATE runs SET heartbeat = heartbeat - 60, status = 'failed' WHERE id = ?", [run_id])
    job = engine._backlog.job(run_id)
    engine.submit(NET, what, "ann")
    assert engine._backlog.job(run_id) is job
    until(running(engine, run_id))


def test_stop_ends_a_run_within_a_step_and_it_can_be_started_again(engine: Engine, until: Until) -> None:
    what = recipe(steps=1000, pause=20)
    run_id = engine.submit(NET, what, "ann")
    until(running(engine, run_id))
    engine.stop(run_id)
    assert until(ended(engine, run_id)) < 1.0
    steps = len(engine.store.curves(run_id).step)
    assert status(engine, run_id) == "stopped"
    assert 0 < steps < 1000
    engine.submit(NET, what, "ann")
    until(running(engine, run_id))
    assert run_of(engine, run_id).message == ""


def test_stop_reaches_a_run_that_is_on_its_way_to_the_worker(engine: Engine, until: Until) -> None:
    run_id = engine.submit(NET, recipe(steps=1000, pause=20), "ann")
    until(lambda: engine.position(run_id) is None)
    engine.stop(run_id)
    until(ended(engine, run_id), within=10)
    assert status(engine, run_id) == "stopped"


def test_a_note_of_another_program_stops_a_run(engine: Engine, until: Until) -> None:
    run_id = engine.submit(NET, recipe(steps=1000, pause=20), "ann")
    until(running(engine, run_id))
    engine.store.ask_to_stop(run_id)
    until(ended(engine, run_id), within=5)
    assert status(engine, run_id) == "stopped"


def test_a_run_that_waits_is_stopped_at_once(engine: Engine, until: Until) -> None:
    runs = [engine.submit(NET, recipe(steps=1000, pause=20), "ann") for _ in range(3)]
    until(lambda: engine.queue_length() == 1)
    (waiting,) = [run_id for run_id in runs if engine.position(run_id) == 1]
    engine.stop(waiting)
    assert (status(engine, waiting), engine.queue_length()) == ("stopped", 0)


def test_visitors_take_turns_and_positions_say_so(engine: Engine, until: Until) -> None:
    blockers = [engine.submit(NET, recipe(steps=1000, pause=20), "ann") for _ in range(2)]
    until(lambda: engine.queue_length() == 0)
    of_ann = [engine.submit(NET, recipe(pause=20), "ann") for _ in range(3)]
    of_ben = [engine.submit(NET, recipe(pause=20), "ben") for _ in range(2)]
    expected = [of_ben[0], of_ann[0], of_ben[1], of_ann[1], of_ann[2]]  # ann has had her turns already
    assert [engine.position(run_id) for run_id in expected] == [1, 2, 3, 4, 5]
    engine.stop(blockers[0])
    until(ended(engine, *expected))
    assert sorted(expected, key=lambda run_id: run_of(engine, run_id).started or 0) == expected


def test_one_visitor_cannot_fill_the_queue(engine: Engine, until: Until, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "LIMITS", dataclasses.replace(engine_module.LIMITS, max_queue=2))
    done = recipe()
    until(ended(engine, engine.submit(NET, done, "ann")))
    for _ in range(2):
        engine.submit(NET, recipe(steps=1000, pause=20), "ann")
    until(lambda: engine.queue_length() == 0)
    for _ in range(2):
        engine.submit(NET, recipe(), "ann")
    with pytest.raises(SpecError, match="2 of your runs are waiting"):
        engine.submit(NET, recipe(), "ann")
    engine.submit(NET, recipe(), "ben")
    engine.submit(NET, done, "ann")  # costs nothing, so it is answered


def test_a_killed_worker_costs_its_own_run_only(engine: Engine, until: Until, children: Any) -> None:
    what = recipe(steps=1000, pause=20)
    killed, other = engine.submit(NET, what, "ann"), engine.submit(NET, recipe(steps=1000, pause=20), "ben")
    until(running(engine, killed))
    until(running(engine, other))
    worker_of(engine, killed, children()).kill()
    assert until(ended(engine, killed)) < 2.0
    run = run_of(engine, killed)
    assert (run.status, run.sentence) == ("failed", WORKER_LOST)
    assert run.step > 0
    assert status(engine, other) == "running"
    engine.submit(NET, what, "ann")  # offered again, on the worker that was started again
    until(running(engine, killed))
    for run_id in (killed, other):
        engine.stop(run_id)
    until(ended(engine, killed, other))
    assert [status(engine, run_id) for run_id in (killed, other)] == ["stopped", "stopped"]


def test_a_worker_killed_while_it_is_free_is_replaced(engine: Engine, until: Until, children: Any) -> None:
    free = engine.call(stand_in_job.process_facts).result(10)["pid"]

    def training() -> list[psutil.Process]:
        return [process for process in children() if process.pid != free]

    train = training()
    for process in train:
        process.kill()
    runs = [engine.submit(NET, recipe(), "ann") for _ in range(3)]
    until(ended(engine, *runs))
    assert "queued" not in {status(engine, run_id) for run_id in runs}
    until(lambda: len(training()) == 2)
    again = [engine.submit(NET, recipe(), "ann") for _ in range(3)]
    until(ended(engine, *again))
    assert {status(engine, run_id) for run_id in again} == {"done"}


def test_a_call_computes_in_the_free_worker_even_while_all_others_train(engine: Engine, until: Until) -> None:
    blockers = [engine.submit(NET, recipe(steps=1000, pause=20), "ann") for _ in range(2)]
    until(lambda: all(running(engine, run_id)() for run_id in blockers))
    values = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(engine.call(stand_in_job.double, values).result(5), 2 * values)
    assert engine.call(stand_in_job.process_facts).result(5)["pid"] != os.getpid()
    assert {status(engine, run_id) for run_id in blockers} == {"running"}


def test_an_error_in_a_call_is_raised_where_the_value_is_wanted(engine: Engine) -> None:
    with pytest.raises(ValueError, match="this value is not allowed") as caught:
        engine.call(stand_in_job.fail).result(10)
    assert "in fail" in caught.value.__notes__[0]


def test_an_error_of_a_foreign_class_stays_in_the_worker(engine: Engine) -> None:
    with pytest.raises(EngineError, match=r"Odd: an odd thing$"):
        engine.call(stand_in_job.fail_oddly).result(10)


def test_a_call_whose_worker_dies_raises_is_not_repeated_and_the_next_one_works(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="worker process was lost"):
        engine.call(stand_in_job.die, str(tmp_path / "note")).result(30)
    assert (tmp_path / "note").read_text() == "died\n"
    assert engine.call(stand_in_job.after, 0, 7).result(30) == 7


def test_a_call_that_nobody_waits_for_is_not_computed(engine: Engine) -> None:
    first = engine.call(stand_in_job.after, 0.5, 1)
    dropped = [engine.call(stand_in_job.after, 20, 2) for _ in range(3)]
    assert all(future.cancel() for future in dropped)
    assert engine.call(stand_in_job.after, 0, 3).result(10) == 3
    assert first.result(10) == 1
    with pytest.raises(CancelledError):
        dropped[0].result()


def test_a_worker_reads_the_weights_itself_and_they_are_sent_where_it_does_not_see_the_store(
    engine: Engine, until: Until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runs = [engine.submit(NET, recipe(), "ann") for _ in range(3)]
    until(ended(engine, *runs))
    first, second, gone = (State(run_id, run_of(engine, run_id).finished or 0.0) for run_id in runs)
    assert engine.call(stand_in_job.read, first).result(10) == (
        stand_in_job.tensors(first.run),
        str(engine.store.path),
        False,
    )

    elsewhere = tmp_path / "of another machine.sqlite"
    monkeypatch.setattr(engine.store, "path", elsewhere)
    second_tensors = stand_in_job.tensors(second.run)
    assert engine.call(stand_in_job.read, second).result(10) == (second_tensors, str(elsewhere), True)
    assert engine.call(stand_in_job.read, second).result(10)[2] is False  # the worker has kept them
    with pytest.raises(EngineError, match="weights of this run were not kept"):
        engine.call(stand_in_job.read, dataclasses.replace(gone, step=7)).result(10)


def test_calls_from_many_threads_get_their_own_answers(engine: Engine) -> None:
    answers: dict[int, int] = {}

    def ask(number: int) -> None:
        answers[number] = engine.call(stand_in_job.after, 0.001, number).result(20)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == {number: number for number in range(20)}


def test_workers_have_one_thread_each_and_do_not_run_the_main_script(engine: Engine) -> None:
    facts = engine.call(stand_in_job.process_facts).result(10)
    assert facts["threads"] == "1"
    assert facts["slot"] is None  # only those that train have one
    assert facts["main"] is None


@pytest.mark.skipif(not hasattr(os, "nice"), reason="no niceness here")
def test_training_yields_to_what_a_visitor_waits_for(engine: Engine, children: Any) -> None:
    own = os.nice(0)
    lower = min(own + 5, 19)  # the lowest there is
    assert sorted(process.nice() for process in children()) == [own, lower, lower]


def test_every_port_wants_tls_on_this_machine_only(engine: Engine, children: Any) -> None:
    mine = [psutil.Process(), *children()]
    listening = [
        found.laddr
        for process in mine
        for found in process.net_connections("inet")
        if found.status == psutil.CONN_LISTEN
    ]
    assert len(listening) == 7  # the scheduler, three nannies, three workers: no HTTP server among them
    for address in listening:
        assert address.ip == "127.0.0.1"
        assert answer_to_plain_http(address) == b""


def answer_to_plain_http(address: Any) -> bytes:
    """What a browser without TLS would get; empty when the connection is refused or dropped."""
    try:
        with socket.create_connection(address, timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return connection.recv(100)
    except ConnectionError:
        return b""


def test_a_living_engine_shows_a_heartbeat_for_runs_that_wait(engine: Engine, until: Until) -> None:
    runs = [engine.submit(NET, recipe(steps=1000, pause=20), "ann") for _ in range(3)]
    until(lambda: engine.queue_length() == 1)
    (waiting,) = [run_id for run_id in runs if engine.position(run_id)]
    first = heartbeat(engine, waiting)
    until(lambda: heartbeat(engine, waiting) > first + 1.5, within=8)


def heartbeat(engine: Engine, run_id: str) -> float:
    with closing(sqlite3.connect(engine.store._database.path)) as connection:
        ((beat,),) = connection.execute("SELECT heartbeat FROM runs WHERE id = ?", [run_id])
    return float(beat)


def test_a_living_engine_reports_the_runs_of_a_program_that_died(
    engine: Engine, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "SWEEP_EVERY", 0.1)
    engine.store.claim("orphan", NET, recipe(), "cpu", "somebody who died")
    with closing(sqlite3.connect(engine.store._database.path)) as connection, connection:
        connection.execute("UPDATE runs SET heartbeat = heartbeat - 60 WHERE id = 'orphan'")
    until(lambda: status(engine, "orphan") == "failed", within=5)


def test_no_result_is_kept_in_the_cluster(engine: Engine, until: Until) -> None:
    until(ended(engine, engine.submit(NET, recipe(), "ann")))
    engine.call(stand_in_job.after, 0, 1).result(10)
    until(lambda: not engine._session._cluster.result().client.futures, within=10)  # type: ignore[union-attr]
