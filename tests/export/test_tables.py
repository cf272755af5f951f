"""Tables to take away: every number comes back, each row says its unit, and TensorBoard reads its files."""

import csv
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from resnet import catalog
from resnet.export import tables, tensorboard
from resnet.export.numbers import Numbers
from resnet.export.tables import Recorded

STEPS = np.array([[1, 1 / 3, 0.5, 0.003, 0.1], [2, np.nan, 0.25, 1e-9, 0.7]])
TESTS = np.array([[2, np.inf, 0.75]])
PROFILES = {"gradient_norm": (np.array([1, 2]), np.array([[1, 2, 3], [4, np.nan, 6]], "f4"))}
RUN = Recorded("abc", "=cmd|' /C calc'!A0", "res-8", 3, Numbers(STEPS, TESTS, PROFILES))


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(tables.csv_text(table, [RUN])), newline="")))


def test_csv_of_curves_gives_every_number_back_with_its_unit() -> None:
    found = rows("curves")
    assert list(found[0]) == list(tables.COLUMNS["curves"])
    assert len(found) == 3 * 2 + 2 * 1
    loss = [row for row in found if row["quantity"] == "train_loss"]
    assert [row["value"] for row in loss] == [repr(1 / 3), ""]
    assert {row["unit"] for row in loss} == {"nats"}
    assert [row["seconds"] for row in loss] == ["0.1", "0.7"]
    assert [(row["value"], row["step"]) for row in found if row["quantity"] == "test_loss"] == [("inf", "2")]
    assert {row["seed"] for row in found} == {"3"}


def test_csv_of_layers_goes_through_the_layers_of_each_step() -> None:
    found = [(row["step"], row["layer"], row["value"]) for row in rows("layers")]
    assert found == [
        *(("1", str(layer), f"{layer}.0") for layer in (1, 2, 3)),
        *(("2", "1", "4.0"), ("2", "2", ""), ("2", "3", "6.0")),
    ]
    assert {row["unit"] for row in rows("layers")} == {catalog.PROBES["gradient_norm"].unit}


def test_a_spreadsheet_takes_no_name_for_a_formula() -> None:
    assert {row["name"] for row in rows("curves")} == {"'=cmd|' /C calc'!A0"}


@pytest.mark.parametrize("table", tables.COLUMNS)
def test_parquet_holds_the_same_as_csv_and_says_what_its_columns_are(table: str, tmp_path: Path) -> None:
    tables.write_parquet(table, [RUN], tmp_path / "table.parquet")
    read = parquet.read_table(tmp_path / "table.parquet")
    told = [("" if row["value"] != row["value"] else repr(row["value"])) for row in read.to_pylist()]
    assert told == [row["value"] for row in rows(table)]
    for field in read.schema:
        assert field.metadata[b"description"].decode() == tables.COLUMNS[table][field.name]


def test_every_column_and_probe_is_explained() -> None:
    text = tables.documentation()
    for columns in tables.COLUMNS.values():
        assert all(f"  {name}: " in text for name in columns)
    assert all(f"  {probe}: " in text for probe in catalog.PROBES)


def test_tensorboard_reads_its_event_file(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

    file = tmp_path / "events.out.tfevents.1"
    file.write_bytes(tensorboard.event_file(RUN.numbers, 1_000.0))
    events = list(EventFileLoader(str(file)).Load())
    assert events[0].file_version == "brain.Event:2"
    found = {
        (value.tag, event.step): (value.tensor.float_val[0], event.wall_time)
        for event in events[1:]
        for value in event.summary.value
    }
    assert found["loss/train", 1] == (pytest.approx(1 / 3), pytest.approx(1_000.1))
    assert np.isnan(found["loss/train", 2][0])
    assert found["accuracy/test", 2] == (0.75, pytest.approx(1_000.7))
    assert found["learning rate", 2][0] == pytest.approx(1e-9)


def test_every_record_of_an_event_file_is_whole() -> None:
    content, count = tensorboard.event_file(RUN.numbers, 0.0), 0
    while content:
        (length,) = struct.unpack("<Q", content[:8])
        content, count = content[8 + 4 + length + 4 :], count + 1
    assert count == 1 + len(STEPS) + len(TESTS)


def test_without_tensorboard_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorboard, "find_spec", lambda name: None)
    with pytest.raises(tensorboard.NoTensorBoard, match="need the package tensorboard: pip install"):
        tensorboard.event_file(RUN.numbers, 0.0)
