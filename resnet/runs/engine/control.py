"""How an engine ends runs before their last step: stop, pause, give up."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from resnet.i18n import N_
from resnet.runs.engine.backlog import Backlog, Job
from resnet.runs.errors import StoreError
from resnet.runs.store import RunStatus, Store

if TYPE_CHECKING:
    from resnet.runs.engine.recorder import Recorder
    from resnet.runs.engine.session import Session

CLOSED = N_("The program was closed; the run can be started again.")

_log = logging.getLogger(__name__)


class Control:
    """Every method may be called from any thread, and none waits for a worker."""

    def __init__(
        self, store: Store, backlog: Backlog, owner: str, parts: "Callable[[], tuple[Session | None, Recorder | None]]"
    ) -> None:
        self._store, self._backlog, self._owner, self._parts = store, backlog, owner, parts

    def end(self, run_id: str, status: RunStatus) -> None:
        """As ``stopped`` or ``paused``: at once while it waits, within a step while it trains.

        Another program's within a second more. A run that has ended otherwise stays as it is.
        """
        session, _recorder = self._parts()
        job = self._backlog.job(run_id)
        if self._backlog.withdraw(run_id):
            self.record(run_id, status)
        elif job and session:
            job.ending = status
            session.stop(job)
        else:
            self._ask(run_id, pause=status == "paused")

    def _ask(self, run_id: str, pause: bool) -> None:
        try:
            self._store.ask_to_stop(run_id, pause)
        except StoreError as error:  # the other program meets the same, and gives its runs up
            _log.warning("run %s could not be asked to stop: %s", run_id, error)

    def record(self, run_id: str, status: RunStatus, message: str = "") -> None:
        """The end of a run which no worker has; where it cannot be written it is shown, and written later."""
        _session, recorder = self._parts()
        try:
            self._store.finish(self._owner, run_id, status, message)
        except StoreError:
            self._store.show_ended(run_id, status, message, {})
            if recorder:
                end: dict[str, Any] = {"status": status, "message": message, "values": {}, "states": None}
                recorder.put({"run": run_id, "kind": "end", **end})

    def give_up(self) -> tuple[list[str], list[str]]:
        """End all runs that wait and all that are on workers, because they cannot be recorded; returns both."""
        session, _recorder = self._parts()
        waiting, working = self._all()
        for job in working:
            if session and not job.stopping:
                session.stop(job)
        return [job.run_id for job in waiting], [job.run_id for job in working]

    def _all(self) -> tuple[list[Job], list[Job]]:
        with self._backlog.lock:
            return self._backlog.withdraw_all(), self._backlog.on_workers()
