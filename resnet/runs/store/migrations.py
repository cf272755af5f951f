"""How a file of runs of an older version is brought to the present one."""

import json
import sqlite3
from collections.abc import Callable

from resnet.runs.store.states import split


def _split_weights(connection: sqlite3.Connection) -> None:
    """Each state of a run becomes a row; one run at a time, so that the file and the memory grow by one run only."""
    runs = connection.execute("SELECT id, recipe FROM runs WHERE id IN (SELECT run FROM weights)").fetchall()
    for run, recipe in runs:
        (tensors,) = connection.execute("SELECT tensors FROM weights WHERE run = ?", [run]).fetchone()
        try:
            states = split(tensors, last=json.loads(recipe)["steps"])
        except (ValueError, LookupError, TypeError):  # a damaged row is no reason to open no file
            states = {}
        connection.executemany("INSERT INTO states VALUES (?, ?, ?)", [(run, *state) for state in states.items()])
        connection.execute("DELETE FROM weights WHERE run = ?", [run])


# MIGRATIONS[n] brings a file from version n to version n + 1; what was released is never edited.
MIGRATIONS: tuple[tuple[str | Callable[[sqlite3.Connection], None], ...], ...] = (
    (
        """CREATE TABLE runs (
            id TEXT PRIMARY KEY, net TEXT NOT NULL, recipe TEXT NOT NULL, device TEXT NOT NULL,
            status TEXT NOT NULL, message TEXT NOT NULL DEFAULT '', message_values TEXT NOT NULL DEFAULT '{}',
            created REAL NOT NULL, started REAL, finished REAL,
            step INTEGER NOT NULL DEFAULT 0, seconds REAL NOT NULL DEFAULT 0,
            owner TEXT NOT NULL, heartbeat REAL NOT NULL, stop_asked INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX runs_by_age ON runs (created)",
        "CREATE INDEX runs_at_work ON runs (heartbeat) WHERE status IN ('queued', 'running')",
        """CREATE TABLE steps (
            run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, step INTEGER NOT NULL,
            loss REAL, accuracy REAL, lr REAL, seconds REAL, PRIMARY KEY (run, step)
        ) WITHOUT ROWID""",
        """CREATE TABLE evaluations (
            run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, step INTEGER NOT NULL,
            loss REAL, accuracy REAL, PRIMARY KEY (run, step)
        ) WITHOUT ROWID""",
        """CREATE TABLE profiles (
            run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, probe TEXT NOT NULL, step INTEGER NOT NULL,
            layers BLOB NOT NULL, PRIMARY KEY (run, probe, step)
        ) WITHOUT ROWID""",
        """CREATE TABLE weights (
            run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE, tensors BLOB NOT NULL
        )""",
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
    (
        # With a rowid: the steps of a run are then read from the index of the key, and no tensor is touched.
        """CREATE TABLE states (
            run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, step INTEGER NOT NULL,
            tensors BLOB NOT NULL, PRIMARY KEY (run, step)
        )""",
        _split_weights,
        "DROP TABLE weights",
    ),
    # What somebody has marked is never removed to make room.
    ("ALTER TABLE runs ADD COLUMN kept INTEGER NOT NULL DEFAULT 0",),
    (
        # What visitors do with runs: a name; when one was deleted, until it is removed for good; and where one that was
        # brought from elsewhere comes from (JSON).
        "ALTER TABLE runs ADD COLUMN label TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE runs ADD COLUMN deleted REAL",
        "ALTER TABLE runs ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
        # Who has asked for a run: its own list of runs, for each visitor.
        """CREATE TABLE asked (
            run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, visitor TEXT NOT NULL, at REAL NOT NULL,
            PRIMARY KEY (visitor, run)
        ) WITHOUT ROWID""",
        "CREATE INDEX asked_of_run ON asked (run)",  # for the cascade
    ),
    (
        # Where a run can go on: the newest checkpoint, and the weights kept so far, which become `states` at its end.
        """CREATE TABLE checkpoints (
            run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE, step INTEGER NOT NULL, tensors BLOB NOT NULL
        )""",
        """CREATE TABLE states_so_far (
            run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, step INTEGER NOT NULL,
            tensors BLOB NOT NULL, PRIMARY KEY (run, step)
        )""",
    ),
    (
        # Classes: `seen` is when something of one was last written; `key` the digest of what makes another browser its
        # teacher's; `slide` what its teacher shows. Visitors are hashes with the salt of the class.
        """CREATE TABLE classes (
            word TEXT PRIMARY KEY, salt TEXT NOT NULL, opened REAL NOT NULL, seen REAL NOT NULL,
            key TEXT NOT NULL DEFAULT '', slide TEXT NOT NULL DEFAULT ''
        ) WITHOUT ROWID""",
        """CREATE TABLE class_members (
            class TEXT NOT NULL REFERENCES classes ON DELETE CASCADE, visitor TEXT NOT NULL,
            name TEXT NOT NULL DEFAULT '', teacher INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
            PRIMARY KEY (class, visitor)
        ) WITHOUT ROWID""",
        # No reference to the run: one that is trained anew is removed and entered again.
        """CREATE TABLE class_runs (
            class TEXT NOT NULL REFERENCES classes ON DELETE CASCADE, run TEXT NOT NULL, visitor TEXT NOT NULL,
            at REAL NOT NULL, PRIMARY KEY (class, run, visitor)
        ) WITHOUT ROWID""",
        """CREATE TABLE guesses (
            class TEXT NOT NULL REFERENCES classes ON DELETE CASCADE, lesson TEXT NOT NULL, visitor TEXT NOT NULL,
            option TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (class, lesson, visitor)
        ) WITHOUT ROWID""",
        """CREATE TABLE reveals (
            class TEXT NOT NULL REFERENCES classes ON DELETE CASCADE, lesson TEXT NOT NULL, at REAL NOT NULL,
            PRIMARY KEY (class, lesson)
        ) WITHOUT ROWID""",
    ),
    (
        # Short links: what the letters stand for (page?query), and when they were last used.
        "CREATE TABLE links (code TEXT PRIMARY KEY, target TEXT NOT NULL, used REAL NOT NULL) WITHOUT ROWID",
    ),
)
