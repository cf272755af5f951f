"""What a class has put together: one guess of each visitor and lesson, what was revealed, and the runs on its board."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from resnet.runs.store.classes import enter, is_taught, member, require_room, require_teacher
from resnet.runs.store.records import THERE
from resnet.runs.store.store import Store
from resnet.specs.limits import LIMITS

MOST_GUESSES = 5_000  # of a class, of all lessons together


@dataclass(frozen=True)
class ClassRun:
    """A run of the class: who asked for it, their typed names, and when (unix seconds) it was first asked for."""

    run: str
    visitors: frozenset[str]
    names: tuple[str, ...]
    at: float


def guess(store: Store, word: str, lesson: str, visitor: str, option: str) -> None:
    """Keep a guess in the place of that visitor's earlier one; an empty one takes it back.

    Where a teacher has revealed the answer nothing is changed. Raises ClassError when the class is full.
    """
    if closed(store, word, lesson):
        return
    with store._database.writing() as connection:
        own = enter(connection, word, visitor)
        connection.execute("DELETE FROM guesses WHERE class = ? AND lesson = ? AND visitor = ?", [word, lesson, own])
        if option:
            require_room(connection, "guesses", word, MOST_GUESSES)
            row = [word, lesson, own, option, time.time()]
            connection.execute("INSERT INTO guesses VALUES (?, ?, ?, ?, ?)", row)


def own_guess(store: Store, word: str, lesson: str, visitor: str) -> str:
    """What that visitor has guessed; empty without a guess."""
    own = member(store, word, visitor)
    query = "SELECT option FROM guesses WHERE class = ? AND lesson = ? AND visitor = ?"
    with store._database.reading() as connection:
        row = connection.execute(query, [word, lesson, own]).fetchone()
    return str(row[0]) if row else ""


def guesses(store: Store, word: str, lesson: str) -> dict[str, int]:
    """How many visitors have guessed what."""
    query = "SELECT option, count(*) FROM guesses WHERE class = ? AND lesson = ? GROUP BY option"
    with store._database.reading() as connection:
        return dict(connection.execute(query, [word, lesson]).fetchall())


def reveal(store: Store, word: str, lesson: str, visitor: str) -> None:
    """Let the room see the answer. Raises ClassError for others than the teacher."""
    with store._database.writing() as connection:
        require_teacher(connection, word, visitor)
        connection.execute("INSERT OR IGNORE INTO reveals VALUES (?, ?, ?)", [word, lesson, time.time()])


def held(store: Store, word: str, lesson: str) -> bool:
    """Whether a teacher has not revealed the answer yet."""
    with store._database.reading() as connection:
        return is_taught(connection, word) and not _revealed(connection, word, lesson)


def closed(store: Store, word: str, lesson: str) -> bool:
    """Whether a teacher has revealed the answer: no guess changes any more."""
    with store._database.reading() as connection:
        return is_taught(connection, word) and _revealed(connection, word, lesson)


def guesses_version(store: Store, word: str, lesson: str) -> tuple[Any, ...]:
    """Something cheap that changes with every guess, and with the reveal."""
    query = "SELECT count(*), max(at) FROM guesses WHERE class = ? AND lesson = ?"
    with store._database.reading() as connection:
        found = connection.execute(query, [word, lesson]).fetchone()
        return (*found, is_taught(connection, word), _revealed(connection, word, lesson))


def add_runs(store: Store, word: str, runs: Iterable[str], visitor: str) -> None:
    """Put these runs on the board. Raises ClassError when it is full."""
    with store._database.writing() as connection:
        own, now = enter(connection, word, visitor), time.time()
        for run in runs:
            known = [word, run, own]
            query = "SELECT 1 FROM class_runs WHERE class = ? AND run = ? AND visitor = ?"
            if not connection.execute(query, known).fetchone():
                require_room(connection, "class_runs", word, LIMITS.max_class_runs)
                connection.execute("INSERT INTO class_runs VALUES (?, ?, ?, ?)", [*known, now])


def runs(store: Store, word: str) -> list[ClassRun]:
    """The runs of the class that still exist, the oldest first."""
    query = (
        "SELECT run, class_runs.visitor, coalesce(name, ''), class_runs.at FROM class_runs "
        f"JOIN runs ON run = id AND {THERE} "
        "LEFT JOIN class_members ON class_members.class = class_runs.class "
        "AND class_members.visitor = class_runs.visitor WHERE class_runs.class = ? ORDER BY class_runs.at, run"
    )
    rows: dict[str, list[tuple[str, str, float]]] = {}
    with store._database.reading() as connection:
        for run, *rest in connection.execute(query, [word]):
            rows.setdefault(run, []).append((rest[0], rest[1], rest[2]))
    return [_class_run(run, own) for run, own in rows.items()]


def _class_run(run: str, rows: list[tuple[str, str, float]]) -> ClassRun:
    names = dict.fromkeys(name for _visitor, name, _at in rows if name)
    return ClassRun(run, frozenset(visitor for visitor, _name, _at in rows), tuple(names), rows[0][2])


def runs_version(store: Store, word: str) -> tuple[Any, ...]:
    """Something cheap that changes when a run of the class comes, goes, begins or ends, or somebody types a name."""
    query = (
        "SELECT count(*), max(at), max(finished), total(status = 'queued') "
        f"FROM class_runs JOIN runs ON run = id AND {THERE} WHERE class = ?"
    )
    with store._database.reading() as connection:
        found = connection.execute(query, [word]).fetchone()
        names = connection.execute("SELECT max(at), count(*) FROM class_members WHERE class = ?", [word]).fetchone()
    return (*found, *names)


def _revealed(connection: Connection, word: str, lesson: str) -> bool:
    query = "SELECT 1 FROM reveals WHERE class = ? AND lesson = ?"
    return connection.execute(query, [word, lesson]).fetchone() is not None
