"""A job without torch that reports like `runs.tasks.train`: quick to start, and as slow or broken as a test wants it.

The recipe says what happens: `batch` milliseconds a step; `seed` 1 diverges at step 3, 2 raises, 3 runs out of memory.
Every `record_every` steps, when it is stopped and when it is done there is a checkpoint; with seed 4 never.
"""

import os
import signal
import time
from typing import Any

import numpy as np

from resnet.runs.store import State
from resnet.runs.tasks.loading import tensors_of
from resnet.runs.tasks.train import OutOfMemory, RunDiverged, RunEnd, Stopped
from resnet.specs import NetSpec, Recipe

__all__ = ["RunEnd"]

TOO_LARGE = 4  # the seed of runs without checkpoints
_stopped: set[str] = set()
_made: dict[str, dict[str, Any]] = {}


def tensors(name: str) -> bytes:
    """Safetensors of nothing, told apart by a name."""
    header = f'{{"__metadata__": {{"name": "{name}"}}}}'.encode()
    return len(header).to_bytes(8, "little") + header


def warm_up() -> None:
    """Nothing to import."""


def device_info() -> dict[str, Any]:
    return {"type": os.environ.get("STAND_IN_DEVICE", "cpu"), "label": "stand-in", "count": 1}


def request_stop(run_id: str) -> None:
    _stopped.add(run_id)


def take_checkpoint(run_id: str) -> dict[str, Any] | None:
    return _made.pop(run_id, None)


def save(run_id: str, number: int) -> None:
    """A checkpoint that is nothing but its step, and the state of the step before."""
    states = {number - 1: tensors(f"state {number - 1}")} if number else {}
    _made[run_id] = {"step": number, "tensors": str(number).encode(), "states": states}


def train_run(run_id: str, spec: NetSpec, recipe: Recipe, topic: str, checkpoint: bytes = b"") -> dict[int, bytes]:
    from distributed import get_worker

    emit = get_worker().log_event
    _stopped.discard(run_id)
    emit(topic, {"run": run_id, "kind": "started"})
    if checkpoint and not checkpoint.isdigit():
        emit(topic, {"run": run_id, "kind": "afresh", "message": "Damaged."})
        checkpoint = b""
    for number in range(int(checkpoint or 0), recipe.steps + 1):
        if run_id in _stopped:
            if recipe.seed != TOO_LARGE:
                save(run_id, number)
            raise Stopped
        if number and number % recipe.record_every == 0 and recipe.seed != TOO_LARGE:
            save(run_id, number)
            emit(topic, {"run": run_id, "kind": "checkpoint"})
        if recipe.seed and number == 3:
            misbehave(recipe.seed)
        emit(topic, {"run": run_id, "kind": "steps", "steps": [step(number)]})
        time.sleep(recipe.batch / 1000)
    save(run_id, recipe.steps)
    _made[run_id]["states"] = {}
    return {0: tensors("start"), recipe.steps: tensors(run_id)}


def misbehave(seed: int) -> None:
    if seed == 1:
        raise RunDiverged(step=3)
    if seed == 2:
        raise RuntimeError("first line\nsecond line")
    if seed == 3:
        raise OutOfMemory


def step(number: int) -> dict[str, Any]:
    values = {"step": number, "loss": 1 / (number + 1), "accuracy": 0.5, "lr": 0.1, "seconds": number / 10}
    profile = np.full(4, number, dtype="<f4").tobytes()
    return {**values, "profiles": {"gradient_norm": profile}, "evaluation": [2.0, 0.25] if number == 0 else None}


# what tests let the interactive worker compute


def double(values: np.ndarray) -> np.ndarray:
    return 2 * values


def after(seconds: float, value: int) -> int:
    time.sleep(seconds)
    return value


def read(state: State) -> tuple[bytes, str, bool]:
    """The weights, the path they were looked for at, and whether they were sent along."""
    return tensors_of(state), state.path, state.tensors is not None


def die(note: str = os.devnull) -> None:
    """End this process, after leaving a line in the file `note`."""
    with open(note, "a") as file:
        file.write("died\n")
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise ValueError("this value is not allowed")


class Odd(Exception):
    """Of a class that only the worker can import safely; it cannot even be unpickled."""

    def __reduce__(self) -> Any:
        return die, ()


def fail_oddly() -> None:
    raise Odd("an odd thing\nhappened")


def process_facts() -> dict[str, Any]:
    import sys

    facts: dict[str, Any] = {"pid": os.getpid(), "threads": os.environ.get("OMP_NUM_THREADS")}
    return {
        **facts,
        "main": getattr(sys.modules["__main__"], "__file__", None),
        "slot": os.environ.get("RESNET_TRAIN_SLOT"),
    }


def now() -> float:
    return time.monotonic()
