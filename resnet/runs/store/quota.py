"""What is removed when the file of runs has grown beyond what the host allows: the oldest first, the dearest last.

First checkpoints, those of paused runs last, then the weights of runs, then their profiles, then whole runs. Never
what is at work, what somebody has marked as kept, nor what ended in the last `FRESH` seconds: a lesson's own runs stay.
"""

from sqlite3 import Connection

from resnet.i18n import N_
from resnet.runs.store import checkpoints

FRESH = 3 * 3600.0  # seconds
AT_ONCE = 2_000  # pages of 4 kB that are given back to the disk in one transaction
NO_CHECKPOINT = N_("The checkpoint of this run was removed to make room: it can be started again.")
NO_WEIGHTS = N_("The weights of this run were removed to make room.")
_OLD = "status NOT IN ('queued', 'running') AND NOT kept AND finished < ?"
_OLDEST = f"SELECT id FROM runs WHERE {_OLD} AND id IN (SELECT run FROM {{table}}) ORDER BY {{first}} LIMIT 1"


def used(connection: Connection) -> int:
    """Bytes of the file that hold something; the rest is used again before it grows."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def remove_one(connection: Connection, now: float) -> str:
    """Remove the oldest of the kind that goes first; what, and of which run, or nothing when all has to stay."""
    query = _OLDEST.format(table="checkpoints", first="status = 'paused', finished")
    if found := connection.execute(query, [now - FRESH]).fetchone():
        checkpoints.remove(connection, *found)
        change = "UPDATE runs SET message = ?, status = 'stopped' WHERE id = ? AND status = 'paused'"
        connection.execute(change, [NO_CHECKPOINT, *found])
        return f"the checkpoint of run {found[0]}"
    for table, what in (("states", "the weights"), ("profiles", "the profiles")):
        found = connection.execute(_OLDEST.format(table=table, first="finished"), [now - FRESH]).fetchone()
        if found:
            connection.execute(f"DELETE FROM {table} WHERE run = ?", found)
            if table == "states":
                connection.execute("UPDATE runs SET message = ? WHERE id = ? AND status = 'done'", [NO_WEIGHTS, *found])
            return f"{what} of run {found[0]}"
    found = connection.execute(f"SELECT id FROM runs WHERE {_OLD} ORDER BY finished LIMIT 1", [now - FRESH]).fetchone()
    if not found:
        return ""
    connection.execute("DELETE FROM runs WHERE id = ?", found)
    return f"run {found[0]}"


def shrink(connection: Connection) -> None:
    """Give pages without content back to the disk; a file of an older version keeps them for what comes."""
    if not connection.execute("PRAGMA freelist_count").fetchone()[0]:
        return  # the usual case needs no write lock
    connection.executescript(f"PRAGMA incremental_vacuum({AT_ONCE})")  # `execute` would give back one page
