"""One life of the workers: an event loop in a thread of its own, from their start to their end."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from resnet.i18n import N_
from resnet.runs.engine.backlog import Backlog, Job
from resnet.runs.engine.recorder import Recorder
from resnet.runs.errors import EngineError, NotHere

if TYPE_CHECKING:  # these import distributed, half a second of work for the thread
    from resnet.runs.engine.cluster import Cluster
    from resnet.runs.engine.dispatch import Dispatcher

NOT_STARTED = N_("The workers could not be started; the log of the app says why.")
OVER = N_("The engine is closed.")

Arguments = tuple[Any, ...]

_log = logging.getLogger(__name__)


class Session:
    """Methods may be called from any thread, and none waits, except `join`."""

    def __init__(
        self,
        job: str,
        backlog: Backlog,
        recorder: Recorder,
        topic: str,
        workers: Callable[[], int],
        on_device: Callable[[dict[str, Any]], None],
        on_end: Callable[[str | None], None],
        after: float = 0.0,
    ) -> None:
        """Starts `after` seconds from now.

        `workers` says how many shall train (0: one per core); it is asked again after `on_device`.

        `on_end` gets a sentence when the workers were lost or could not be started, None after `close`.
        """
        self._job, self._backlog, self._recorder, self._topic = job, backlog, recorder, topic
        self._workers, self._on_device, self._on_end = workers, on_device, on_end
        self._start = time.monotonic() + after
        self._loop = asyncio.SelectorEventLoop()  # Dask works with no other on Windows
        self._cluster: asyncio.Future[Cluster] = self._loop.create_future()
        self._dispatcher: Dispatcher | None = None  # while there are workers
        self.call_workers = 1  # how many calls are computed at once
        self._main_task: asyncio.Task[None] | None = None
        self._calls: set[Future[Any]] = set()
        self._lock = threading.Lock()  # guards what is below
        self._closing = False
        self._over: str | None = None  # the sentence for calls that come too late
        self._thread = threading.Thread(target=self._live, name="resnet-engine", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """A run was added to the backlog."""
        self._soon(lambda dispatcher: dispatcher.wake())

    def stop(self, job: Job) -> None:
        """Let a run end that is on a worker."""
        self._soon(lambda dispatcher: dispatcher.stop(job))

    def call(
        self, function: Callable[..., Any], args: Arguments, complete: Callable[[Arguments], Arguments]
    ) -> "Future[Any]":
        """See `Engine.call`; raises EngineError when it is too late.

        `complete` gives the arguments for a second try, if a worker says that what they name is not there.
        """
        with self._lock:
            if self._over:
                raise EngineError(self._over)
            future = asyncio.run_coroutine_threadsafe(self._call(function, args, complete), self._loop)
            self._calls.add(future)
        future.add_done_callback(self._calls.discard)
        return future

    def close(self) -> None:
        """End the workers; `join` waits for it."""
        with self._lock:
            self._closing = True
            if not self._over:
                self._loop.call_soon_threadsafe(lambda: self._main_task and self._main_task.cancel())

    def join(self, timeout: float) -> None:
        if self._thread is not threading.current_thread():
            self._thread.join(timeout)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _live(self) -> None:
        reason: str | None = None
        try:
            while time.monotonic() < self._start and not self._closing:
                time.sleep(0.02)
            from resnet.runs.engine.local import ready_to_spawn

            ready_to_spawn()
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._main())
        except asyncio.CancelledError:
            pass
        except EngineError as error:
            reason = str(error)
        except Exception:
            if not self._closing and threading.main_thread().is_alive():  # else the program ends: imports fail then
                _log.exception("the workers could not be started")
            reason = NOT_STARTED
            self._refuse(reason)
        self._on_end(reason)
        for future in list(self._calls):  # whoever waits for one must not wait for ever
            with suppress(InvalidStateError):
                future.set_exception(EngineError(reason or OVER))
        self._loop.close()  # the runner has, if it came so far

    async def _main(self) -> None:
        self._main_task = asyncio.current_task()
        try:
            if not self._closing:
                await self._serve()
        finally:
            self._refuse(OVER)

    async def _serve(self) -> None:
        from resnet.runs.engine import worker
        from resnet.runs.engine.cluster import open_cluster
        from resnet.runs.engine.dispatch import Dispatcher

        async with open_cluster(self._workers(), self._job) as cluster:
            try:
                self._dispatcher = Dispatcher(cluster, self._backlog, self._recorder, self._topic)
                self._cluster.set_result(cluster)
                self.call_workers = len(await cluster.workers("call"))
                self._on_device(await cluster.call(worker.device_info, self._job))
                await cluster.resize(self._workers())
                await self._dispatcher.serve()
            except EngineError as error:
                self._refuse(str(error))
                raise
            finally:
                self._refuse(OVER)  # before the workers end: no call shall meet half a cluster
                if self._dispatcher:
                    await self._dispatcher.leave()

    def _refuse(self, reason: str) -> None:
        """Let later calls fail with this sentence, unless there is one already."""
        with self._lock:
            self._over = self._over or reason

    async def _call(
        self, function: Callable[..., Any], args: Arguments, complete: Callable[[Arguments], Arguments]
    ) -> Any:
        try:
            cluster = await asyncio.shield(self._cluster)  # calls wait in order; one that is cancelled takes none along
            with suppress(NotHere):
                return await cluster.call(function, *args)
            return await cluster.call(function, *await asyncio.to_thread(complete, args))
        except asyncio.CancelledError:
            if self._over:
                raise EngineError(self._over) from None
            raise

    def _soon(self, action: "Callable[[Dispatcher], None]") -> None:
        """In the event loop; without workers there is nothing to tell: a new dispatcher looks at the backlog anyway."""

        def act() -> None:
            if self._dispatcher:
                action(self._dispatcher)

        with self._lock:
            if not self._over:
                self._loop.call_soon_threadsafe(act)
