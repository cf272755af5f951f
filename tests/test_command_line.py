"""The command line: what goes wrong is one line and a status, and a log file is not filled."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from resnet.__main__ import main
from resnet.commands import train as command_line
from resnet.i18n import N_
from resnet.interrupts import Interrupts
from resnet.runs.engine import Engine
from resnet.runs.errors import EngineError
from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe
from tests.processes import hearing

COMMAND = [sys.executable, "-m", "resnet"]


def started(*words: str, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *words], text=True, stderr=subprocess.PIPE, check=False, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [["code", "res-8"], ["code", "--help"]])
def test_output_that_cannot_be_written_is_one_line(words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = started(*words, stdout=full)
    assert done.stderr == "resnet: the output could not be written: No space left on device\n"
    assert done.returncode == 1


def test_a_reader_that_has_had_enough_is_no_news() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        done = started("code", "res-8", stdout=closed)
    assert (done.returncode, done.stderr) == (1, "")


INTERRUPTED = """
import builtins, sys
from resnet.__main__ import main
given = builtins.__import__
def pressed(name, *rest):
    if name == "resnet.export.code":
        raise KeyboardInterrupt
    return given(name, *rest)
builtins.__import__ = pressed
sys.exit(main(["code", "res-8"]))
"""


def test_ctrl_c_during_the_imports_is_one_line() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "stopped\n")


def test_before_that_nothing_is_imported_that_takes_long() -> None:
    code = "import sys, resnet.__main__; print(sorted({'numpy', 'pydantic', 'tqdm', 'torch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_while_the_engine_starts_is_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "RESNET_HOME": str(tmp_path), "RESNET_WORKERS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(hearing(*COMMAND, "train", "res-8"), env=environment, text=True, **pipes) as running:  # type: ignore[call-overload]
        end = time.monotonic() + 60
        while not (tmp_path / "runs.sqlite").exists() and time.monotonic() < end:
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        output, error = running.communicate(timeout=60)
    assert (running.returncode, output) == (130, "")
    assert error.splitlines()[-1] == "stopped"
    assert "Traceback" not in error


PRESSED = """
import asyncio, atexit, os, signal, sys
from resnet.__main__ import program
from resnet.runs.engine import Engine
def press():
    os.kill(os.getpid(), signal.SIGINT)
class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        press()
        super().__init__()
asyncio.SelectorEventLoop, given = Loop, Engine.close
def close(engine):
    press()
    given(engine)
    press()
Engine.close = close
atexit.register(press)
program()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_at_the_worst_moments_is_one_line_and_leaves_no_process(tmp_path: Path) -> None:
    environment = {**os.environ, "RESNET_HOME": str(tmp_path), "RESNET_WORKERS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = hearing(sys.executable, "-c", PRESSED, "train", "res-8")
    with subprocess.Popen(command, env=environment, text=True, start_new_session=True, **pipes) as running:  # type: ignore[call-overload]
        output, error = running.communicate(timeout=60)
    assert (running.returncode, output, error) == (130, "", "stopped\n")
    await_end_of_group(running.pid)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_twice_while_runs_are_watched_is_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "RESNET_HOME": str(tmp_path), "RESNET_WORKERS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = hearing(*COMMAND, "train", "res-8-w4", "--data", "digits", "--steps", "10000", "--batch", "8")
    with subprocess.Popen(command, env=environment, text=True, start_new_session=True, **pipes) as running:  # type: ignore[call-overload]
        store = Store(tmp_path / "runs.sqlite")
        end = time.monotonic() + 60
        while not any(run.step for run in store.recent(1)) and time.monotonic() < end:
            time.sleep(0.02)
        for _ in range(3):
            running.send_signal(signal.SIGINT)
            time.sleep(0.05)
        _output, error = running.communicate(timeout=60)
        runs = store.recent(1)
        store.close()
    assert (running.returncode, error.splitlines()[-1]) == (130, "stopped")
    assert "Traceback" not in error
    assert [run.status for run in runs] == ["stopped"]
    await_end_of_group(running.pid)


def await_end_of_group(group: int) -> None:
    """Python's own helper processes may need a moment more."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    pytest.fail("a process was left")


def test_ctrl_c_that_was_held_is_raised_where_the_program_waits_and_the_handler_is_given_back() -> None:
    given = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        interrupts.sleep(0)
        interrupts.hold()
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupts.sleep(0)
    with Interrupts(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is given


@pytest.mark.parametrize("terminal", ["dumb", "xterm"])
def test_a_log_file_gets_one_line_a_run(terminal: str, tmp_path: Path) -> None:
    environment = {**os.environ, "RESNET_HOME": str(tmp_path), "RESNET_WORKERS": "1", "TERM": terminal}
    words = ["train", "res-8-w4", "--data", "digits", "--steps", "20", "--batch", "8"]
    done = started(*words, env=environment, stdout=subprocess.PIPE)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    said = [line for line in done.stderr.splitlines() if not line.startswith("resnet: waiting")]
    assert not said


@pytest.mark.parametrize(("terminal", "bars"), [("dumb", 0), ("xterm", 1)])
def test_a_dumb_terminal_has_no_bar(
    terminal: str, bars: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    idle: Any = SimpleNamespace(store=SimpleNamespace(runs=lambda _ids: {}), trouble="")
    command_line._follow(idle, {}, Recipe())
    assert ("step/s" in capsys.readouterr().err) == bars


def test_the_notebook_of_the_command_line_has_the_recipe_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["code", "res-8", "--notebook", "--steps", "37", "--lr", "0.0123", "--optimizer", "sgd", "--data", "digits"]
    assert main(words) == 0
    text = "".join(line for cell in json.loads(capsys.readouterr().out)["cells"] for line in cell["source"])
    for part in ("STEPS, LR, WARMUP = 37, 0.0123", "torch.optim.SGD", "digits"):
        assert part in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["code", "res-8", "--steps", "5"], "--steps belongs to a notebook's recipe; add --notebook"),
        (["code", "res-8", "--notebook", "--steps", "0"], "steps must be 1–10000; got 0; try 1"),
    ],
)
def test_an_option_without_effect_or_sense_is_refused(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert capsys.readouterr() == ("", f"resnet: {sentence}\n")


def test_settings_of_the_host_are_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("RESNET_MAX_DEPHT", "8")
    assert main(["code", "res-8"]) == 0
    told = capsys.readouterr().err
    assert told == "resnet: RESNET_MAX_DEPHT is no known setting and has no effect; did you mean RESNET_MAX_DEPTH?\n"
    monkeypatch.setenv("RESNET_MAX_DEPHT", "")
    monkeypatch.setenv("RESNET_MAX_DEPTH", "abc")
    assert main(["code", "res-8"]) == 2
    assert "RESNET_MAX_DEPTH must be a whole number" in capsys.readouterr().err


def test_a_home_that_is_a_file_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "file"))
    assert main(["train", "res-8"]) == 2
    assert capsys.readouterr().err.startswith(f"resnet: {tmp_path / 'file'} is no folder")


@pytest.mark.parametrize(
    ("scheduler", "said"),
    [
        ("", "resnet: waiting for the workers to start …\n"),
        ("tls://10.0.0.1:1", "resnet: waiting for the cluster at tls://10.0.0.1:1, which RESNET_SCHEDULER names …\n"),
    ],
)
def test_what_is_waited_for_is_said_once(
    scheduler: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_line, "QUIET", 0.1)
    monkeypatch.setenv("RESNET_SCHEDULER", scheduler)
    store = Store(tmp_path / "runs.sqlite")
    engine = Engine(store)

    def fail() -> None:
        engine.message, engine.state = N_("The engine is closed."), "failed"

    timer = threading.Timer(0.8, fail)
    timer.start()
    with pytest.raises(EngineError, match="closed"):
        command_line._wait_until_ready(engine)
    timer.join()
    store.close()
    assert capsys.readouterr().err == said


def test_a_store_that_cannot_be_written_is_told_once_and_the_command_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    engine = Engine(store)
    net, recipe = NetSpec.parse("res-8"), Recipe(steps=5)
    store.claim("run", net, recipe, "cpu", "me")
    monkeypatch.setattr(Engine, "trouble", "there is no room")
    timer = threading.Timer(0.8, lambda: store.show_ended("run", "failed", "there is no room", {}))
    timer.start()
    runs = command_line._follow(engine, {"run": net}, recipe)
    timer.join()
    store.close()
    assert runs["run"].status == "failed"
    output, error = capsys.readouterr()
    assert error.count("there is no room") == 1
    assert "failed" in output
