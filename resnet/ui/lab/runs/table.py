"""The table of runs: filters, columns, and which lines are chosen."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from resnet import catalog
from resnet.findings.selection import STATUS_WORDS, recipe_words
from resnet.i18n import _
from resnet.runs.store.listing import Listed
from resnet.ui.parts import widgets

MOST_SHOWN = 1_000  # lines
HEIGHT = 330  # pixels
ALL = "all"
_CHOSEN = "runs chosen"  # ids, in the session
_CHANGES = "runs chosen elsewhere"  # how often that happened
_ROW = 35  # pixels, as Streamlit draws it


@dataclass(frozen=True)
class Filter:
    """What is shown; `text` is looked for in name, net, recipe and id."""

    text: str = ""
    kind: str = ALL
    data: str = ALL
    status: str = ALL

    def takes(self, line: Listed) -> bool:
        """Whether that run is shown."""
        run = line.run
        told = f"{line.label} {run.net} {recipe_words(run.recipe)} {run.recipe} {run.id} {run.device}".lower()
        wanted = ((self.kind, run.net.block), (self.data, run.recipe.data), (self.status, run.status))
        return all(word in (ALL, own) for word, own in wanted) and all(
            word in told for word in self.text.lower().split()
        )


def filters(lines: Sequence[Listed]) -> Filter:
    """The row of widgets above the table."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        text = st.text_input(
            _("Find"),
            key="find",
            bind="query-params",
            width=210,
            max_chars=80,
            placeholder=_("res-56 adam …"),
            help=_("Words that stand in a run's name, net, recipe, device or id."),
        )
        kinds = {ALL: _("All"), **{name: _(block.label) for name, block in catalog.BLOCKS.items()}}
        kind = widgets.choice("kind", _("Nets"), kinds, _("Plain nets, residual nets, or both."))
        names = sorted({line.run.recipe.data for line in lines})
        sets = {ALL: _("All"), **{name: _(catalog.data_choice(name).label) for name in names}}
        data = widgets.menu("set", _("Data set"), sets, _("Only runs on these images."), width=132)
        states = {ALL: _("All"), **{name: _(text) for name, text in STATUS_WORDS.items()}}
        status = widgets.menu("state", _("State"), states, _("Only runs that stand so."), width=130)
    return Filter(text or "", kind, data, status)


def show(lines: Sequence[Listed]) -> list[Listed]:
    """The table; returns the lines that are chosen in it."""
    ids = [line.run.id for line in lines]
    kept = [run for run in st.session_state.get(_CHOSEN, ()) if run in ids]
    digest = hashlib.blake2b(" ".join(ids).encode(), digest_size=8).hexdigest()
    # Rows are told by their place: other rows are another table, and so is one in which others are chosen from outside.
    key = f"runs-{digest}-{st.session_state.get(_CHANGES, 0)}"
    st.dataframe(
        _columns(lines),
        column_config=_described(),
        column_order=_worth_a_look(lines),
        hide_index=True,
        height=min(HEIGHT, _ROW * (len(lines) + 1) + 3),
        key=key,
        on_select=partial(_choose, key, ids),
        placeholder="",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [ids.index(run) for run in kept], "columns": [], "cells": []}},
    )
    return [lines[ids.index(run)] for run in st.session_state.get(_CHOSEN, ()) if run in ids]


def _choose(key: str, ids: Sequence[str]) -> None:
    rows = st.session_state[key].selection.rows
    st.session_state[_CHOSEN] = tuple(ids[row] for row in rows if row < len(ids))


def choose(runs: Sequence[str]) -> None:
    """Choose these runs; for what happens outside of the table."""
    st.session_state[_CHOSEN] = tuple(runs)
    st.session_state[_CHANGES] = st.session_state.get(_CHANGES, 0) + 1


def _columns(lines: Sequence[Listed]) -> dict[str, list[Any]]:
    zone = _zone()
    return {
        "name": [line.label for line in lines],
        "net": [str(line.run.net) for line in lines],
        "recipe": [recipe_words(line.run.recipe) or _("default") for line in lines],
        "seed": [line.run.recipe.seed for line in lines],
        "status": [_status(line) for line in lines],
        "loss": [line.loss for line in lines],
        "error": [None if line.error is None else 100 * line.error for line in lines],
        "seconds": [line.run.seconds for line in lines],
        "device": [line.run.device for line in lines],
        "when": [datetime.fromtimestamp(line.run.created, zone).replace(tzinfo=None) for line in lines],
        "size": [line.size / 1e6 for line in lines],
        "kept": [line.kept for line in lines],
    }


def _status(line: Listed) -> str:
    text = _(STATUS_WORDS[line.run.status])
    return _("{status}, brought here", status=text) if line.origin else text


def _worth_a_look(lines: Sequence[Listed]) -> list[str]:
    """The columns in their order, without those that would be empty or say the same in each line."""
    dull = {
        "name": not any(line.label for line in lines),
        "device": len({line.run.device for line in lines}) < 2,
        "kept": not any(line.kept for line in lines),
    }
    return [name for name in _described() if not dull.get(name)]


def _described() -> dict[str, Any]:
    """The head of each column, in the order of the table; 880 pixels is what the page has beside the side bar."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    lower = _("lower is better")
    loss = _("Mean training loss of the last steps in nats; {lower}.", lower=lower)
    error = _("Wrong answers on test images; {lower}.", lower=lower)
    when = _("When it was asked for.")
    return {
        "name": text(_("Name"), help=_("What somebody has called the run."), width=85),
        "net": text(_("Net"), help=_("Kind, depth, and what differs from the default."), width=105),
        "recipe": text(_("Recipe"), help=_("What differs from the default recipe."), width=132),
        "seed": number(_("Seed"), help=_("Of weights and order of images."), width=52, format="%d"),
        "status": text(_("State"), help=_("How the run stands."), width=70),
        "loss": number(_("Loss"), help=loss, format="%.3f", width=60),
        "error": number(_("Error, %"), help=error, format="%.1f", width=70),
        "seconds": number(_("Time, s"), help=_("Training time."), format="%.0f", width=64),
        "device": text(_("Device"), help=_("What trained the run."), width=58),
        "when": st.column_config.DatetimeColumn(_("When"), help=when, format="D MMM HH:mm", width=100),
        "size": number(_("MB"), help=_("Room of curves, profiles and weights."), format="%.1f", width=48),
        "kept": st.column_config.CheckboxColumn(
            _("Kept"), help=_("Never removed to make room; everybody sees it."), width=52
        ),
    }


def _zone() -> tzinfo:
    """The visitor's time zone."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (KeyError, ValueError, OSError):  # none that this server knows
        return UTC
