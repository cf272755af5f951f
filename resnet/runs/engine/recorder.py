"""The one writer: a thread that puts what the workers report into the store, and shows the store a heartbeat."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from resnet.i18n import N_
from resnet.runs.errors import StoreError
from resnet.runs.store import Store
from resnet.runs.store.records import RunStatus

BEAT_EVERY = 1.0  # seconds
SWEEP_EVERY = 5.0
LARGEST_STATE = 10**9  # bytes, SQLite's limit for one value; each state of a run is one
TOO_LARGE = N_("The weights are too large to be kept.")

Message = Mapping[str, Any]
_log = logging.getLogger(__name__)


class Recorder:
    """Messages are written in the order in which they came, in one transaction for all that waited."""

    def __init__(self, store: Store, owner: str, on_stop: Callable[[str], None]) -> None:
        """`on_stop` is called with each run of `owner` that another program asked to stop."""
        self._store = store
        self._owner = owner
        self._on_stop = on_stop
        self._inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._pending: list[Message] = []  # not written yet; kept while the store cannot be written
        self._beat = self._sweep = 0.0  # when they were done last
        self._failing = False
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="resnet-recorder", daemon=True)
        self._thread.start()

    def put(self, message: Message) -> None:
        """An event of `tasks.train.train_run`, or the end of a run: kind "end" and the fields of `worker.End`."""
        self._inbox.put(message)

    def close(self, status: RunStatus, message: str) -> None:
        """Write what waits, give the owner's remaining runs this end, and return."""
        self._closed.set()
        self._inbox.put(None)
        self._thread.join()
        self._guarded(self._flush)
        self._guarded(lambda: self._store.finish_all(self._owner, status, message))

    def _work(self) -> None:
        while not self._closed.is_set():
            self._collect()
            self._guarded(self._flush)
            self._guarded(self._keep_alive)

    def _collect(self) -> None:
        """Wait for a message, at most until the next heartbeat, and take all that are there."""
        try:
            message = self._inbox.get(timeout=BEAT_EVERY)
            while True:
                if message is not None:
                    self._pending.append(message)
                message = self._inbox.get_nowait()
        except queue.Empty:
            return

    def _flush(self) -> None:
        while self._pending:
            reports = 0
            while reports < len(self._pending) and self._pending[reports]["kind"] != "end":
                reports += 1
            try:
                if reports:
                    self._store.record(self._owner, self._pending[:reports])
                else:
                    self._finish(self._pending[0])
            except (KeyError, TypeError, ValueError):
                _log.exception("a report of a worker could not be read and is left out")
            del self._pending[: max(reports, 1)]

    def _finish(self, end: Message) -> None:
        states, message = end["states"], end["message"]
        if any(len(tensors) > LARGEST_STATE for tensors in (states or {}).values()):  # all are of one size
            states, message = None, TOO_LARGE
        self._store.finish(self._owner, end["run"], end["status"], message, end["values"], states)

    def _keep_alive(self) -> None:
        now = time.monotonic()
        if now - self._beat >= BEAT_EVERY:
            self._beat = now
            for run_id in self._store.beat(self._owner):
                self._on_stop(run_id)
        if now - self._sweep >= SWEEP_EVERY:  # after the heartbeat: this machine may have slept
            self._sweep = now
            self._store.sweep()

    def _guarded(self, write: Callable[[], None]) -> None:
        """A full disk or a locked file passes: say so once, and try again with the next message or heartbeat."""
        try:
            write()
            self._failing = False
        except StoreError:
            if not self._failing:
                _log.exception("the runs cannot be written; this is tried again until it works")
            self._failing = True
