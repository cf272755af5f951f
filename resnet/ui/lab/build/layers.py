"""The layer table: one net, or two side by side."""

import io
from collections.abc import Sequence
from csv import writer as csv_writer
from typing import Any

import streamlit as st

from resnet.findings.layers import sums_sentence
from resnet.i18n import _
from resnet.nets.layers import Layer, layer_table
from resnet.specs.bench import Bench, Entry
from resnet.ui.lab.build.counts import Counted
from resnet.ui.parts import widgets


def choose(bench: Bench) -> tuple[int, int]:
    """The places on the bench of the net whose layers are listed, and of the one beside it; -1 for none."""
    names = dict(enumerate(bench.names))
    first = widgets.pick("layers-of", _("Net"), names, _("The net whose layers are listed."), width=200)
    about = _("A second net, aligned by stage and block; rows that differ are marked.")
    return first, widgets.pick("layers-beside", _("Beside it"), {-1: _("No other"), **names}, about, width=200)


def show(bench: Bench, chosen: tuple[int, int], counted: Counted) -> None:
    """The layers of one net, or two side by side, and what they add up to; the table can be saved."""
    first, beside = chosen
    rows = _rows(bench.entries[first], counted)
    shown = columns(rows, bench.recipe.batch)
    if beside >= 0:
        other = _rows(bench.entries[beside], counted)
        shown = side_by_side(rows, other, (bench.names[first], bench.names[beside]))
    st.dataframe(shown, hide_index=True, height=300)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.caption(sums(rows, bench.recipe.batch))
        _save(shown, f"layers-{bench.entries[first].net}.csv")


def _save(shown: dict[str, list[Any]], file: str) -> None:
    st.download_button(
        _("CSV"),
        lambda: csv(shown),
        file,
        "text/csv",
        key="layers-csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=_("The table as comma-separated values."),
    )


def _rows(entry: Entry, counted: Counted) -> list[Layer]:
    channels, classes, size = counted
    return layer_table(entry.net, channels, classes, size)


def columns(rows: Sequence[Layer], batch: int) -> dict[str, list[Any]]:
    """The layer table by column."""
    convs = [row if row.operation in ("conv", "pool") else None for row in rows]
    return {
        _("stage"): [row.stage for row in rows],
        _("block"): [str(row.block or "") for row in rows],
        _("layer"): [_rest(row) for row in rows],
        _("operation"): [row.label for row in rows],
        _("output, C × H × W"): [_shape(row) for row in rows],
        _("kernel"): [f"{row.kernel}×{row.kernel}" if row else "" for row in convs],
        _("stride"): [str(row.stride) if row else "" for row in convs],
        _("parameters"): [row.parameters for row in rows],
        _("multiply-adds"): [row.multiply_adds for row in rows],
        _("receptive field, px"): [row.receptive_field for row in rows],
        _("output, MB at batch {batch}", batch=batch): [round(_megabytes(row, batch), 3) for row in rows],
    }


def side_by_side(rows: Sequence[Layer], others: Sequence[Layer], names: tuple[str, str]) -> dict[str, list[Any]]:
    """Two layer tables aligned by the layers' names; ≠ marks the rows that differ."""
    pairs = aligned(rows, others)
    either = [one or other for one, other in pairs]
    told: dict[str, list[Any]] = {
        _("differs"): ["" if one and other and _facts(one) == _facts(other) else "≠" for one, other in pairs],
        _("layer"): [row.name for row in either if row],
    }
    for place, name in enumerate(names):
        side = [pair[place] for pair in pairs]
        name = name if names[0] != names[1] else f"{name} ({place + 1})"
        told[_("{net}: operation", net=name)] = [row.label if row else "" for row in side]
        told[_("{net}: output", net=name)] = [_shape(row) if row else "" for row in side]
        told[_("{net}: parameters", net=name)] = [f"{row.parameters:,}" if row else "" for row in side]
        told[_("{net}: multiply-adds", net=name)] = [f"{row.multiply_adds:,}" if row else "" for row in side]
    return told


def aligned(rows: Sequence[Layer], others: Sequence[Layer]) -> list[tuple[Layer | None, Layer | None]]:
    """Rows of the same name beside each other, in the order of stages and blocks."""
    one, other = ({row.name: row for row in side} for side in (rows, others))
    place = {row.name: at for side in (others, rows) for at, row in enumerate(side)}
    order = sorted(
        [*rows, *(row for row in others if row.name not in one)],
        key=lambda row: (_STEM_AND_HEAD.get(row.stage) or int(row.stage[5:]), row.block, _part(row), place[row.name]),
    )
    return [(one.get(row.name), other.get(row.name)) for row in order]


_STEM_AND_HEAD = {"stem": -1, "head": 99}  # before and behind the numbered stages
_PARTS = (".branch.", ".gate", ".shortcut", ".add", ".after.")


def _part(row: Layer) -> int:
    """Branch, shortcut, addition, what follows it."""
    return next((at for at, part in enumerate(_PARTS) if part in row.name), 0)


def csv(columns: dict[str, list[Any]]) -> str:
    """The columns as comma-separated values with a line of titles."""
    text = io.StringIO()
    writer = csv_writer(text)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def sums(rows: Sequence[Layer], batch: int) -> str:
    """What the layers of one net add up to."""
    megabytes = sum(_megabytes(row, batch) for row in rows)
    return sums_sentence(sum(row.parameters for row in rows), sum(row.multiply_adds for row in rows), megabytes, batch)


def _rest(row: Layer) -> str:
    """The name without what the columns stage and block say."""
    return row.name.split(".", 2)[2] if row.block else row.name.split(".", 1)[1]


def _shape(row: Layer) -> str:
    return " × ".join(map(str, row.shape))


def _megabytes(row: Layer, batch: int) -> float:
    return row.size * batch * 4 / 1e6


def _facts(row: Layer) -> tuple[object, ...]:
    return row.operation, row.shape, row.kernel, row.stride, row.parameters
