"""The one writer: a thread that puts what the workers report into the store, and shows the store a heartbeat."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from resnet.i18n import N_
from resnet.runs.errors import FileGone, StoreError
from resnet.runs.store import Store, classes, listing
from resnet.runs.store.records import RunStatus
from resnet.specs.limits import LIMITS

BEAT_EVERY = 1.0  # seconds
SWEEP_EVERY = 5.0
SEEN_AFTER = 6.0  # seconds; pages look every five
PIECES = 10  # that are removed at most between two sweeps
PATIENCE = 15.0  # seconds that runs go on while nothing can be written; what they report is kept so long
LARGEST_STATE = 10**9  # bytes, SQLite's limit for one value; each state of a run is one
TOO_LARGE = N_("The weights are too large to be kept.")

Message = Mapping[str, Any]
_log = logging.getLogger(__name__)


class Recorder:
    """Messages are written in the order in which they came, in one transaction for all that waited.

    A full disk or a locked file may pass: `trouble` says so at once, and everything is tried again. After `PATIENCE`
    all runs end as failed, with that reason; a new one is then refused until there is room.
    """

    def __init__(
        self,
        store: Store,
        owner: str,
        on_stop: Callable[[str, RunStatus], None],
        give_up: Callable[[], tuple[list[str], list[str]]] = lambda: ([], []),
    ) -> None:
        """`on_stop` is called with each run of `owner` that another program asked to stop, or to pause, and with which.

        `give_up` ends what waits and what is on workers, and returns both.
        """
        self.trouble: StoreError | None = None  # why nothing can be written at the moment
        self._store = store
        self._owner = owner
        self._on_stop, self._give_up = on_stop, give_up
        self._inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._pending: list[Message] = []  # not written yet; kept while the store cannot be written
        self._given_up: set[str] = set()  # runs that failed while they were on a worker, which will still report
        self._beat = self._sweep = 0.0  # when they were done last
        self._since = 0.0  # when the trouble began
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="resnet-recorder", daemon=True)
        self._thread.start()

    def put(self, message: Message) -> None:
        """An event of `tasks.train.train_run`, or the end of a run: kind "end" and the fields of `worker.End`."""
        self._inbox.put(message)

    def checkpoint(self, run_id: str) -> bytes:
        """Where the run goes on; empty for one that begins. Raises StoreError."""
        return self._store.checkpoint(run_id)

    def close(self, status: RunStatus, message: str) -> None:
        """Write what waits, give the owner's remaining runs this end, and return."""
        self._closed.set()
        self._inbox.put(None)
        self._thread.join()
        self._try(self._flush, lambda: self._store.finish_all(self._owner, status, message))

    def _work(self) -> None:
        while not self._closed.is_set():
            self._collect()
            self._try(self._flush, self._keep_alive)
            if self.trouble:
                self._closed.wait(BEAT_EVERY)  # five reports a second would be five vain transactions

    def _collect(self) -> None:
        """Wait for a message, at most until the next heartbeat, and take all that are there."""
        try:
            message = self._inbox.get(timeout=BEAT_EVERY)
            while True:
                if message is not None and not self._too_late(message):
                    self._pending.append(message)
                message = self._inbox.get_nowait()
        except queue.Empty:
            return

    def _too_late(self, message: Message) -> bool:
        """Whether it is of a run that has failed already; its end is the last that is heard of it."""
        late = message["run"] in self._given_up
        if late and message["kind"] == "end":
            self._given_up.discard(message["run"])
        return late

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
        checkpoint = end.get("checkpoint")
        self._store.finish(self._owner, end["run"], end["status"], message, end["values"], states, checkpoint)

    def _keep_alive(self) -> None:
        now = time.monotonic()
        if now - self._beat >= BEAT_EVERY:
            self._beat = now
            self._find_file(now)
            for run_id, wish in self._store.beat(self._owner).items():
                self._on_stop(run_id, wish)
        if now - self._sweep >= SWEEP_EVERY:  # after the heartbeat: this machine may have slept
            self._sweep = now
            self._store.sweep()
            listing.purge(self._store)
            classes.forget(self._store)
            self._make_room()

    def _find_file(self, now: float) -> None:
        """When the file has gone, say so as long as every page takes to look; then go on in a new one."""
        try:
            self._store.require_file()
        except FileGone:
            if not isinstance(self.trouble, FileGone) or now - self._since < SEEN_AFTER:
                raise
            self._store.reopen()
            _log.warning("%s was begun", self._store.path)

    def _make_room(self) -> None:
        """In small pieces: nobody waits for the file meanwhile."""
        for _piece in range(PIECES if LIMITS.max_store_gb else 0):
            if not (removed := self._store.make_room(int(LIMITS.max_store_gb * 1e9))):
                return
            _log.warning("%s removed to make room: RESNET_MAX_STORE_GB is %g", removed, LIMITS.max_store_gb)

    def _try(self, *writes: Callable[[], None]) -> None:
        """All of them, whatever the one before met."""
        failure = None
        for write in writes:
            try:
                write()
            except StoreError as error:
                failure = failure or error
        if failure:
            self._failed(failure)
        elif self.trouble:
            self.trouble = None
            _log.warning("the runs can be written again")

    def _failed(self, error: StoreError) -> None:
        if self.trouble is None:
            self._since = time.monotonic()
            _log.error("%s; this is tried again until it works", error)  # once: it may go on for days
        self.trouble = error
        self._beat = 0.0  # the next heartbeat is due at once: it tells whether the trouble is over
        if time.monotonic() - self._since > PATIENCE:
            self._end_all(error)
        for message in self._pending:
            if message["kind"] == "end" and message["status"] != "done":  # what is done has weights, which nobody has
                self._store.show_ended(message["run"], message["status"], message["message"], message["values"])

    def _end_all(self, error: StoreError) -> None:
        """Only ends are kept in memory, and those of runs that cannot be kept are failures."""
        waiting, working = self._give_up()
        self._given_up.update(working)
        lost = {"kind": "end", "status": "failed", "message": error.text, "values": error.values, "states": None}
        ends = [message for message in self._pending if message["kind"] == "end"]
        ends = [end if end["status"] != "done" else {**lost, "run": end["run"]} for end in ends]
        self._pending = ends + [{**lost, "run": run_id} for run_id in (*waiting, *working)]
