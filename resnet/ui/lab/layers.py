"""The layer table of the Build page: one net, or two side by side."""

import streamlit as st

from resnet.i18n import _
from resnet.nets.layers import Layer, layer_table
from resnet.specs.bench import Bench, Entry
from resnet.ui.lab import build
from resnet.ui.lab.build import Counted
from resnet.ui.parts import widgets


def section(table: Bench, counted: Counted) -> Entry:
    """Choose one net or two, see their layers and save them; returns the first."""
    names = dict(enumerate(table.names))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        first = widgets.pick("layers-of", _("Net"), names, _("The net whose layers are listed."))
        beside = widgets.pick(
            "layers-beside",
            _("Beside it"),
            {-1: _("No other"), **names},
            _("A second net, aligned by stage and block; rows that differ are marked."),
        )
        place = st.empty()
    rows = _rows(table.entries[first], counted)
    if beside >= 0:
        other = _rows(table.entries[beside], counted)
        columns = build.side_by_side(rows, other, (names[first], names[beside]))
    else:
        columns = build.columns(rows, table.recipe.batch)
    st.dataframe(columns, hide_index=True, height=300)
    st.caption(build.sums(rows, table.recipe.batch))
    place.download_button(
        _("CSV"),
        lambda: build.csv(columns),
        f"layers-{table.entries[first].net}.csv",
        "text/csv",
        key="layers-csv",
        icon=":material/download:",
        on_click="ignore",
        help=_("The table as comma-separated values."),
    )
    return table.entries[first]


def _rows(entry: Entry, counted: Counted) -> list[Layer]:
    channels, classes, size = counted
    return layer_table(entry.net, channels, classes, size)
