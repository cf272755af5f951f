"""What is known about every run, in one SQLite file: the engine writes, pages and notebooks read.

Several processes may use the file at once (the app and the command line). A run belongs to the engine that claimed it,
its *owner*, and only that engine's writes change it; an owner that no longer shows a heartbeat has died, and its runs
are marked failed.
"""

import json
import logging
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import numpy as np

from resnet.i18n import N_
from resnet.runs.errors import FileGone, NoRoom, StoreError
from resnet.runs.store import checkpoints, quota
from resnet.runs.store.database import Database
from resnet.runs.store.records import DAMAGED, RUN_COLUMNS, THERE, Curves, Run, RunStatus, matrix, stride
from resnet.runs.store.states import LAST, OF_RUN, sound
from resnet.runs.store.writing import begin_afresh, owns, record, set_columns
from resnet.specs import NetSpec, Recipe

__all__ = ["Curves", "Run", "RunStatus", "Store", "StoreError"]

AT_WORK = "status IN ('queued', 'running')"
DEAD = f"{AT_WORK} AND NOT heartbeat BETWEEN ? AND ?"
SILENCE = 10.0  # seconds without a heartbeat after which an owner counts as dead; it shows one every second
AHEAD = 5.0  # seconds: a heartbeat further in the future was shown before the clock was set back, and is none
OWNER_DIED = N_("The program that trained this run ended; the run can be started again.")

GONE = N_("{path} was removed or replaced while it was in use; what was in it is gone, and a new one is begun")
CLAIM = (
    "INSERT INTO runs (id, net, recipe, device, status, created, owner, heartbeat) "
    "VALUES (?, ?, ?, ?, 'queued', ?, ?, ?)"
)
_STOP, _PAUSE = 1, 2  # the wishes in `stop_asked`
_log = logging.getLogger(__name__)


class Store:
    """Safe to share between threads; every method may raise StoreError."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._database = Database(self.path)
        self._unwritten: dict[str, dict[str, Any]] = {}  # ends of runs, see `show_ended`
        self._claimed: dict[str, list[Any]] = {}  # the rows of runs that this program has claimed and not finished
        self._damaged: set[Any] = set()  # runs of which something cannot be read
        with suppress(NoRoom):  # what is there can be read
            self.sweep()

    def close(self) -> None:
        self._database.close()

    # reading

    def runs(self, ids: Iterable[str]) -> dict[str, Run]:
        """The runs that exist among `ids`, in the order of `ids`."""
        wanted = list(dict.fromkeys(ids))
        places = ", ".join("?" * len(wanted))
        found = {run.id: run for run in self._select(f"WHERE id IN ({places}) AND {THERE}", wanted)}
        return {run_id: found[run_id] for run_id in wanted if run_id in found}

    def versions(self, ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        """For each run that exists among `ids` something that changes whenever there is news of it."""
        wanted = list(dict.fromkeys(ids))
        query = f"SELECT id, status, step, created, finished FROM runs WHERE {THERE} AND id IN "
        with self._database.reading() as connection:
            rows = connection.execute(f"{query} ({', '.join('?' * len(wanted))})", wanted).fetchall()
        return {run_id: (*seen, run_id in self._unwritten, run_id in self._damaged) for run_id, *seen in rows}

    def recent(self, n: int) -> list[Run]:
        """The newest `n` runs, newest first."""
        return self._select(f"WHERE {THERE} ORDER BY created DESC, rowid DESC LIMIT ?", [n])

    def curves(self, run_id: str, max_points: int | None = None) -> Curves:
        """The columns of one run; at most `max_points` steps (evenly spaced, first and last among them)."""
        with self._database.reading() as connection:
            last = connection.execute("SELECT max(step) FROM steps WHERE run = ?", [run_id]).fetchone()[0] or 0
            steps = connection.execute(
                "SELECT step, loss, accuracy, lr, seconds FROM steps "
                "WHERE run = ? AND (step % ? = 0 OR step = ?) ORDER BY step",
                [run_id, stride(last, max_points) if isinstance(last, int) else 1, last],
            ).fetchall()
            tests = connection.execute(
                "SELECT step, loss, accuracy FROM evaluations WHERE run = ? ORDER BY step", [run_id]
            ).fetchall()
        curves = Curves.from_rows(steps, tests)
        self._expect(run_id, len(curves.step) == len(steps) and len(curves.test_step) == len(tests))
        return curves

    def profiles(self, run_id: str, probe: str) -> tuple[np.ndarray, np.ndarray]:
        """Steps (S,) int64 and values (S, L) float32 in layer order; (0,) and (0, 0) when nothing was recorded."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT step, layers FROM profiles WHERE run = ? AND probe = ? ORDER BY step", [run_id, probe]
            ).fetchall()
        steps, values = matrix(rows)
        self._expect(run_id, len(steps) == len(rows))
        return steps, values

    def kept_steps(self, run_id: str) -> list[int]:
        """The steps after which the run's weights were kept, the last one included; empty before its end."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT step FROM states WHERE run = ? ORDER BY step", [run_id]).fetchall()
        return [step for (step,) in rows if isinstance(step, int)]

    def state(self, run_id: str, step: int = LAST) -> bytes | None:
        """The weights after that step as safetensors; None before the end of the run, or if they were not kept."""
        with self._database.reading() as connection:
            query = f"SELECT tensors FROM states WHERE {OF_RUN}"
            row = connection.execute(query, {"run": run_id, "step": step}).fetchone()
        if row is None or not self._expect(run_id, sound(row[0])):
            return None
        tensors: bytes = row[0]
        return tensors

    def checkpoints(self, ids: Iterable[str]) -> dict[str, int]:
        """For each of the runs that can go on, or be extended, the step from which."""
        with self._database.reading() as connection:
            return checkpoints.steps(connection, ids)

    def checkpoint(self, run_id: str) -> bytes:
        """What `training.checkpoint` has written, newest; empty when there is none."""
        with self._database.reading() as connection:
            return checkpoints.tensors(connection, run_id)

    def meta(self, key: str) -> str | None:
        """A value of this file, e.g. the device that was found last."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        return row[0] if row else None

    # writing

    def set_meta(self, key: str, value: str) -> None:
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def claim(
        self, run_id: str, net: NetSpec, recipe: Recipe, device: str, owner: str, on: bool = False, after: str = ""
    ) -> bool:
        """Queue the run for `owner`; False, and nothing is changed, when it is done or somebody is at it.

        A run that ended early starts afresh: what it recorded is deleted. With `on` it goes on from its checkpoint, if
        there is one, or from that of the shorter run `after`, whose rows become its own.
        """
        now = time.time()
        with self._database.writing() as connection:
            if self._kept(connection, run_id, now):
                return False
            row = [run_id, net.to_json(), recipe.to_json(), device, now, owner, now]
            on = on and run_id not in self._damaged
            if not (on and checkpoints.go_on(connection, run_id, owner, now)):
                begin_afresh(connection, run_id, CLAIM, row)
                if on and after:
                    checkpoints.copy(connection, after, run_id)
        self._claimed[run_id] = row
        self._unwritten.pop(run_id, None)
        self._damaged.discard(run_id)
        return True

    def _kept(self, connection: Connection, run_id: str, now: float) -> bool:
        """Whether somebody is at the run, or it is done and can be read."""
        alive = f"SELECT 1 FROM runs WHERE id = ? AND {AT_WORK} AND heartbeat BETWEEN ? AND ?"
        if connection.execute(alive, [run_id, now - SILENCE, now + AHEAD]).fetchone():
            return True
        row = connection.execute(f"SELECT {RUN_COLUMNS} FROM runs WHERE id = ? AND {THERE}", [run_id]).fetchone()
        known = Run.from_row(row) if row else None
        return known is not None and self._as_known(known).status == "done"

    def record(self, owner: str, messages: Iterable[Mapping[str, Any]]) -> None:
        """Write what workers reported (see `tasks.train`) in one transaction, for the runs of `owner` only."""
        with self._database.writing() as connection:
            for message in messages:
                if owns(connection, owner, message["run"]):
                    record(connection, message)

    def finish(
        self,
        owner: str,
        run_id: str,
        status: RunStatus,
        message: str = "",
        values: Mapping[str, Any] | None = None,
        states: Mapping[int, bytes] | None = None,
        checkpoint: Mapping[str, Any] | None = None,
    ) -> None:
        """End a run of `owner`, with its weights by step if it is done, and where it could go on (see `record`)."""
        with self._database.writing() as connection:
            if not owns(connection, owner, run_id):
                return
            rows = [(run_id, step, tensors) for step, tensors in (states or {}).items()]
            connection.executemany("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", rows)
            if checkpoint:
                checkpoints.put(connection, run_id, **checkpoint)
            checkpoints.end(connection, run_id, status)
            text = json.dumps(dict(values or {}))
            set_columns(connection, run_id, status=status, message=message, message_values=text, finished=time.time())
        self._claimed.pop(run_id, None)
        self._unwritten.pop(run_id, None)

    def finish_all(self, owner: str, status: RunStatus, message: str) -> None:
        """End whatever `owner` still has queued or running."""
        with self._database.writing() as connection:
            connection.execute(
                f"UPDATE runs SET status = ?, message = ?, finished = ? WHERE owner = ? AND {AT_WORK}",
                [status, message, time.time(), owner],
            )

    def ask_to_stop(self, run_id: str, pause: bool = False) -> None:
        """Leave a note for the owner of the run, which may be another process; it looks every second."""
        with self._database.writing() as connection:
            query = f"UPDATE runs SET stop_asked = ? WHERE id = ? AND {AT_WORK}"
            connection.execute(query, [_PAUSE if pause else _STOP, run_id])

    def beat(self, owner: str) -> dict[str, RunStatus]:
        """Show that `owner` is alive; returns those of its runs that somebody asked to stop, or to pause."""
        with self._database.writing() as connection:
            connection.execute(f"UPDATE runs SET heartbeat = ? WHERE owner = ? AND {AT_WORK}", [time.time(), owner])
            query = f"SELECT id, stop_asked FROM runs WHERE owner = ? AND stop_asked AND {AT_WORK}"
            asked = connection.execute(query, [owner]).fetchall()
            if asked:
                connection.execute("UPDATE runs SET stop_asked = 0 WHERE owner = ?", [owner])
        return {key: "paused" if wish == _PAUSE else "stopped" for key, wish in asked if isinstance(key, str)}

    def sweep(self) -> None:
        """Mark the runs whose owner died as failed."""
        now = time.time()
        alive = [now - SILENCE, now + AHEAD]
        with self._database.reading() as connection:
            if not connection.execute(f"SELECT 1 FROM runs WHERE {DEAD}", alive).fetchone():
                return  # the usual case needs no write lock
        with self._database.writing() as connection:
            connection.execute(
                f"UPDATE runs SET status = 'failed', message = ?, finished = ? WHERE {DEAD}",
                [OWNER_DIED, now, *alive],
            )

    def show_ended(self, run_id: str, status: RunStatus, message: str, values: Mapping[str, Any]) -> None:
        """Let this program see the end of a run that could not be written; forgotten once it is."""
        end = {"status": status, "message": message, "values": dict(values), "finished": time.time()}
        self._unwritten.setdefault(run_id, end)

    def _select(self, clause: str, values: list[Any]) -> list[Run]:
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT {RUN_COLUMNS} FROM runs {clause}", values).fetchall()
        found = [(row[0], Run.from_row(row)) for row in rows]
        for run_id, run in found:
            self._expect(run_id, run is not None and run.message != DAMAGED)
        return [self._as_known(run) for _id, run in found if run]

    def _as_known(self, run: Run) -> Run:
        if run.status in ("queued", "running"):
            end = self._unwritten.get(run.id)
            return replace(run, **end) if end else run
        return replace(run, status="failed", message=DAMAGED, values={}) if run.id in self._damaged else run

    def _expect(self, run_id: Any, sound: bool) -> bool:
        """Remember a run of which something cannot be read, and say so once; whether all can."""
        if not sound and run_id not in self._damaged:
            self._damaged.add(run_id)
            _log.error("run %s is damaged or not allowed here; what cannot be read of it is left out", run_id)
        return sound

    def require_file(self) -> None:
        """Raises StoreError when the file was removed or replaced."""
        if self._database.gone:
            raise FileGone(GONE, path=str(self.path))

    def reopen(self) -> None:
        """Go on in the file that is there now, or in a new one: what is at work here is recorded in it from now on."""
        self._database.reopen()
        with self._database.writing() as connection:
            connection.executemany(CLAIM.replace("INSERT", "INSERT OR IGNORE"), list(self._claimed.values()))

    def make_room(self, most: int) -> str:
        """Remove one thing if the file holds more than `most` bytes; what and of which run, or nothing. See `quota`."""
        with self._database.reading() as connection:
            quota.shrink(connection)  # what was removed before
            if quota.used(connection) <= most:
                return ""
        with self._database.writing() as connection:
            removed = quota.remove_one(connection, time.time())
        return removed
