"""An engine with a small job, for the tests of runs."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the workers inherit it and import stand_in_job by name

from resnet.runs.engine import Engine
from resnet.runs.store import Store


@pytest.fixture(scope="session")
def until() -> Callable[..., float]:
    """Wait until something is true; returns the seconds it took."""

    def wait(condition: Callable[[], object], within: float = 30.0) -> float:
        start = time.monotonic()
        while not condition():
            assert time.monotonic() - start < within, f"not true within {within} s"
            time.sleep(0.005)
        return time.monotonic() - start

    return wait


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, until: Callable[..., float]) -> Iterator[Engine]:
    """Two workers that train and one that is free; shared by the tests of a module."""
    store = Store(tmp_path_factory.mktemp("runs") / "runs.sqlite")
    engine = Engine(store, workers=2, job="stand_in_job")
    engine.start()
    until(lambda: engine.state == "ready")
    yield engine
    engine.close()
    store.close()


@pytest.fixture(scope="session")
def children() -> Callable[[], list[psutil.Process]]:
    """The workers that this process has started."""

    def find() -> list[psutil.Process]:
        found = []
        for process in psutil.Process().children(recursive=True):
            try:
                if "--multiprocessing-fork" in process.cmdline():  # empty for a zombie
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
        return found

    return find
