"""What is said of an option: its formula and its source go with it, wherever it is explained."""

import pytest

from resnet import catalog
from resnet.findings.options import about

RECORDS = [
    record
    for options in (
        catalog.BLOCKS, catalog.BRANCHES, catalog.SHORTCUTS, catalog.ORDERS, catalog.NORMS, catalog.ACTIVATIONS,
        catalog.INITS, catalog.SWITCHES, catalog.PROBES, catalog.METHODS, catalog.SCORES, catalog.OPTIMIZERS,
        catalog.SCHEDULES, catalog.PRESETS,
    )
    for record in options.values()
]  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: f"{type(record).__name__}-{record.name}")
def test_formula_and_source_are_told(record: catalog.Choice) -> None:
    text = about(record)
    assert text.startswith(f"**{record.label}**: {record.help}")
    assert f"${record.formula}$" in text or not record.formula
    assert f"({record.source})" in text or not record.source


def test_what_an_option_does_not_have_leaves_nothing_behind() -> None:
    assert about(catalog.Choice("x", "X", "Does nothing.")) == "**X**: Does nothing."
