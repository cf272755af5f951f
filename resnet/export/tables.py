"""Curves and layer statistics as tables in long format: one value a row, with its unit. CSV, and Parquet by pyarrow."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from resnet import catalog
from resnet.export.numbers import Numbers

_ABOUT_RUN = {
    "run": "id of the run: a hash of net, recipe and device type",
    "name": "what a visitor calls the run, else the net's name",
    "net": "the net's short name",
    "seed": "of the starting weights and of the order of the images",
    "step": "weight updates so far",
}
# Table -> column -> what it holds; the columns of a file in their order.
COLUMNS: dict[str, dict[str, str]] = {
    "curves": {
        **_ABOUT_RUN,
        "seconds": "training time so far, evaluations included; empty for test images",
        "quantity": "loss, accuracy or learning rate; train: the batch of that step, test: images never trained on",
        "value": "the number itself, in the unit of its row",
        "unit": "nats (cross-entropy with the natural logarithm), share (0-1), or per step",
    },
    "layers": {
        **_ABOUT_RUN,
        "probe": "what was measured in each layer",
        "layer": "place in the order in which the signal passes, from 1",
        "value": "the number itself, in the unit of its row",
        "unit": "of the probe",
    },
}
_UNITS = {"loss": "nats", "accuracy": "share", "lr": "per step"}
_NAMES = {"loss": "train_loss", "accuracy": "train_accuracy", "lr": "learning_rate"}


@dataclass(frozen=True)
class Recorded:
    """A run as a row names it, and its numbers."""

    run: str
    name: str
    net: str
    seed: int
    numbers: Numbers


Columns = dict[str, Any]  # column -> values of a run, or the one value of all its rows


def curves(recorded: Recorded) -> Iterator[Columns]:
    """The rows of `curves` for one run, by quantity."""
    steps, tests = recorded.numbers.steps, recorded.numbers.tests
    for at, name in enumerate(("loss", "accuracy", "lr"), start=1):
        words = {"seconds": steps[:, 4], "quantity": _NAMES[name], "value": steps[:, at], "unit": _UNITS[name]}
        yield _rows("curves", recorded, steps[:, 0].astype(np.int64), words)
    for at, name in enumerate(("loss", "accuracy"), start=1):
        empty = np.full(len(tests), np.nan)
        words = {"seconds": empty, "quantity": f"test_{name}", "value": tests[:, at], "unit": _UNITS[name]}
        yield _rows("curves", recorded, tests[:, 0].astype(np.int64), words)


def layers(recorded: Recorded) -> Iterator[Columns]:
    """The rows of `layers` for one run, by probe."""
    for probe, (steps, values) in recorded.numbers.profiles.items():
        if probe == catalog.CLIPPED:  # of the whole net
            continue
        count, width = values.shape
        words = {
            "probe": probe,
            "layer": np.tile(np.arange(1, width + 1), count),
            "value": values.ravel().astype(np.float64),
            "unit": catalog.PROBES[probe].unit,
        }
        yield _rows("layers", recorded, np.repeat(steps, width), words)


def _rows(table: str, recorded: Recorded, steps: np.ndarray, words: Columns) -> Columns:
    about = {"run": recorded.run, "name": recorded.name, "net": recorded.net, "seed": recorded.seed}
    found = {**about, "step": steps, **words}
    return {name: _column(found[name], len(steps)) for name in COLUMNS[table]}


def _column(value: Any, length: int) -> Any:
    return value if isinstance(value, np.ndarray) else [value] * length


MAKERS = {"curves": curves, "layers": layers}


def csv_text(table: str, runs: Iterable[Recorded]) -> Iterator[str]:
    """The lines of a CSV file in pieces, with a head; numbers such that the same float comes back, NaN as empty."""
    yield ",".join(COLUMNS[table]) + "\r\n"
    for recorded in runs:
        for columns in MAKERS[table](recorded):
            text = io.StringIO(newline="")
            csv.writer(text).writerows(zip(*map(texts, columns.values()), strict=True))
            yield text.getvalue()


def texts(values: Any) -> list[Any]:
    """Plain values; a text that a spreadsheet would take for a formula gets a quotation mark in front."""
    if isinstance(values, np.ndarray):
        return ["" if value != value else value for value in values.tolist()]
    return [f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" and value else value for value in values]


def write_parquet(table: str, runs: Iterable[Recorded], path: Path) -> None:
    """A Parquet file with what each column holds as its ``description``."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {
        "seed": pa.int64(),
        "step": pa.int64(),
        "layer": pa.int64(),
        "seconds": pa.float64(),
        "value": pa.float64(),
    }
    fields = [
        pa.field(name, kinds.get(name, pa.string()), metadata={"description": text})
        for name, text in COLUMNS[table].items()
    ]
    schema = pa.schema(fields)
    with parquet.ParquetWriter(path, schema) as writer:
        for recorded in runs:
            for columns in MAKERS[table](recorded):
                writer.write_table(pa.table(columns, schema=schema))


def documentation() -> str:
    """What the columns of all tables hold, as text."""
    parts = []
    for table, columns in COLUMNS.items():
        lines = [f"  {name}: {text}" for name, text in columns.items()]
        parts.append("\n".join([f"{table}.csv, {table}.parquet", *lines]))
    probes = [f"  {name}: {probe.label}, {probe.unit}" for name, probe in catalog.PROBES.items()]
    return "\n\n".join([*parts, "\n".join(["probes", *probes])]) + "\n"
