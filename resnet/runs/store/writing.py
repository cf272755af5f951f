"""What is written of one run, inside of somebody's transaction."""

import time
from collections.abc import Mapping, Sequence
from sqlite3 import Connection
from typing import Any

from resnet.runs.store import checkpoints


def owns(connection: Connection, owner: str, run_id: str) -> bool:
    """Whether the run belongs to that owner."""
    row = connection.execute("SELECT owner FROM runs WHERE id = ?", [run_id]).fetchone()
    return row is not None and row[0] == owner


def set_columns(connection: Connection, run_id: str, **columns: Any) -> None:
    names = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE runs SET {names} WHERE id = ?", [*columns.values(), run_id])


def record(connection: Connection, message: Mapping[str, Any]) -> None:
    """One message of a worker, see `tasks.train`."""
    run_id, kind = message["run"], message["kind"]
    if kind == "started":
        set_columns(connection, run_id, status="running", started=time.time())
    elif kind == "steps":
        _record_steps(connection, run_id, message["steps"])
    elif kind == "checkpoint" and _runs(connection, run_id):  # it may come behind the end
        checkpoints.put(connection, run_id, message["step"], message["tensors"], message["states"])
    elif kind == "afresh":
        checkpoints.drop_from(connection, run_id, 0)
        checkpoints.remove(connection, run_id)
        set_columns(connection, run_id, step=0, seconds=0.0, message=message["message"])


def _runs(connection: Connection, run_id: str) -> bool:
    query = "SELECT 1 FROM runs WHERE id = ? AND status = 'running'"
    return connection.execute(query, [run_id]).fetchone() is not None


def _record_steps(connection: Connection, run_id: str, steps: list[dict[str, Any]]) -> None:
    """Rows for one message of kind "steps"."""
    connection.executemany(
        "INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?, ?)",
        [(run_id, step["step"], step["loss"], step["accuracy"], step["lr"], step["seconds"]) for step in steps],
    )
    tests = [(run_id, step["step"], *step["evaluation"]) for step in steps if step["evaluation"]]
    connection.executemany("INSERT OR REPLACE INTO evaluations VALUES (?, ?, ?, ?)", tests)
    profiles = [(run_id, name, step["step"], layers) for step in steps for name, layers in step["profiles"].items()]
    connection.executemany("INSERT OR REPLACE INTO profiles VALUES (?, ?, ?, ?)", profiles)
    # status again: a laptop that slept may find its living run marked as dead by another process
    connection.execute("UPDATE runs SET message = '' WHERE id = ? AND status != 'running'", [run_id])
    last, now = steps[-1], time.time()
    set_columns(connection, run_id, step=last["step"], seconds=last["seconds"], status="running", heartbeat=now)


def begin_afresh(connection: Connection, run_id: str, claim: str, row: Sequence[Any]) -> None:
    """Delete what a run has recorded and enter it anew; its name, its mark and who asked for it stay."""
    query = "SELECT label, kept FROM runs WHERE id = ? AND deleted IS NULL"
    known = connection.execute(query, [run_id]).fetchone()
    asked = connection.execute("SELECT visitor, run, at FROM asked WHERE run = ?", [run_id]).fetchall()
    connection.execute("DELETE FROM runs WHERE id = ?", [run_id])
    connection.execute(claim, row)
    if known:
        set_columns(connection, run_id, label=known[0], kept=known[1])
    connection.executemany("INSERT INTO asked (visitor, run, at) VALUES (?, ?, ?)", asked)
