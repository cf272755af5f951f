"""The kept weights of a run, one value for each state: how one is named, and how one is read without the others.

No torch: the pages' process uses the names and splits what the first schema kept in one piece.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LAST = -1  # the step of the weights at the end of a run
SAME_TRAINING = "EXISTS (SELECT 1 FROM runs WHERE id = :run AND finished = :finished)"
# In the order of the primary key, so that only the row that is wanted is read.
OF_RUN = "run = :run AND (step = :step OR :step = -1) ORDER BY step DESC LIMIT 1"


@dataclass(frozen=True)
class State:
    """Names the weights of the run that finished then, after `step` steps: what a page asks with, instead of them.

    The engine adds the `path` of its store for the worker, or the `tensors` (safetensors) where that did not help.
    """

    run: str
    finished: float
    step: int = LAST
    path: str = field(default="", compare=False)
    tensors: bytes | None = field(default=None, compare=False, repr=False)


def read(state: State) -> bytes | None:
    """The tensors of that state in the store at its path; None when there is no such store here, or it lacks them."""
    if not state.path:
        return None
    query = f"SELECT tensors FROM states WHERE {SAME_TRAINING} AND {OF_RUN}"
    values = {"run": state.run, "finished": state.finished, "step": state.step}
    try:
        with closing(sqlite3.connect(f"{Path(state.path).absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(query, values).fetchone()
    except sqlite3.Error:  # another machine, which has no such file or somebody else's
        return None
    return row[0] if row and sound(row[0]) else None


def sound(tensors: Any) -> bool:
    """Whether these are safetensors from end to end: a header that can be read, and as many bytes as it says."""
    try:
        size = int.from_bytes(tensors[:8], "little")
        header = json.loads(tensors[8 : 8 + size])
        header.pop("__metadata__", None)
        ends = [entry["data_offsets"][1] for entry in header.values()]
        return bool(max(ends, default=0) == len(tensors) - 8 - size)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def split(tensors: bytes, last: int) -> dict[int, bytes]:
    """By step, what the first schema kept in one piece: names began with ``@100/`` for a kept step, none with the last.

    What cannot be read is left as it is.
    """
    try:
        size = int.from_bytes(tensors[:8], "little")
        header = json.loads(tensors[8 : 8 + size])
        header.pop("__metadata__", None)
        body = memoryview(tensors)[8 + size :]
        return {step: _joined(parts, body) for step, parts in _by_step(header, last).items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {last: tensors}


def _by_step(header: dict[str, Any], last: int) -> dict[int, dict[str, Any]]:
    """The entries of a header by step, in the order in which their bytes lie: the format wants it aligned."""
    found: dict[int, dict[str, Any]] = {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        step, _slash, own = name[1:].partition("/") if name.startswith("@") else (last, "", name)
        found.setdefault(int(step), {})[own] = entry
    return found


def _joined(entries: dict[str, Any], body: memoryview) -> bytes:
    """Safetensors of these tensors alone: length of the header, header, bytes without gaps."""
    header: dict[str, Any] = {}
    pieces: list[memoryview] = []
    end = 0
    for name, entry in entries.items():
        piece = body[slice(*entry["data_offsets"])]
        header[name] = {**entry, "data_offsets": [end, end + len(piece)]}
        pieces.append(piece)
        end += len(piece)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *pieces])
