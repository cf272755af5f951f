"""The engine from start to end: whatever happens to the program, no process and no run is left hanging."""

import asyncio
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dask
import distributed  # noqa: F401 - its settings, before any of them is changed for a while
import psutil
import pytest
import stand_in_job

from resnet.runs.engine import Engine, external
from resnet.runs.engine import engine as engine_module
from resnet.runs.errors import EngineError
from resnet.runs.store import State, Store
from resnet.specs import NetSpec, Recipe
from tests.processes import hearing

Until = Callable[..., float]
NET = NetSpec.parse("res-8-w4")
LONG = Recipe(steps=1000, batch=20)  # 20 ms a step


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "runs.sqlite")
    yield store
    store.close()


@pytest.fixture
def engine(store: Store) -> Iterator[Engine]:
    """Not started yet; one worker trains."""
    engine = Engine(store, workers=1, job="stand_in_job")
    yield engine
    engine.close()


def status(engine: Engine, run_id: str) -> str:
    return engine.store.runs([run_id])[run_id].status


def test_what_is_asked_while_the_engine_starts_is_done_in_order(engine: Engine, until: Until, children: Any) -> None:
    start = time.monotonic()
    engine.start()
    calls = [engine.call(stand_in_job.now) for _ in range(10)]
    runs = [engine.submit(NET, Recipe(steps=2, batch=2, seed=0, lr=lr), "ann") for lr in (0.1, 0.2)]
    running = engine.submit(NET, LONG, "ann")
    assert time.monotonic() - start < 0.5
    assert engine.state == "starting"
    assert [engine.position(run_id) for run_id in [*runs, running]] == [1, 2, 3]
    answers = [call.result(60) for call in calls]
    assert answers == sorted(answers)
    until(lambda: [status(engine, run_id) for run_id in [*runs, running]] == ["done", "done", "running"])
    assert engine.state == "ready"
    waiting = engine.submit(NET, LONG.but(seed=9), "ann")
    pending = engine.call(stand_in_job.after, 60, 1)

    start = time.monotonic()
    engine.close()
    assert time.monotonic() - start < 2
    assert children() == []
    found = engine.store.runs([running, waiting])
    assert {run.status for run in found.values()} == {"stopped"}
    assert {run.sentence for run in found.values()} == {engine_module.CLOSED}
    with pytest.raises(EngineError):
        pending.result(1)
    with pytest.raises(EngineError, match="closed"):
        engine.call(stand_in_job.now).result(1)
    with pytest.raises(EngineError, match="closed"):
        engine.submit(NET, LONG, "ann")


@pytest.mark.parametrize("delay", [0.0, 0.8, 1.3])
def test_closing_while_it_starts_leaves_nothing_behind(delay: float, engine: Engine, children: Any) -> None:
    engine.start()
    run_id = engine.submit(NET, LONG, "ann")
    call = engine.call(stand_in_job.after, 60, 1)
    time.sleep(delay)
    engine.close()
    assert children() == []
    assert threading.active_count() == len([t for t in threading.enumerate() if "resnet" not in t.name])
    assert status(engine, run_id) == "stopped"
    with pytest.raises(EngineError):
        call.result(1)


def test_workers_that_cannot_be_started_are_one_sentence(
    store: Store, until: Until, children: Any, caplog: pytest.LogCaptureFixture
) -> None:
    engine = Engine(store, workers=1, job="no_such_module")
    engine.start()
    run_id = engine.submit(NET, LONG, "ann")
    until(lambda: engine.state == "failed")
    assert engine.message == "The workers could not be started; the log of the app says why."
    assert "No module named 'no_such_module'" in caplog.text
    until(lambda: status(engine, run_id) == "failed")
    with pytest.raises(EngineError, match="could not be started"):
        engine.submit(NET, LONG, "ann")
    assert children() == []
    engine.close()


def test_an_address_without_tls_is_refused(engine: Engine, until: Until, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_SCHEDULER", "tcp://127.0.0.1:8786")
    engine.start()
    until(lambda: engine.state == "failed", within=10)
    assert engine.message == external.PLAIN_ADDRESS


def test_another_device_moves_the_runs_that_wait(
    engine: Engine, until: Until, monkeypatch: pytest.MonkeyPatch, children: Any
) -> None:
    monkeypatch.setenv("STAND_IN_DEVICE", "cuda")
    engine._workers = 0
    assert (engine.device, engine.device_label) == ("cpu", "CPU")
    engine.start()
    before = engine.submit(NET, LONG, "ann")
    until(lambda: engine.state == "ready")
    assert (engine.device, engine.device_label) == ("cuda", "stand-in")
    assert engine.store.runs([before])[before].sentence == engine_module.OTHER_DEVICE
    after = engine.submit(NET, LONG, "ann")
    assert after != before
    until(lambda: status(engine, after) == "running")
    until(lambda: len(children()) == 2)  # one for the one GPU, one for calls, however many cores there are
    assert Engine(engine.store).device == "cuda"  # known at once at the next start


CLUSTER = """
import asyncio, os, sys
from pathlib import Path
sys.path.insert(0, {folder!r})
from resnet.runs.engine.local import LocalCluster, ready_to_spawn
async def main():
    cluster = LocalCluster(1)
    await cluster.start()
    folder = Path(sys.argv[1])
    (folder / "key.pem").write_text(cluster.security.tls_client_key)
    (folder / "cert.pem").write_text(cluster.security.tls_client_cert)
    print(cluster.address, flush=True)
    await asyncio.sleep(120)
ready_to_spawn()
asyncio.run(main())
"""


# Dask leaves the socket of a connection that was just being made when the scheduler died.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_same_engine_works_on_a_cluster_that_exists_and_survives_its_loss(
    engine: Engine, store: Store, until: Until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = CLUSTER.format(folder=str(Path(__file__).parent))
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other, ExitStack() as stack:
        stack.callback(other.kill)
        assert other.stdout is not None
        monkeypatch.setenv("RESNET_SCHEDULER", other.stdout.readline().strip())
        certificate, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
        tls = {"ca-file": certificate, "client.cert": certificate, "client.key": key}
        with dask.config.set({f"distributed.comm.tls.{name}": value for name, value in tls.items()}):
            first = Engine(store, job="stand_in_job")
            first.start()
            left = first.submit(NET, LONG.but(seed=8), "ann")
            until(lambda: status(first, left) == "running")
            first.close()  # the workers stay, and are free at once

            engine.start()
            quick = engine.submit(NET, Recipe(steps=2, batch=2), "ann")
            run_id = engine.submit(NET, LONG, "ann")
            waiting = engine.submit(NET, LONG.but(seed=9), "ann")
            until(lambda: status(engine, run_id) == "running", within=10)
            assert status(engine, quick) == "done"
            named = State(quick, store.runs([quick])[quick].finished or 0.0)
            with monkeypatch.context() as patch:  # workers on another machine do not see the store
                patch.setattr(store, "path", tmp_path / "none.sqlite")
                assert engine.call(stand_in_job.read, named).result(10)[::2] == (stand_in_job.tensors(quick), True)
            other.kill()
            call = engine.call(stand_in_job.after, 5, 1)
            until(lambda: engine.state == "lost", within=5)
    with pytest.raises(EngineError):
        call.result(5)
    until(lambda: {status(engine, run_id), status(engine, waiting)} == {"failed"}, within=5)
    assert engine.store.runs([waiting])[waiting].sentence == external.RUN_LOST
    with pytest.raises(EngineError, match="connection to the cluster of RESNET_SCHEDULER was lost"):
        engine.submit(NET, LONG, "ann")


def test_an_engine_whose_scheduler_was_lost_can_be_started_again(engine: Engine, until: Until) -> None:
    engine.start()
    until(lambda: engine.state == "ready")
    run_id = engine.submit(NET, LONG, "ann")
    until(lambda: status(engine, run_id) == "running")
    session = engine._session
    assert session is not None
    local = session._cluster.result().local
    asyncio.run_coroutine_threadsafe(local.spec.scheduler.close(), session._loop)  # type: ignore[union-attr]
    until(lambda: engine.state == "lost", within=5)
    until(lambda: status(engine, run_id) == "failed", within=5)
    engine.start()
    until(lambda: engine.state == "ready")
    engine.submit(NET, LONG, "ann")
    until(lambda: status(engine, run_id) == "running")


def test_one_engine_per_process_even_from_an_event_loop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, children: Any
) -> None:
    monkeypatch.setenv("RESNET_HOME", str(tmp_path))
    monkeypatch.setattr(engine_module, "_shared", None)
    monkeypatch.setenv("RESNET_WORKERS", "1")
    monkeypatch.setattr(Engine.__init__, "__kwdefaults__", {"workers": None, "job": "stand_in_job"})

    async def lifespan() -> None:
        engine = engine_module.start_shared()
        assert await asyncio.wrap_future(engine.call(stand_in_job.after, 0, 5)) == 5
        assert engine_module.shared() is engine_module.start_shared() is engine
        engine.close()
        assert engine_module.shared() is engine

    thread = threading.Thread(target=lambda: asyncio.run(lifespan()))
    thread.start()
    thread.join(60)
    shared = engine_module.shared()
    shared.store.close()
    assert shared.state == "closed"
    assert shared.store._database.path == tmp_path / "runs.sqlite"
    assert children() == []


SCRIPT = """
import sys, time
from pathlib import Path
sys.path.insert(0, {folder!r})
from resnet.runs.engine import Engine
from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe
engine = Engine(Store(Path(sys.argv[1])), workers=1, job="stand_in_job")
engine.start()
run_id = engine.submit(NetSpec(), Recipe(steps=1000, batch=20), "ann")
while sys.argv[2] != "early" and engine.store.runs([run_id])[run_id].step < 1:
    time.sleep(0.01)
print(run_id, flush=True)
if sys.argv[2] != "end":
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_however_a_program_ends_its_workers_end_with_it(tmp_path: Path, until: Until) -> None:
    """The scripts have no ``if __name__ == "__main__"``: the workers must not run them again."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(folder=str(Path(__file__).parent)))
    ends = {"end": None, "interrupt": signal.SIGINT, "terminate": signal.SIGTERM, "kill": signal.SIGKILL}
    ends["early"] = signal.SIGINT  # while the workers are being started
    by_hand = ("end", "interrupt", "early")
    with ExitStack() as stack:
        programs = {end: stack.enter_context(program(script, tmp_path, end)) for end in ends}
        for end, number in sorted(ends.items()):  # "early" comes first
            running = programs[end]
            assert running.stdout is not None
            assert select.select([running.stdout], [], [], 60)[0], "it never trained"
            run_id = running.stdout.readline().strip()
            if end == "early":
                until(lambda p=running: workers_of(p.pid))
            workers = workers_of(running.pid)
            if number == signal.SIGINT:
                os.killpg(running.pid, number)  # Ctrl-C reaches the workers too
            elif number:
                running.send_signal(number)
            within = 2 if number else 10  # the one that ends by itself may have other things to do first
            until(lambda p=running, w=workers: p.poll() is not None and not any(map(alive, w)), within)
            said = [
                line for line in running.communicate()[1].splitlines() if line and not line.startswith((" ", "Trace"))
            ]
            if end in ("terminate", "kill"):  # Python's own helper tidies up after a program that could not
                said = [line for line in said if "resource_tracker" not in line]
            assert said == (
                ["KeyboardInterrupt"] if number == signal.SIGINT else []
            )  # the script's own, none of workers
            store = Store(tmp_path / f"{end}.sqlite")
            assert store.runs([run_id])[run_id].status == ("stopped" if end in by_hand else "running")
            store.close()


@contextmanager
def program(script: Path, folder: Path, end: str) -> Iterator["subprocess.Popen[str]"]:
    """The script in a process group of its own, which is killed afterwards, whatever happened."""
    command = hearing(sys.executable, str(script), str(folder / f"{end}.sqlite"), end)
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, start_new_session=True, **pipes) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def workers_of(pid: int) -> list[psutil.Process]:
    try:
        found = psutil.Process(pid).children(recursive=True)
        return [process for process in found if "--multiprocessing-fork" in process.cmdline()]
    except psutil.NoSuchProcess:
        return []


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_importing_the_engine_brings_neither_torch_nor_streamlit() -> None:
    heavy = ["torch", "torchvision", "captum", "sklearn", "streamlit", "distributed", "pandas"]
    code = f"import sys, resnet.runs.engine, resnet.runs.store; print(sorted(set(sys.modules) & set({heavy})))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert output.strip() == "[]"


@pytest.mark.parametrize("ends", [True, False])
def test_a_start_that_fails_because_the_program_ends_is_no_news(
    ends: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, until: Until
) -> None:
    def refuse() -> None:
        raise RuntimeError("can't register atexit after shutdown")  # as imports do while Python ends

    monkeypatch.setattr("resnet.runs.engine.local.ready_to_spawn", refuse)
    main = SimpleNamespace(is_alive=lambda: not ends)
    monkeypatch.setattr("resnet.runs.engine.session.threading.main_thread", lambda: main)
    with closing(Store(tmp_path / "runs.sqlite")) as store:
        engine = Engine(store)
        engine.start()
        until(lambda: engine.state == "failed")
        monkeypatch.undo()
        engine.close()
    assert ("the workers could not be started" in caplog.text) is not ends
