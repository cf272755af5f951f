"""How the workers train. Imported by the pages' process too, so torch is imported inside the functions only.

Everything handed over is plain: specs, bytes, numpy arrays. A net is built anew in every call and never shared.
"""

import gc
import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from resnet.export.metadata import metadata
from resnet.i18n import N_
from resnet.runs.tasks import saving
from resnet.runs.tasks.loading import fresh
from resnet.specs import NetSpec, Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.training.checkpoint import Checkpoint
    from resnet.training.loop import Step

Emit = Callable[[dict[str, Any]], None]

REPORT_EVERY = 0.2  # seconds between two events; a page reads the store about once a second
KEPT_PARAMETERS = 1_000_000  # of deeper and wider nets only the last weights are kept: eight more would fill the disk

_stopped: set[str] = set()  # runs that this worker process was asked to stop


class RunEnd(Exception):
    """A run that ended before its last step; `text` is a sentence for the visitor, filled with `values`."""

    text = N_("The run ended.")

    def __init__(self, **values: Any) -> None:
        super().__init__(values)
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.values)


class Stopped(RunEnd):
    """Somebody pressed stop."""

    text = N_("Stopped.")


TOO_LARGE = N_("Stopped. This net is too large for a checkpoint: it can only be started again.")


class RunDiverged(RunEnd):
    """The loss became NaN or infinite."""

    text = N_("Diverged at step {step}: the loss is not a finite number.")


class OutOfMemory(RunEnd):
    """The device ran out of memory; what the run held is given back."""

    text = N_("The device ran out of memory: choose a smaller batch, width or depth.")


def _rebuild(kind: type[RunEnd], values: dict[str, Any]) -> RunEnd:
    return kind(**values)


def warm_up() -> None:
    """Get ready for jobs, once per worker, before the first visitor presses a button: imports, and the usual images."""
    import torch

    import resnet.training.loop
    from resnet.datasets import load_dataset

    torch.set_num_threads(1)
    if "RESNET_TRAIN_SLOT" in os.environ:
        load_dataset(Recipe().data, Recipe().level)
    else:  # a worker that only trains needs no Captum: 35 MB
        import resnet.attributions  # noqa: F401


def device_info() -> dict[str, Any]:
    """What trains: ``type`` (cpu, cuda, mps), a ``label`` for people, the ``count`` of such devices.

    CUDA devices also tell their ``memory`` in bytes, of the smallest. ``missing`` is the device that the host has named
    and that is not there; empty when it is.
    """
    import torch

    from resnet.datasets.batches import default_device
    from resnet.specs.limits import device as named

    device, wanted = default_device(), named()
    kind = device.type
    missing = wanted if wanted not in ("", kind, str(device)) else ""
    if kind == "cuda":
        places = [device.index] if wanted == str(device) else range(torch.cuda.device_count())
        devices = [torch.cuda.get_device_properties(place) for place in places]
        memory = min(one.total_memory for one in devices)
        found = {"type": kind, "label": devices[0].name, "count": len(devices), "memory": memory}
    else:
        found = {"type": kind, "label": "Apple GPU" if kind == "mps" else "CPU", "count": 1}
    return {**found, "missing": missing}


def request_stop(run_id: str) -> None:
    """Executed in the worker process while it trains: the job sees it at its next block."""
    _stopped.add(run_id)


def take_checkpoint(run_id: str) -> dict[str, Any] | None:
    """What this worker process has made of the run and nobody has taken; see `saving.take`."""
    return saving.take(run_id)


def train_run(run_id: str, spec: NetSpec, recipe: Recipe, topic: str, checkpoint: bytes = b"") -> dict[int, bytes]:
    """Train one run, report its steps as events of `topic`, return the kept weights by step as safetensors.

    It goes on from its `checkpoint`; from step 0 where that is damaged, or of another run. Raises `Stopped`,
    `RunDiverged` or `OutOfMemory`.
    """
    from distributed import get_worker

    worker = get_worker()

    def emit(message: dict[str, Any]) -> None:
        worker.log_event(topic, {"run": run_id, **message})

    _stopped.discard(run_id)
    emit({"kind": "started"})
    return _train(run_id, spec, recipe, emit, checkpoint)


def _train(run_id: str, spec: NetSpec, recipe: Recipe, emit: Emit, checkpoint: bytes) -> dict[int, bytes]:
    try:
        return _begun(run_id, spec, recipe, emit, checkpoint)
    except RuntimeError as error:  # torch.cuda.OutOfMemoryError is one too
        if not is_out_of_memory(error):
            raise
    # Not before here: the error held the frames, and they the net and all that it was computing with.
    give_back()
    raise OutOfMemory


def _begun(run_id: str, spec: NetSpec, recipe: Recipe, emit: Emit, checkpoint: bytes) -> dict[int, bytes]:
    from resnet.training.checkpoint import CheckpointError, read

    try:
        return _trained(run_id, spec, recipe, emit, read(checkpoint, spec, recipe) if checkpoint else None)
    except CheckpointError as error:
        emit({"kind": "afresh", "message": error.text})
    return _trained(run_id, spec, recipe, emit, None)


def _trained(run_id: str, spec: NetSpec, recipe: Recipe, emit: Emit, resume: "Checkpoint | None") -> dict[int, bytes]:
    from resnet.datasets.batches import default_device
    from resnet.training.checkpoint import Position
    from resnet.training.exactness import prepare
    from resnet.training.loop import train

    def check() -> None:
        if run_id in _stopped:
            raise Stopped

    device = default_device()
    prepare(device)
    net, dataset = fresh(spec, recipe)
    small = sum(weight.numel() for weight in net.parameters()) <= KEPT_PARAMETERS
    options: dict[str, Any] = {"device": device, "check": check, "keep": kept_steps(recipe.steps) if small else ()}
    position, about = Position(), metadata(spec, recipe)
    report = Report(emit)
    saver = saving.Saver(run_id, position, about, lambda: report.send({"kind": "checkpoint"}))
    kept = _followed(train(net, dataset, recipe, **options, resume=resume, position=position), report, saver)
    states = {**kept, recipe.steps: net.state_dict()}
    return {step: saving.tensors(state, {**about, "step": str(step)}) for step, state in states.items()}


def _followed(steps: "Iterator[Step]", report: "Report", saver: saving.Saver) -> "dict[int, dict[str, Tensor]]":
    """Report all steps, and save where they have come to; the kept weights by step."""
    from resnet.training.loop import Diverged

    kept: dict[int, dict[str, Tensor]] = {}
    try:
        for step in steps:
            report.add(step)
            if step.state:
                kept[step.step] = step.state
            saver.add(step.step, step.state)
        saver.save(kept=False)
    except Stopped as stop:
        if not saver.save():
            stop.text = TOO_LARGE
        raise
    except Diverged as error:
        raise RunDiverged(step=error.step) from error
    finally:
        report.send()
    return kept


def kept_steps(steps: int) -> list[int]:
    """The steps of a run whose weights are kept, closer together at the start; the last one is kept anyway."""
    return sorted({steps * share // 80 for share in (0, 1, 2, 5, 10, 20, 40, 60)} - {steps})


class Report:
    """Collects steps and sends them about five times a second: an event for every step would cost the pages more."""

    def __init__(self, emit: Emit) -> None:
        self.emit = emit
        self.steps: list[dict[str, Any]] = []
        self.sent = 0.0  # the first step is sent at once

    def add(self, step: Any) -> None:
        """One `training.Step`."""
        evaluation = step.evaluation and [step.evaluation.loss, step.evaluation.accuracy]
        profiles = {name: values.astype("<f4").tobytes() for name, values in step.profiles.items()}
        record = {name: getattr(step, name) for name in ("step", "loss", "accuracy", "lr", "seconds")}
        self.steps.append({**record, "profiles": profiles, "evaluation": evaluation})
        if time.monotonic() - self.sent > REPORT_EVERY:
            self.send()

    def send(self, *more: dict[str, Any]) -> None:
        """Everything collected so far as one event, then `more`."""
        for message in ({"kind": "steps", "steps": self.steps} if self.steps else None, *more):
            if message:
                self.emit(message)
        self.steps, self.sent = [], time.monotonic()


# As PyTorch says it of CUDA and Apple's GPU, of the CPU on Linux and on Windows, of cuBLAS and cuDNN.
OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "status_alloc_failed")


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether a device or this machine had no memory left; PyTorch has a class of its own for CUDA only."""
    return any(words in str(error).lower() for words in OUT_OF_MEMORY)


def give_back() -> None:
    """Let go of what the last run held, and of what PyTorch keeps for the next: other workers share the device."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
