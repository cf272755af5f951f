"""The cluster on this machine: training workers and one for interactive calls, each a process with one thread."""

import asyncio
import multiprocessing.spawn
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import resource_tracker
from typing import Any

import dask
from distributed import Nanny, Scheduler, Security, SpecCluster, Status

from resnet.runs.engine.worker import PlainWorker, quiet

# Dask's defaults serve long computations on many machines; here a run must not be trained twice, nothing may listen
# that anybody can talk to, and a laptop may sleep.
SETTINGS: dict[str, Any] = {
    "distributed.scheduler.allowed-failures": 0,  # else a killed run is silently trained again
    "distributed.scheduler.work-stealing": False,  # the queue in front has decided already
    "distributed.scheduler.worker-ttl": None,  # after an hour of sleep every worker would count as dead
    "distributed.scheduler.http.routes": [],
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,  # it looks at every thread 100 times a second
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    # Dask would set MALLOC_TRIM_THRESHOLD_, in the pages' process too: memory is given back and fetched again all the
    # time, and a step of res-56 takes 68 instead of 57 ms (2 cores, n = 3).
    "distributed.nanny.pre-spawn-environ": {},
    "distributed.diagnostics.nvml": False,
    "distributed.diagnostics.computations.max-history": 1,
    "distributed.diagnostics.erred-tasks.max-history": 1,
    "distributed.admin.low-level-log-length": 50,  # the scheduler would keep the last 1,000 events of every topic
    "distributed.admin.large-graph-warning-threshold": "2GB",  # a call may carry the weights of a net
    "distributed.admin.system-monitor.log-length": 10,  # an hour's measurements of every process by default
    "distributed.admin.system-monitor.disk": False,
    "distributed.admin.tick.interval": "1s",  # 20 ms by default: a clock for a dashboard that is not there
    "distributed.admin.tick.limit": "1h",  # importing torch blocks a loop for seconds: no news
}
# Two threads in each of four workers on two cores made training five times slower.
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
CLOSE_WITHIN = 2.0  # seconds for goodbyes; the workers are gone before that

Spec = dict[str, Any]


class PlainScheduler(Scheduler):  # type: ignore[misc]
    """A scheduler that opens no HTTP port (Dask's answers on 8787 even without any route)."""

    def start_http_server(self, *_args: Any, **_options: Any) -> None:
        """Start nothing."""


class LocalCluster:
    """TLS with certificates made for this start; everything ends with `close`, or with this process."""

    def __init__(self, training_workers: int) -> None:
        """Call it in the event loop that shall run the scheduler; then await `start`. 0 workers: one per core."""
        dask.config.set(SETTINGS)  # also read when a worker starts again
        quiet()
        self.security = Security.temporary()
        self._nannies: list[Nanny] = []
        scheduler = {"cls": PlainScheduler, "options": {"port": 0, "dashboard": False, **self._connection()}}
        # shutdown_on_close: Dask would close it when Python exits, and not know in which event loop
        options = {"asynchronous": True, "security": self.security, "shutdown_on_close": False}
        self.spec = SpecCluster(self._workers(training_workers), scheduler, **options)

    @property
    def address(self) -> str:
        return str(self.spec.scheduler.address)

    async def start(self) -> None:
        """Wait until every worker has registered; `close` is due afterwards, whatever came of it."""
        starting = asyncio.ensure_future(_finished(self.spec))
        try:
            await asyncio.shield(starting)  # half a cluster cannot be closed: it must come up, or fail
        except BaseException:
            await self._end_processes(starting)
            raise

    async def resize(self, training_workers: int) -> None:
        """Start or end training workers until there are so many."""
        self.spec.worker_spec = self._workers(training_workers)
        await self.spec

    async def close(self) -> None:
        """End the processes at once: what they compute is not wanted any more."""
        # goodbyes to a scheduler that is gone would be repeated for half a minute
        scheduler = self.spec.scheduler
        self.spec.shutdown_scheduler = scheduler is not None and scheduler.status == Status.running
        closing = asyncio.ensure_future(_finished(self.spec.close(timeout=CLOSE_WITHIN)))
        await self._end_processes(closing)

    async def _end_processes(self, goal: "asyncio.Future[None]") -> None:
        """Kill whatever worker is there or is still being started until `goal` is reached."""
        deadline = asyncio.get_running_loop().time() + CLOSE_WITHIN
        while not goal.done() and asyncio.get_running_loop().time() < deadline:
            for nanny in self._nannies:
                if nanny.process is not None and nanny.process.process is not None:
                    nanny.close_gracefully()  # do not start the worker again
                    with suppress(ValueError):  # it has just ended
                        nanny.process.process.kill()
            await asyncio.wait([goal], timeout=0.05)
        goal.cancel()
        await asyncio.wait([goal])
        if not goal.cancelled():
            goal.exception()  # a start that was killed fails, as it should

    def _workers(self, training_workers: int) -> dict[str, Spec]:
        """By name; the name stays when a worker is started again, its address does not."""
        slots = range(training_workers or int(dask.system.CPU_COUNT))  # counts the limits of a container
        training = {f"train-{slot}": self._worker({"train": 1}, RESNET_TRAIN_SLOT=str(slot)) for slot in slots}
        return {"call": self._worker({"call": 1}), **training}

    def _worker(self, resources: dict[str, int], **environment: str) -> Spec:
        options = {
            "nthreads": 1,
            "resources": resources,
            "memory_limit": None,
            "worker_class": PlainWorker,
            "env": {**THREADS, **environment},
            **self._connection(),
        }
        return {"cls": self._nanny, "options": options}

    def _nanny(self, *args: Any, **options: Any) -> Nanny:
        nanny = Nanny(*args, **options)
        self._nannies.append(nanny)
        return nanny

    def _connection(self) -> Spec:
        return {"host": "127.0.0.1", "protocol": "tls://", "security": self.security, "dashboard_address": None}


async def _finished(awaitable: Any) -> None:
    await awaitable


def ready_to_spawn() -> None:
    """Call it once in the thread that will start the workers, before its event loop.

    Ctrl-C goes to every process of the terminal: in the workers it would only leave tracebacks behind, so they are
    started with that signal blocked. And they do not run the main module again, which multiprocessing does for
    ``spawn``: under Streamlit that is whichever page is being drawn at the moment.
    """
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()  # it unblocks the signal when it starts, so it comes first
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    given = multiprocessing.spawn.get_preparation_data
    if given.__module__ != __name__:
        multiprocessing.spawn.get_preparation_data = _without_main(given)  # type: ignore[assignment]


def _without_main(given: Callable[[str], dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    def get_preparation_data(name: str) -> dict[str, Any]:
        data = given(name)
        if name.startswith("Dask Worker process"):
            data.pop("init_main_from_name", None)
            data.pop("init_main_from_path", None)
        return data

    return get_preparation_data
