"""A worker whose GPU has failed gets no other run: its process ends and another takes its place."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stand_in_job
from stand_in_job import (  # the engine's workers import this module as their job
    OutOfMemory,
    RunDiverged,
    RunEnd,
    Stopped,
    device_info,
    request_stop,
    take_checkpoint,
    warm_up,
)

from resnet.runs.engine import Engine
from resnet.runs.engine.worker import GPU_FAILED, failed
from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe

__all__ = ["OutOfMemory", "RunDiverged", "RunEnd", "Stopped"]
__all__ += ["device_info", "request_stop", "take_checkpoint", "warm_up"]

NET = NetSpec.parse("res-8-w4")
ASSERTION = "CUDA error: device-side assert triggered\nCompile with `TORCH_USE_CUDA_DSA`"


def train_run(run_id: str, spec: NetSpec, recipe: Recipe, topic: str, checkpoint: bytes) -> dict[int, bytes]:
    """Seed 1 breaks the GPU; the other runs keep the number of the process that trained them."""
    from distributed import get_worker

    get_worker().log_event(topic, {"run": run_id, "kind": "started"})
    if recipe.seed == 1:
        raise RuntimeError(ASSERTION)
    return {recipe.steps: stand_in_job.tensors(str(os.getpid()))}


def test_the_run_after_an_error_that_stays_is_trained_by_a_fresh_process(
    tmp_path: Path, until: Callable[..., float]
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    engine = Engine(store, workers=1, job="test_sticky")
    engine.start()
    try:
        runs = [engine.submit(NET, Recipe(steps=1, seed=seed), "ann") for seed in (0, 1, 2)]
        until(lambda: all(run.status in ("done", "failed") for run in store.runs(runs).values()))
        before, broken, after = (store.runs([run])[run] for run in runs)
        assert [before.status, broken.status, after.status] == ["done", "failed", "done"]
        assert broken.sentence == GPU_FAILED.format(error=f"RuntimeError: {ASSERTION.splitlines()[0]}")
        assert store.state(runs[0], 1) != store.state(runs[2], 1)
    finally:
        engine.close()
        store.close()


@pytest.mark.parametrize(
    ("message", "broken"),
    [
        ("CUDA error: an illegal memory access was encountered", True),
        ("CUDA error: unspecified launch failure", True),
        ("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", True),
        ("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(...)`", True),
        ("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", False),
        ("CUDA error: out of memory", False),
        ("The size of tensor a (3) must match the size of tensor b (4)", False),
    ],
)
def test_errors_that_stay_are_told_from_those_that_pass(message: str, broken: bool) -> None:
    end: Any = failed(RuntimeError(message))
    assert end.broken is broken
    assert end.status == "failed"
