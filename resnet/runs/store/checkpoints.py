"""The newest checkpoint of a run, and its rows cut to it: where a run goes on that has not ended, or is extended.

The weights that a run has kept so far are written with its checkpoints and become its `states` when it is done.
"""

from collections.abc import Iterable, Mapping
from sqlite3 import Connection

ENDED_EARLY = "status NOT IN ('done', 'diverged')"
_TABLES = ("steps", "evaluations", "profiles", "states", "states_so_far")


def steps(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """For each of the runs that has a checkpoint the step before which it was made."""
    wanted = list(ids)
    places = ", ".join("?" * len(wanted))
    query = "SELECT run, checkpoints.step FROM checkpoints JOIN runs ON run = id WHERE deleted IS NULL AND id IN "
    rows = connection.execute(f"{query} ({places})", wanted)
    return {run: step for run, step in rows if isinstance(step, int)}


def tensors(connection: Connection, run_id: str) -> bytes:
    """The newest checkpoint, empty for none; what is no bytes is damaged, as any reader will say of other bytes."""
    row = connection.execute("SELECT tensors FROM checkpoints WHERE run = ?", [run_id]).fetchone()
    return b"" if row is None else row[0] if isinstance(row[0], bytes) and row[0] else b"damaged"


def put(connection: Connection, run_id: str, step: int, tensors: bytes, states: Mapping[int, bytes]) -> None:
    """A newer checkpoint in the place of the one before, and the weights that were kept since."""
    rows = [(run_id, kept, own) for kept, own in states.items()]
    connection.executemany("INSERT OR REPLACE INTO states_so_far VALUES (?, ?, ?)", rows)
    connection.execute(
        "INSERT INTO checkpoints VALUES (?, ?, ?) ON CONFLICT (run) DO UPDATE "
        "SET step = excluded.step, tensors = excluded.tensors WHERE excluded.step >= step",
        [run_id, step, tensors],
    )


def end(connection: Connection, run_id: str, status: str) -> None:
    """What was kept on the way belongs to a run that is done; one that diverged cannot go on."""
    if status == "done":
        connection.execute("INSERT OR IGNORE INTO states SELECT * FROM states_so_far WHERE run = ?", [run_id])
        connection.execute("DELETE FROM states_so_far WHERE run = ?", [run_id])
    elif status == "diverged":
        remove(connection, run_id)


def remove(connection: Connection, run_id: str) -> None:
    """Let the run have no checkpoint."""
    for table in ("checkpoints", "states_so_far"):
        connection.execute(f"DELETE FROM {table} WHERE run = ?", [run_id])


def go_on(connection: Connection, run_id: str, owner: str, now: float) -> bool:
    """Queue a run that ended early for `owner` as one that has come to its checkpoint; False when it has none."""
    found = connection.execute(
        f"SELECT checkpoints.step FROM checkpoints JOIN runs ON run = id WHERE id = ? AND {ENDED_EARLY} "
        "AND deleted IS NULL",
        [run_id],
    ).fetchone()
    if not found:
        return False
    drop_from(connection, run_id, found[0])
    connection.execute(
        "UPDATE runs SET status = 'queued', message = '', message_values = '{}', created = ?, started = NULL, "
        "finished = NULL, owner = ?, heartbeat = ?, stop_asked = 0 WHERE id = ?",
        [now, owner, now, run_id],
    )
    _tell_step(connection, run_id)
    return True


def copy(connection: Connection, source: str, run_id: str) -> None:
    """Give a run without rows those of another one before its checkpoint, and that; nothing if there is none."""
    connection.execute(
        "INSERT INTO checkpoints SELECT ?, step, tensors FROM checkpoints WHERE run = ? "
        "AND EXISTS (SELECT 1 FROM runs WHERE id = ? AND deleted IS NULL)",
        [run_id, source, source],
    )
    found = steps(connection, [run_id]).get(run_id)
    if found is None:
        return
    for table, target, columns in (
        ("steps", "steps", "step, loss, accuracy, lr, seconds"),
        ("evaluations", "evaluations", "step, loss, accuracy"),
        ("profiles", "profiles", "probe, step, layers"),
        ("states", "states_so_far", "step, tensors"),
        ("states_so_far", "states_so_far", "step, tensors"),
    ):
        rows = f"SELECT ?, {columns} FROM {table} WHERE run = ? AND step < ?"
        connection.execute(f"INSERT OR REPLACE INTO {target} (run, {columns}) {rows}", [run_id, source, found])
    _tell_step(connection, run_id)


def drop_from(connection: Connection, run_id: str, step: int) -> None:
    """Delete what was recorded at that step and later."""
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE run = ? AND step >= ?", [run_id, step])


def _tell_step(connection: Connection, run_id: str) -> None:
    """The last step that is recorded, and the time that it took."""
    last = "FROM steps WHERE run = ? ORDER BY step DESC LIMIT 1"
    row = connection.execute(f"SELECT step, seconds {last}", [run_id]).fetchone() or (0, 0.0)
    connection.execute("UPDATE runs SET step = ?, seconds = ? WHERE id = ?", [*row, run_id])
