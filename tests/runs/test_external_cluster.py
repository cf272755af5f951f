"""A cluster started as README says: it trains, answers, loses workers and its scheduler, and is found again."""

import gc
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import dask
import distributed  # noqa: F401 - its settings
import psutil
import pytest

from resnet.runs.engine import Engine, external
from resnet.runs.engine.cluster import WORKER_LOST
from resnet.runs.store import State, Store
from resnet.runs.tasks import maps, step0
from resnet.specs import NetSpec, Recipe

README = Path(__file__).parents[2] / "README.md"
NET = NetSpec.parse("res-8-w4")
SHORT = Recipe(data="digits", steps=10, batch=8)
LONG = SHORT.but(steps=10000)

Until = Callable[..., float]
Programs = list["subprocess.Popen[bytes]"]

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a shell"),
    # Dask leaves the socket of a connection that was just being made when the scheduler died.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def sockets_of_dask() -> Iterator[None]:
    """Collected here, not in the middle of another test."""
    yield
    gc.collect()


def blocks(port: int) -> list[str]:
    """The commands of README's section, for this machine."""
    section = README.read_text(encoding="utf-8").split("### A cluster of your own")[1].split("\n##")[0]
    found = re.findall(r"```\n(.*?)```", section, re.S)
    here = [text.replace(".venv/", f"{sys.prefix}/").replace("HOST", "127.0.0.1") for text in found]
    return [text.replace("8786", str(port)) for text in here]


class Cluster:
    """Scheduler and workers, each in a process group of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.certificate, self.settings, *self.commands, app = blocks(port)
        self.address = app.splitlines()[0].split("=")[1]
        self.programs: Programs = []

    def certify(self) -> None:
        subprocess.run(["bash", "-ec", self.certificate], cwd=self.folder, check=True, capture_output=True)

    def environment(self) -> dict[str, str]:
        said = subprocess.run(["bash", "-ec", f"{self.settings} env"], cwd=self.folder, check=True, capture_output=True)
        lines = [line.partition("=") for line in said.stdout.decode().splitlines()]
        return {name: value for name, _, value in lines if name.startswith("DASK_")}

    def start(self) -> None:
        for number, command in enumerate(self.commands):
            with (self.folder / f"{number}.log").open("ab") as log:
                shell = ["bash", "-ec", f"{self.settings} exec {command.strip()}"]
                options = {"cwd": self.folder, "stdout": log, "stderr": log, "start_new_session": True}
                self.programs.append(subprocess.Popen(shell, **options))  # type: ignore[call-overload]

    def kill(self) -> None:
        while self.programs:
            program = self.programs.pop(0)  # the scheduler first
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def training_process(self) -> psutil.Process:
        """What trains, below the nanny."""
        found = psutil.Process(self.programs[1].pid).children(recursive=True)
        return next(process for process in found if "--multiprocessing-fork" in process.cmdline())


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    cluster = Cluster(tmp_path, port)
    yield cluster
    cluster.kill()


@contextmanager
def engine_of(folder: Path, environment: dict[str, str]) -> Iterator[Engine]:
    store = Store(folder / "runs.sqlite")
    engine = Engine(store)
    with dask.config.set(dask.config.merge(dask.config.config, dask.config.collect_env(environment))):
        engine.start()
        yield engine
        engine.close()
    store.close()


def status(engine: Engine, run_id: str) -> str:
    return engine.store.runs([run_id])[run_id].status


def refused(home: Path, environment: dict[str, str]) -> str:
    """What the command line says."""
    command = [sys.executable, "-m", "resnet", "train", str(NET)]
    settings = {**os.environ, **environment, "RESNET_HOME": str(home)}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr.removeprefix("resnet: ").strip()


@pytest.mark.parametrize(("answer", "sentence"), [(b"220 mail\r\n", external.NO_TLS), (b"", external.NOBODY)])
def test_what_is_no_scheduler_is_told_within_five_seconds(
    answer: bytes, sentence: str, cluster: Cluster, tmp_path: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.certify()
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("RESNET_SCHEDULER", f"tls://127.0.0.1:{server.getsockname()[1]}")
        with engine_of(tmp_path, cluster.environment()) as engine:
            connection, _address = server.accept()  # b"": it listens and says nothing
            with connection:
                connection.sendall(answer)
                until(lambda: engine.state != "starting", within=5)
            assert (engine.state, engine.message) == ("failed", sentence)


@pytest.mark.parametrize("address", ["tls://127.0.0.1", "tls://127.0.0.1:port", "tls://"])
def test_an_address_without_a_port_is_told_and_not_tried_again(
    address: str, cluster: Cluster, tmp_path: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.certify()
    monkeypatch.setenv("RESNET_SCHEDULER", address)
    monkeypatch.setattr(external.Again, "soon", lambda _again: pytest.fail("tried again"))
    with engine_of(tmp_path, cluster.environment()) as engine:
        until(lambda: engine.state != "starting", within=5)
        assert (engine.state, engine.message) == ("failed", external.NO_PORT)


def test_pauses_grow_until_it_has_worked(until: Until, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[float] = []
    again = external.Again(lambda: tries.append(again._pause))
    monkeypatch.setattr(again, "_pause", 0.01)
    monkeypatch.setattr(external, "LONGEST_PAUSE", 0.03)
    for count in range(1, 4):
        again.soon()
        until(lambda n=count: len(tries) == n)
    assert tries == [0.02, 0.03, 0.03]
    again.worked()
    assert again._pause == external.FIRST_PAUSE


def test_a_cluster_as_in_readme(
    cluster: Cluster, tmp_path: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external, "LONGEST_PAUSE", 1.0)
    monkeypatch.setenv("RESNET_SCHEDULER", cluster.address)
    cluster.certify()
    environment = cluster.environment()
    with engine_of(tmp_path, environment) as engine:
        until(lambda: engine.state != "starting", within=5)
        assert (engine.state, engine.message) == ("failed", external.NOBODY)
        cluster.start()
        until(lambda: engine.message == external.NO_RESOURCES)  # before the workers are there
        assert refused(tmp_path / "none", {}) == external.NO_CERTIFICATE
        other = Cluster(tmp_path / "other", 1)
        other.folder.mkdir()
        other.certify()
        assert refused(tmp_path / "wrong", other.environment()) == external.WRONG_CERTIFICATE

        until(lambda: (engine.state, engine.message) == ("ready", ""))
        first = engine.submit(NET, SHORT, "ann")
        until(lambda: status(engine, first) == "done")
        question: Any = engine.call(step0.profiles, NET, SHORT).result(30)
        assert question
        seen: Any = engine.call(maps.explain, NET, SHORT, State(first, 0.0), "saliency", [0, 1], "label").result(30)
        assert seen["maps"].shape == (2, 32, 32)

        killed = engine.submit(NET, LONG, "ann")
        until(lambda: engine.store.runs([killed])[killed].step > 0)
        cluster.training_process().kill()
        until(lambda: status(engine, killed) == "failed", within=5)
        assert engine.store.runs([killed])[killed].sentence == WORKER_LOST
        assert engine.submit(NET, LONG, "ann") == killed
        until(lambda: engine.store.runs([killed])[killed].step > 0)

        cluster.kill()
        until(lambda: engine.state == "lost", within=5)
        until(lambda: status(engine, killed) == "failed", within=5)
        assert engine.store.runs([killed])[killed].sentence == external.RUN_LOST
        until(lambda: engine.message == external.NOBODY)
        cluster.start()
        until(lambda: engine.state == "ready")
        again = engine.submit(NET, SHORT.but(seed=2), "ann")
        until(lambda: status(engine, again) == "done")
