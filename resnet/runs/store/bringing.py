"""Whole runs out of the store, for a file that another machine reads; and into it, all of a file or nothing."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Any

import numpy as np

from resnet import catalog
from resnet.export.archive import Brought, Reader
from resnet.export.manifest import RunRecord
from resnet.export.numbers import Numbers
from resnet.runs.store.listing import Listed
from resnet.runs.store.store import Store

_COLUMNS = {
    "runs": "id, net, recipe, device, status, message, created, started, finished, step, seconds, owner, heartbeat, "
    "label, origin",
    "steps": "run, step, loss, accuracy, lr, seconds",
    "evaluations": "run, step, loss, accuracy",
    "profiles": "run, probe, step, layers",
    "states": "run, step, tensors",
}
OWNER = "imported"  # no engine has this name: nobody else changes such a run


def numbers(store: Store, run: str) -> Numbers:
    """Everything that a run recorded, but its weights."""
    curves = store.curves(run)
    steps = np.stack([curves.step, curves.loss, curves.accuracy, curves.lr, curves.seconds], axis=1)
    tests = np.stack([curves.test_step, curves.test_loss, curves.test_accuracy], axis=1)
    found = {probe: store.profiles(run, probe) for probe in (*catalog.PROBES, catalog.CLIPPED)}
    return Numbers(steps, tests, {probe: own for probe, own in found.items() if len(own[0])})


def states(store: Store, run: str, last_only: bool = False) -> Iterator[tuple[int, bytes]]:
    """The kept weights by step, or those of the last one."""
    kept = store.kept_steps(run)
    for step in kept[-1:] if last_only else kept:
        if content := store.state(run, step):
            yield step, content


def words(line: Listed) -> dict[str, Any]:
    """The fields of a `RunRecord` for a run that has ended, but for its files."""
    run = line.run
    fields = {name: getattr(run, name) for name in ("id", "device", "status", "created", "started", "step", "seconds")}
    specs = {"net": json.loads(run.net.to_json()), "recipe": json.loads(run.recipe.to_json())}
    finished = run.created if run.finished is None else run.finished
    return {**fields, **specs, "label": line.label, "message": run.sentence[:400], "finished": finished}


@dataclass
class Result:
    """What came of a file: ids of runs that are new here, of those that were here already and stay as they are, and of
    those that stay out because their pictures are not here.
    """

    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def bring(store: Store, reader: Reader) -> Result:
    """Put the runs of a file into the store, in one transaction. Raises ArchiveError; then nothing was changed."""
    reader.require_sound()  # before the file is locked for others
    result, origin = (
        Result(absent=reader.absent()),
        {"app": reader.manifest.app, "made": reader.manifest.made, "brought": time.time()},
    )
    with store._database.writing() as connection:
        for brought in reader.runs():
            run = brought.record.id
            if connection.execute("SELECT 1 FROM runs WHERE id = ? AND deleted IS NULL", [run]).fetchone():
                result.known.append(run)
                continue
            connection.execute("DELETE FROM runs WHERE id = ?", [run])  # one that was deleted a moment ago
            _insert(connection, brought, origin)
            result.new.append(run)
    return result


def _insert(connection: Connection, brought: Brought, origin: dict[str, Any]) -> None:
    record = brought.record
    values = [
        *(record.id, brought.net.to_json(), brought.recipe.to_json(), record.device, record.status),
        *(_harmless(record.message), record.created, record.started, record.finished, record.step, record.seconds),
        *(OWNER, 0.0, "".join(sign for sign in record.label if sign.isprintable()), json.dumps(origin)),
    ]
    _many(connection, "runs", [values])
    for table, rows in (("steps", brought.numbers.steps), ("evaluations", brought.numbers.tests)):
        _many(connection, table, [(record.id, int(row[0]), *row[1:]) for row in rows.tolist()])
    _many(connection, "profiles", _profiles(record, brought.numbers))
    for step, content in brought.states():
        _many(connection, "states", [(record.id, step, content)])


def _many(connection: Connection, table: str, rows: Iterable[Any]) -> None:
    columns = _COLUMNS[table]
    places = ", ".join("?" * (columns.count(",") + 1))
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _profiles(record: RunRecord, numbers: Numbers) -> Iterator[tuple[str, str, int, bytes]]:
    for probe, (steps, values) in numbers.profiles.items():
        for step, layers in zip(steps.tolist(), values.astype("<f4"), strict=True):
            yield record.id, probe, step, layers.tobytes()


def _harmless(message: str) -> str:
    """A sentence from outside: one line, and nothing in it is a place that is filled in."""
    return "".join(sign for sign in message if sign.isprintable() and sign not in "{}")
