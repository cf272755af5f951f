"""Ctrl-C at the server, once or in anger: it ends in seconds, without a traceback and without a process left."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from resnet.ui.app import ending
from tests.processes import hearing

ROOT = Path(__file__).parents[2]
# Before the app is imported, Ctrl-C is Streamlit's own affair.
STREAMLIT = """
import os, signal, sys
from streamlit.web.cli import main
class Press:
    def find_spec(name, *_):
        if name == "resnet.ui.app.pages" and sys.orig_argv[-1] == "import":
            for _ in range(2):
                os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Press)
main(sys.argv[1:-1])
"""
OPTIONS = ("--server.address", "127.0.0.1", "--server.headless", "true", "--server.port")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@contextmanager
def app(home: Path, moment: str) -> Iterator["subprocess.Popen[str]"]:
    """``streamlit run app.py`` in a process group of its own, which is killed afterwards, whatever happened."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = hearing(sys.executable, "-c", STREAMLIT, "run", "app.py", *OPTIONS, port, moment)
    environment = {**os.environ, "RESNET_HOME": str(home), "RESNET_WORKERS": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def workers_of(pid: int) -> list[psutil.Process]:
    found = psutil.Process(pid).children(recursive=True)
    return [process for process in found if "--multiprocessing-fork" in process.cmdline()]


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(("moment", "times"), [("import", 0), ("workers", 2), ("workers", 12)])
def test_ctrl_c_again_and_again_is_no_traceback_and_leaves_no_worker(moment: str, times: int, tmp_path: Path) -> None:
    with app(tmp_path, moment) as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "URL" in line)
        end, workers = time.monotonic() + 60, list[psutil.Process]()
        while moment == "workers" and len(workers) < 2 and process.poll() is None and time.monotonic() < end:
            workers = workers_of(process.pid)
            time.sleep(0.05)
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        said += process.communicate(timeout=60)[0]
        end = time.monotonic() + 10
        while any(map(alive, workers)) and time.monotonic() < end:
            time.sleep(0.05)
        assert (process.returncode, [worker for worker in workers if alive(worker)]) == (0, []), said
    assert len(workers) == (2 if moment == "workers" else 0)
    assert "Traceback" not in said
    assert "Aborted" not in said


def test_a_server_that_is_not_uvicorn_keeps_its_own_ways() -> None:
    given = signal.getsignal(signal.SIGINT)
    ending.take_over()
    assert signal.getsignal(signal.SIGINT) is given
    other = threading.Thread(target=ending.take_over)
    other.start()
    other.join()
    assert signal.getsignal(signal.SIGINT) is given
