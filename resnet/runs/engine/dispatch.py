"""The engine's work in its event loop: give runs to free workers, pass on what they report, stop them."""

import asyncio
import logging
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from resnet.runs.engine.backlog import Backlog, Job
from resnet.runs.engine.cluster import GOODBYE, Cluster
from resnet.runs.engine.control import CLOSED
from resnet.runs.engine.recorder import Recorder
from resnet.runs.engine.worker import End
from resnet.runs.errors import EngineError, StoreError

LOOK_EVERY = 1.0  # seconds between two looks at workers that may have come back or gone

_log = logging.getLogger(__name__)


class Dispatcher:
    """Lives as long as the connection to the workers."""

    def __init__(self, cluster: Cluster, backlog: Backlog, recorder: Recorder, topic: str) -> None:
        self._cluster = cluster
        self._backlog = backlog
        self._recorder = recorder
        self._topic = topic
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself holds them only weakly
        self._fetches: dict[str, list[asyncio.Task[None]]] = {}  # checkpoints on their way, by run
        cluster.client.subscribe_topic(topic, self._on_event)  # before any run is submitted: late events are not kept

    async def serve(self) -> None:
        """Train one run per training worker until this is cancelled; raises EngineError when the workers are lost."""
        me = asyncio.current_task()
        assert me is not None
        try:
            while not self._cluster.lost:
                await self._fill()
                if me.cancelling():  # swallowed by a wait_for in Dask, which can happen before Python 3.12
                    raise asyncio.CancelledError
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._news.wait()
                self._news.clear()
            raise EngineError(self._cluster.lost_reason)
        except asyncio.CancelledError:
            await self._let_save()
            raise
        finally:
            for task in self._tasks:
                task.cancel()

    async def _let_save(self) -> None:
        """Before the workers end: a moment for what they train to say where it is.

        Not when Python itself ends: nothing can be asked of anybody then.
        """
        if self._cluster.lost or not threading.main_thread().is_alive():
            return
        for job in self._backlog.on_workers():
            job.farewell = CLOSED
            self.stop(job)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GOODBYE)

    async def leave(self) -> None:
        """Stop what would go on without us: the workers of a cluster that exists stay."""
        if self._cluster.local is None and not self._cluster.lost:
            stops = [self._cluster.request_stop(str(job.address), job.run_id) for job in self._backlog.on_workers()]
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*stops), GOODBYE)

    def wake(self) -> None:
        """A run was added, or has ended."""
        self._news.set()

    def stop(self, job: Job) -> None:
        """Let a run end that is on a worker."""
        job.stopping = True
        if job.started:
            self._in_background(self._cluster.request_stop(str(job.address), job.run_id))

    async def _fill(self) -> None:
        """Give waiting runs to workers that are there and free: Dask would let one wait behind a busy worker."""
        if not self._backlog.waiting():
            return
        addresses = await self._cluster.workers("train")
        busy = {job.address for job in self._backlog.on_workers()}
        for address in addresses:
            job = self._backlog.take(address) if address not in busy else None
            if job is not None:
                self._in_background(self._train(job, address))

    async def _train(self, job: Job, address: str) -> None:
        end = await self._ended(job, address)
        if end.log:
            _log.error("run %s (%s) failed\n%s", job.run_id, job.net, end.log)
        await asyncio.gather(*self._fetches.pop(job.run_id, ()))
        self._backlog.ended(job)
        self._recorder.put({"run": job.run_id, "kind": "end", **end._asdict()})
        self.wake()

    async def _ended(self, job: Job, address: str) -> End:
        try:
            checkpoint = await asyncio.to_thread(self._recorder.checkpoint, job.run_id)
        except StoreError as error:
            return End("failed", error.text, error.values)
        end = await self._cluster.train(address, job.run_id, job.net, job.recipe, self._topic, checkpoint)
        if job.farewell and end.status == "stopped":
            return end._replace(message=job.farewell)
        # Only what can go on is paused.
        return end._replace(status="paused", message="") if job.ending == "paused" and _can_go_on(end) else end

    async def _fetch(self, job: Job) -> None:
        """The checkpoint that a worker has made; an event would stay with the scheduler, as large as it is."""
        if taken := await self._cluster.take_checkpoint(str(job.address), job.run_id):
            self._recorder.put({"run": job.run_id, "kind": "checkpoint", **taken})

    def _on_event(self, event: tuple[float, dict[str, Any]]) -> None:
        message = event[1]
        job = self._backlog.job(message["run"])
        if message["kind"] == "checkpoint":
            if job is not None:
                self._fetches.setdefault(job.run_id, []).append(self._in_background(self._fetch(job)))
            return
        self._recorder.put(message)
        if job is not None and message["kind"] == "started":
            job.started = True
            if job.stopping:  # it was asked for while the run was on its way
                self.stop(job)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _can_go_on(end: End) -> bool:
    return end.status == "stopped" and end.checkpoint is not None
