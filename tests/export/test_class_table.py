"""The file of a class: a row for each run, no formula and no number that is none."""

import csv
import math

from resnet.export.class_table import Row, csv_text


def test_a_row_is_read_as_it_was_written_and_what_is_no_number_is_empty() -> None:
    rows = [
        Row("a", "res-8", "residual", 8, "steps=40", 3, "done", 0.25, 12.5, 9.0, "cpu", "Ann, Bob"),
        Row("b", "plain-8", "plain", 8, "", 0, "diverged", math.nan, math.nan, 1.0, "cpu", ""),
    ]
    first, second = csv.DictReader(csv_text(rows).splitlines())
    assert (first["net"], first["seed"], first["loss_nats"], first["names"]) == ("res-8", "3", "0.25", "Ann, Bob")
    assert (second["loss_nats"], second["test_error_percent"], second["state"]) == ("", "", "diverged")


def test_a_name_that_a_spreadsheet_would_take_for_a_formula_is_text() -> None:
    row = Row("a", "res-8", "residual", 8, "", 3, "done", -0.25, 12.5, 9.0, "cpu", "=1+1")
    (read,) = csv.DictReader(csv_text([row]).splitlines())
    assert (read["names"], read["loss_nats"]) == ("'=1+1", "-0.25")
