"""All runs of a class as one table: a row for each, with a name only where somebody typed one."""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Any

from resnet.export.tables import texts


@dataclass(frozen=True)
class Row:
    """`loss` in nats (mean of the last training steps), `error` in percent of the test images; NaN is left empty."""

    run: str
    net: str
    kind: str
    depth: int
    recipe: str
    seed: int
    state: str
    loss_nats: float
    test_error_percent: float
    training_seconds: float
    device: str
    names: str


def csv_text(rows: Iterable[Row]) -> str:
    """The rows below their head."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(field.name for field in fields(Row))
    writer.writerows(texts([_plain(value) for value in astuple(row)]) for row in rows)
    return file.getvalue()


def _plain(value: Any) -> Any:
    return "" if isinstance(value, float) and not math.isfinite(value) else value
