"""What surrounds a job inside a worker process. Only plain values leave it.

An exception or a value of a torch class would import torch in the pages' process when it is unpickled there.
"""

import ctypes
import importlib
import logging
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

import psutil
from distributed import Worker, WorkerPlugin

from resnet.i18n import N_
from resnet.runs.store.records import RunStatus
from resnet.specs import NetSpec, Recipe

# Of training workers: what a visitor waits for comes first. While two runs train on 2 cores, step-0 profiles of res-56
# take 208 ms without it, 135 with 5, 122 with 10 (medians, n = 20); more would starve training beside a busy browser.
NICENESS = 5
FAILED = N_("The training failed: {error}")
GPU_FAILED = N_("The GPU failed, and its worker was started anew; the run can be started again. ({error})")
# After most errors of CUDA, nothing works in that process any more. A message of cuDNN or cuBLAS may be the first sign.
BROKEN = ("CUDA error", "CUDA driver error", "HIP error", "CUDNN_STATUS", "CUBLAS_STATUS")
HARMLESS = ("out of memory", "ALLOC_FAILED")
MOST_MEMORY = 1_200_000_000  # bytes; a fresh worker with all imports holds 0.75 GB

_log = logging.getLogger(__name__)
_prepared = False  # once per process, however many engines share the cluster


def quiet() -> None:
    """Leave it to the engine to say what a reader of the log needs to know about workers."""
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


class PlainWorker(Worker):  # type: ignore[misc]
    """A worker that opens no HTTP port: Dask's would answer anybody on this machine."""

    def __init__(self, *args: Any, **options: Any) -> None:
        quiet()
        super().__init__(*args, **options)

    def start_http_server(self, *_args: Any, **_options: Any) -> None:
        """Start nothing."""


class Prepare(WorkerPlugin):  # type: ignore[misc]
    """Runs in every worker when it starts, also when it starts again: priority, and imports before they are needed."""

    name = "resnet-prepare"

    def __init__(self, job: str) -> None:
        self.job = job

    def setup(self, worker: Worker) -> None:
        """Return at once; the imports go on in a thread."""
        global _prepared
        if _prepared:
            return
        _prepared = True
        with suppress(ValueError):  # not in the main thread: then Ctrl-C is not ours to ignore
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the app ends its workers
        if "train" in worker.state.total_resources and hasattr(os, "nice"):
            os.nice(NICENESS)
        threading.Thread(target=_warm_up, args=[self.job], daemon=True).start()


def _warm_up(job: str) -> None:
    try:
        importlib.import_module(job).warm_up()
    except Exception:  # whoever needs the import meets the same error, and says so
        _log.warning("the imports of %s failed", job, exc_info=True)


class End(NamedTuple):
    """How a run ended: its kept weights by step if it is done; `log` is a traceback for the log of the app.

    `checkpoint` is where it could go on: ``step``, ``tensors``, and the ``states`` kept since the one before.

    `broken` says that the worker's process can compute nothing more.
    """

    status: RunStatus
    message: str = ""
    values: Mapping[str, Any] = {}
    states: Mapping[int, bytes] | None = None
    checkpoint: Mapping[str, Any] | None = None
    log: str = ""
    broken: bool = False


def train(job: str, run_id: str, net: NetSpec, recipe: Recipe, topic: str, checkpoint: bytes = b"") -> End:
    """Call ``train_run`` of the module named `job` and say how it ended; nothing is raised."""
    try:
        module = importlib.import_module(job)
        end = _train(module, run_id, net, recipe, topic, checkpoint)
        return end._replace(checkpoint=module.take_checkpoint(run_id))
    except Exception as error:
        return failed(error)


def _train(module: Any, run_id: str, net: NetSpec, recipe: Recipe, topic: str, checkpoint: bytes) -> End:
    ends: dict[type[Exception], RunStatus] = {module.Stopped: "stopped", module.RunDiverged: "diverged"}
    try:
        return End("done", states=module.train_run(run_id, net, recipe, topic, checkpoint))
    except module.RunEnd as end:
        return End(ends.get(type(end), "failed"), end.text, end.values)
    except Exception as error:
        return failed(error)


def failed(error: Exception) -> End:
    """The end of a run that met an error which nobody foresaw."""
    log, broken = "".join(traceback.format_exception(error)), is_broken(error)
    return End("failed", GPU_FAILED if broken else FAILED, {"error": _one_line(error)}, log=log, broken=broken)


def is_broken(error: Exception) -> bool:
    """Whether this process has lost its GPU: an illegal access, a failed assertion or launch stay with it for good."""
    text = str(error)
    return any(words in text for words in BROKEN) and not any(words in text for words in HARMLESS)


def leave() -> None:
    """End this process at once, its nanny starts another; an orderly end would wait for a GPU that does not answer."""
    os._exit(1)


def request_stop(job: str, run_id: str) -> None:
    """Ask the run of this process to stop."""
    importlib.import_module(job).request_stop(run_id)


def take_checkpoint(job: str, run_id: str) -> dict[str, Any] | None:
    """What this process has made for that run and nobody has taken."""
    taken: dict[str, Any] | None = importlib.import_module(job).take_checkpoint(run_id)
    return taken


def device_info(job: str) -> dict[str, Any]:
    """What this worker computes on: type, label, count."""
    info: dict[str, Any] = importlib.import_module(job).device_info()
    return info


def guarded(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, Exception | str | None, bool]:
    """(value, None), or (None, error): the exception itself where its class is plain, else a sentence.

    And whether this process has kept so much memory that another should take its place.
    """
    try:
        value, failure = function(*args), None
    except Exception as error:
        value, failure = None, _portable(error)
    return value, failure, _memory_given_back() > MOST_MEMORY


def _memory_given_back() -> int:
    """Bytes of this process, after the allocator has given back what it holds in reserve.

    glibc gives little back by itself: after 107 maps of five nets, 2.1-3.4 GB.
    """
    if trim := _malloc_trim():
        trim(0)
    return int(psutil.Process().memory_info().rss)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def _portable(error: Exception) -> Exception | str:
    if type(error).__module__.split(".")[0] in ("builtins", "resnet"):
        with suppress(Exception):
            copy: Exception = pickle.loads(pickle.dumps(error))
            copy.add_note("In the worker: " + "".join(traceback.format_exception(error)))
            return copy
    _log.error("a call failed", exc_info=error)
    return _one_line(error)


def _one_line(error: Exception) -> str:
    first = next(iter(str(error).strip().splitlines()), "")
    return f"{type(error).__name__}: {first[:200]}"
