"""The list of all runs: who asked for which, its name, whether it is kept, how it ended, how much room it takes.

A visitor's list holds the runs that this visitor asked for, those on the bench and those that are kept; a host's holds
all. A deleted run is hidden at once and removed `UNDO` seconds later; until then it can come back.
"""

import json
import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Any
from weakref import WeakKeyDictionary

from resnet.errors import UserError
from resnet.findings.learning import WINDOW
from resnet.i18n import _
from resnet.runs.store import quota
from resnet.runs.store.recordings import Recordings
from resnet.runs.store.records import RUN_COLUMNS, THERE, Run
from resnet.runs.store.store import AT_WORK, Store
from resnet.specs import short

UNDO = 600.0  # seconds
MOST_LETTERS = 40  # of a run's name
PIECES = 10  # deleted runs that are removed at a time
_VERSION = "id, created, finished, status, step, message, label, kept, origin"
# The loss is the mean of the last WINDOW steps that have one, as everywhere; sizes are of what is stored, without
# SQLite's own pages: 50 bytes stand for the numbers of a step.
_FINITE = f"SELECT loss FROM steps WHERE run = runs.id AND abs(loss) < 1e300 ORDER BY step DESC LIMIT {WINDOW}"
_SUMMARY = f"""
    (SELECT avg(loss) FROM ({_FINITE})),
    (SELECT accuracy FROM evaluations WHERE run = runs.id ORDER BY step DESC LIMIT 1),
    (SELECT total(length(tensors)) FROM states WHERE run = runs.id)
      + (SELECT total(length(tensors)) FROM states_so_far WHERE run = runs.id)
      + (SELECT total(length(tensors)) FROM checkpoints WHERE run = runs.id)
      + (SELECT total(length(layers)) FROM profiles WHERE run = runs.id)
      + (SELECT 50 * count(*) FROM steps WHERE run = runs.id)
"""


class NoSuchRun(UserError, LookupError):
    """No run, or no single one, is meant by a word."""


@dataclass(frozen=True)
class Listed:
    """A line of the list; `loss` in nats (mean of the last steps), `error` a share of the test images; None if unknown.

    `size` in bytes; `origin` says where a run comes from that was trained elsewhere.
    """

    run: Run
    label: str
    kept: bool
    origin: Mapping[str, Any] = field(compare=False)
    loss: float | None
    error: float | None
    size: int

    @property
    def name(self) -> str:
        """What a visitor calls it, else the net's name."""
        return self.label or str(self.run.net)


_known: "WeakKeyDictionary[Store, dict[str, tuple[Any, Listed | None]]]" = WeakKeyDictionary()


def listed(store: Store, visitor: str | None = None, also: Collection[str] = ()) -> list[Listed]:
    """The runs of that visitor's list (None: all), newest first; `also` are shown in any case."""
    known = _known.setdefault(store, {})
    where, values = _visible(visitor, also)
    with store._database.reading() as connection:
        rows = connection.execute(f"SELECT {_VERSION} FROM runs WHERE {where}", values).fetchall()
        new = [row[0] for row in rows if known.get(row[0], (None,))[0] != row[1:]]
        found = {line[0]: line for line in _lines(connection, new)}
    for row in rows:
        if row[0] in found:
            known[row[0]] = row[1:], _listed(found[row[0]])
    lines = [known[row[0]][1] for row in rows if row[0] in known]
    return sorted((line for line in lines if line), key=lambda line: -line.run.created)


def recorded(recordings: Recordings) -> list[Listed]:
    """The runs that come with the app, file by file; `origin` names the experiment of the file."""
    return [_recorded(recordings, file, run) for file, runs in recordings.every().items() for run in runs]


def _recorded(recordings: Recordings, file: str, run: Run) -> Listed:
    result = recordings.curves(run.id).result(run.recipe)
    loss, error = (value if math.isfinite(value) else None for value in (result.last, 1 - result.test))
    return Listed(run, "", False, {"experiment": file}, loss, error, recordings.size(run.id))


def version(store: Store, visitor: str | None = None, also: Collection[str] = ()) -> tuple[Any, ...]:
    """Something that changes when a run of the list comes, goes, begins, ends, or gets another name."""
    where, values = _visible(visitor, also)
    marks = "count(*), max(created), max(finished), total(kept), total(status = 'running'), max(label), total(step > 0)"
    with store._database.reading() as connection:
        found = connection.execute(f"SELECT {marks} FROM runs WHERE {where}", values).fetchone()
    return tuple(found)


def one(store: Store, run: str) -> Listed | None:
    """The line of one run; None for a run that does not exist."""
    with store._database.reading() as connection:
        rows = _lines(connection, [run])
    return _listed(rows[0]) if rows else None


def ask(store: Store, runs: Iterable[str], visitor: str) -> None:
    """Put these runs on the visitor's list."""
    rows = [(visitor, time.time(), run) for run in runs]
    with store._database.writing() as connection:
        connection.executemany(
            "INSERT OR IGNORE INTO asked (visitor, at, run) SELECT ?, ?, id FROM runs WHERE id = ?", rows
        )


def rename(store: Store, run: str, label: str) -> None:
    """Give a run a name; an empty one takes it away. Raises NoSuchRun for a name that cannot be used."""
    label = checked_label(label)
    with store._database.writing() as connection:
        connection.execute("UPDATE runs SET label = ? WHERE id = ?", [label, run])


def checked_label(label: str) -> str:
    """The name without blanks around it. Raises NoSuchRun for one that is too long or not printable."""
    label = label.strip()
    if len(label) > MOST_LETTERS:
        raise NoSuchRun(
            _("a run's name has at most {most} characters; got {count}", most=MOST_LETTERS, count=len(label))
        )
    if not label.isprintable():
        raise NoSuchRun(_("a run's name must be printable text; got a control character"))
    return label


def keep(store: Store, runs: Iterable[str], kept: bool) -> None:
    """Never remove these runs to make room, and show them to everybody; or let go of them again."""
    with store._database.writing() as connection:
        connection.executemany("UPDATE runs SET kept = ? WHERE id = ?", [(int(kept), run) for run in runs])


@dataclass(frozen=True)
class Deleted:
    """What `delete` did, for `undo`: runs hidden `at` that time, and those only taken off the visitor's own list."""

    at: float
    hidden: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    visitor: str = ""

    @property
    def count(self) -> int:
        return len(self.hidden) + len(self.left)


def delete(store: Store, runs: Sequence[str], visitor: str | None = None) -> Deleted:
    """Hide ended runs that a visitor asked for (None: any); one that others asked for too stays on their lists.

    A run at work, and one that is not the visitor's, is left as it is.
    """
    now, hidden, left = time.time(), [], []
    with store._database.writing() as connection:
        for run in runs:
            if visitor is not None and not _asked(connection, run, "visitor = ?", visitor):
                continue
            if visitor is not None and _asked(connection, run, "visitor <> ?", visitor):
                connection.execute("DELETE FROM asked WHERE run = ? AND visitor = ?", [run, visitor])
                left.append(run)
            elif _hide(connection, run, now):
                hidden.append(run)
    return Deleted(now, tuple(hidden), tuple(left), visitor or "")


def _hide(connection: Connection, run: str, now: float) -> bool:
    query = f"UPDATE runs SET deleted = ? WHERE id = ? AND {THERE} AND NOT {AT_WORK}"
    return connection.execute(query, [now, run]).rowcount > 0


def undo(store: Store, deleted: Deleted) -> None:
    """Bring back what can be brought back; a run that was trained anew in the meantime stays as it is."""
    with store._database.writing() as connection:
        connection.executemany(
            "UPDATE runs SET deleted = NULL WHERE id = ? AND deleted = ?", [(run, deleted.at) for run in deleted.hidden]
        )
    if deleted.visitor:
        ask(store, deleted.left, deleted.visitor)


def purge(store: Store, now: float | None = None) -> int:
    """Remove for good some runs that were deleted `UNDO` seconds ago; how many."""
    before = (time.time() if now is None else now) - UNDO
    with store._database.reading() as connection:
        query = "SELECT id, deleted FROM runs WHERE deleted < ? LIMIT ?"
        found = connection.execute(query, [before, PIECES]).fetchall()
    for run in found:  # one transaction for each: nobody waits long for the file
        with store._database.writing() as connection:
            connection.execute("DELETE FROM runs WHERE id = ? AND deleted = ?", run)
    return len(found)


def used(store: Store) -> int:
    """Bytes of the file that hold something."""
    with store._database.reading() as connection:
        return quota.used(connection)


def find(store: Store, words: Iterable[str]) -> list[Listed]:
    """The runs that ids, beginnings of ids, or names stand for. Raises NoSuchRun."""
    lines = listed(store)
    found = [_meant(word, lines) for word in words]
    return list({line.run.id: line for line in found}.values())


def _meant(word: str, lines: Sequence[Listed]) -> Listed:
    whole = [line for line in lines if word == line.run.id]
    named = [line for line in lines if word in (line.label, str(line.run.net))]
    begun = [line for line in lines if len(word) > 2 and line.run.id.startswith(word)]
    meant = next((found for found in (whole, named, begun) if found), [])
    if not meant:
        raise NoSuchRun(_("there is no run “{word}”; `resnet runs` lists them", word=short(word)))
    if len(meant) > 1:
        ids = ", ".join(line.run.id for line in meant[:4])
        places = {"word": short(word), "count": len(meant), "ids": ids}
        raise NoSuchRun(_("“{word}” stands for {count} runs; name one by its id, such as {ids}", **places))
    return meant[0]


def _visible(visitor: str | None, also: Collection[str]) -> tuple[str, list[Any]]:
    """A condition, and what it is filled with."""
    if visitor is None:
        return THERE, []
    places = ", ".join("?" * len(also))
    mine = f"id IN (SELECT run FROM asked WHERE visitor = ?) OR kept OR id IN ({places})"
    return f"{THERE} AND ({mine})", [visitor, *also]


def _asked(connection: Connection, run: str, whom: str, visitor: str) -> bool:
    query = f"SELECT 1 FROM asked WHERE run = ? AND {whom} LIMIT 1"
    return connection.execute(query, [run, visitor]).fetchone() is not None


def _lines(connection: Connection, runs: Sequence[str]) -> list[tuple[Any, ...]]:
    query = f"SELECT {RUN_COLUMNS}, label, kept, origin, {_SUMMARY} FROM runs WHERE id = ? AND {THERE}"
    found = (connection.execute(query, [run]).fetchone() for run in runs)
    return [row for row in found if row]


def _listed(row: Sequence[Any]) -> Listed | None:
    """None for a row of which nobody can say which run it was."""
    columns, (label, kept, origin, loss, accuracy, size) = row[:-6], row[-6:]
    run = Run.from_row(columns)
    if run is None:
        return None
    error = 1 - accuracy if isinstance(accuracy, float) else None
    last = loss if isinstance(loss, float) else None
    return Listed(run, str(label), bool(kept), _origin(origin), last, error, int(size))


def _origin(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
