"""Maps and their methods, as several pages offer and scale them."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from resnet import catalog
from resnet.charts.grid import Cell, Column, Picture
from resnet.charts.pictures import common_scale
from resnet.datasets import Dataset
from resnet.findings import maps as findings
from resnet.i18n import _
from resnet.specs import NetSpec
from resnet.ui.parts import images


def method_labels(nets: Sequence[NetSpec]) -> dict[str, str]:
    """The methods for a menu; those that say nothing about some net on the bench name it."""
    return {
        method: findings.method_label(method, [str(net) for net in nets if refusal(method, net)])
        for method in catalog.METHODS
    }


def choose_methods(key: str, default: Sequence[str], text: str, nets: Sequence[NetSpec]) -> list[str]:
    """Several methods, kept in the session."""
    labels = method_labels(nets)
    chosen = st.multiselect(
        _("Methods"), list(labels), list(default), format_func=labels.__getitem__, key=key, persist_state="session",
        width=470, help=text,
    )  # fmt: skip
    return list(chosen) or list(default)[:1]


def refusal(method: str, net: NetSpec) -> str:
    """Why a method says nothing about a net; empty when it does."""
    return findings.refusal(method, [choice.name for choice in net.choices])


def method_rows(data: Dataset, number: int, methods: Sequence[str]) -> list[Picture]:
    """The one image, once for every method, named by the method."""
    (picture,) = images.pictures(data, [number])
    return [replace(picture, name=_(catalog.METHODS[method].label)) for method in methods]


def scales(columns: Sequence[Column], own: bool, each_row: bool = False) -> list[list[float]]:
    """For each column and row the value of the full colour: one for all, one for `each_row`, or each map's `own`.

    A common scale follows the columns that set it: one untrained deep net would whiten the maps of all others.
    """
    rows = range(len(columns[0].cells))
    if own:
        return [[common_scale([cell.heatmap]) for cell in one.cells] for one in columns]
    leading = [one for one in columns if one.sets_scale] or columns
    if each_row:  # another method has another unit
        return [[common_scale([one.cells[row].heatmap for one in leading]) for row in rows] for _one in columns]
    common = common_scale([cell.heatmap for one in leading for cell in one.cells])
    return [[common for _row in rows] for _one in columns]


def marked(columns: Sequence[Column], scales: Sequence[Sequence[float]]) -> list[Column]:
    """The columns, with a line below every map that goes far beyond the full colour."""
    return [
        replace(
            one,
            cells=[
                replace(cell, lines=(*cell.lines, beyond)) if (beyond := _beyond(cell, scale)) else cell
                for cell, scale in zip(one.cells, own, strict=True)
            ],
        )
        for one, own in zip(columns, scales, strict=True)
    ]


def _beyond(cell: Cell, scale: float) -> str:
    return findings.above(common_scale([cell.heatmap]), scale)
