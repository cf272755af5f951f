"""Real runs that are paused, extended and interrupted are those that were not, bit for bit; beside others, too."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load

from resnet.runs.engine import Engine
from resnet.runs.store import Store
from resnet.runs.tasks.loading import fresh
from resnet.specs import NetSpec, Recipe, run_id
from resnet.training.loop import Step, train
from tests.processes import hearing

Until = Callable[..., float]
NET = NetSpec.parse("res-8-w4-dropout")
# So long that nobody is too late to interrupt it: three seconds.
RECIPE = Recipe(data="digits", steps=800, batch=32, schedule="constant", record_every=50, evaluate_every=150)


@dataclass(frozen=True)
class Whole:
    """A run that nobody interrupted, without workers."""

    steps: list[Step]
    weights: dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def whole() -> Whole:
    net, dataset = fresh(NET, RECIPE)
    steps = list(train(net, dataset, RECIPE, device=torch.device("cpu")))
    return Whole(steps, net.state_dict())


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, until: Until) -> Iterator[Engine]:
    home = tmp_path_factory.mktemp("real")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESNET_HOME", str(home))
        engine = Engine(Store(home / "runs.sqlite"), workers=2)
        engine.start()
        until(lambda: engine.state == "ready", within=120)
        yield engine
        engine.close()
        engine.store.close()


def equals(store: Store, key: str, whole: Whole) -> None:
    """Curves, evaluations, profiles and the last weights, but no times."""
    curves = store.curves(key)
    for name in ("step", "loss", "accuracy", "lr"):
        np.testing.assert_array_equal(getattr(curves, name), [getattr(step, name) for step in whole.steps])
    tested = [step for step in whole.steps if step.evaluation]
    np.testing.assert_array_equal(curves.test_step, [step.step for step in tested])
    np.testing.assert_array_equal(curves.test_loss, [step.evaluation.loss for step in tested if step.evaluation])
    for probe in whole.steps[0].profiles:
        recorded = [step for step in whole.steps if probe in step.profiles]
        numbers, values = store.profiles(key, probe)
        np.testing.assert_array_equal(numbers, [step.step for step in recorded])
        np.testing.assert_array_equal(values, [step.profiles[probe] for step in recorded])
    weights = load(store.state(key) or b"")
    assert weights.keys() == whole.weights.keys()
    assert all(torch.equal(weights[name], value) for name, value in whole.weights.items())


def status(engine: Engine, key: str) -> str:
    return engine.store.runs([key])[key].status


def test_a_run_that_is_paused_and_one_that_is_extended_beside_it_are_the_whole_one(
    engine: Engine, whole: Whole, until: Until
) -> None:
    paused = engine.submit(NET, RECIPE, "ann")
    other = engine.submit(NET, RECIPE.but(steps=3_000, seed=1), "ben")  # trains all the time in the second worker
    until(lambda: engine.store.runs([paused])[paused].step > 5, within=120)
    engine.pause(paused)
    until(lambda: status(engine, paused) not in ("queued", "running"))
    assert status(engine, paused) == "paused"
    assert 0 < engine.store.checkpoints([paused])[paused] < RECIPE.steps
    engine.resume(paused, "ann")
    until(lambda: status(engine, paused) == "done", within=120)
    equals(engine.store, paused, whole)
    assert status(engine, other) in ("queued", "running")
    engine.stop(other)


def test_an_extended_run_is_the_one_that_was_as_long_from_the_start(engine: Engine, whole: Whole, until: Until) -> None:
    key = run_id(NET, RECIPE, "cpu")
    with engine.store._database.writing() as connection:  # as if it had never been trained
        connection.execute("DELETE FROM runs WHERE id = ?", [key])
    short = engine.submit(NET, RECIPE.but(steps=70), "ann")
    until(lambda: status(engine, short) == "done", within=120)
    assert engine.extend(short, RECIPE.steps, "ann") == key
    assert engine.store.runs([key])[key].step == 69
    until(lambda: status(engine, key) == "done", within=120)
    equals(engine.store, key, whole)


def command(home: Path, *words: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "RESNET_HOME": str(home), "RESNET_WORKERS": "1"}
    recipe = [word for name, text in RECIPE.to_query().items() for word in (f"--{name.replace('_', '-')}", text)]
    words = (sys.executable, "-m", "resnet", "train", str(NET), *recipe, *words)
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(hearing(*words), env=environment, **pipes)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_command_that_was_interrupted_goes_on_when_it_is_given_again(tmp_path: Path, whole: Whole) -> None:
    key = run_id(NET, RECIPE, "cpu")
    with command(tmp_path) as first:
        store = Store(tmp_path / "runs.sqlite")
        end = time.monotonic() + 120
        while not any(run.step > 5 for run in store.runs([key]).values()) and time.monotonic() < end:
            time.sleep(0.02)
        first.send_signal(signal.SIGINT)
        assert first.communicate(timeout=60)[1].splitlines()[-1] == "stopped"
    step = store.checkpoints([key])[key]
    with command(tmp_path) as second:
        output, error = second.communicate(timeout=120)
    assert f"resnet: {NET} goes on from step {step}" in error.splitlines()
    assert (second.returncode, len(output.splitlines())) == (0, 1)
    equals(store, key, whole)
    store.close()
