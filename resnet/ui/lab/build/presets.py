"""Nets with a name: one click puts one on the bench."""

from itertools import groupby

import streamlit as st

from resnet import catalog
from resnet.findings.options import about
from resnet.i18n import _
from resnet.specs import NetSpec, SpecError
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.ui.bench import session


def buttons() -> None:
    """A row of nets for each source; those beyond this host's limits are left out."""
    full = len(session.current().entries) >= LIMITS.max_nets
    st.caption(
        _("The bench is full: remove a net first.")
        if full
        else _("One click puts the net on the bench; its name works in a link too, as in nets=resnet-50.")
    )
    for group, records in groupby(_possible(), key=lambda record: record.group):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption(_(group), width=150)
            for record in records:
                _button(record, full)


def _button(record: catalog.Preset, full: bool) -> None:
    st.button(
        _(record.label),
        key=f"preset-{record.name}",
        disabled=full,
        help=about(record),
        on_click=_add,
        args=(record.net,),
    )


def _add(name: str) -> None:
    session.change(lambda bench: Bench.add(bench, Entry(net=NetSpec.parse(name))))


def _possible() -> list[catalog.Preset]:
    return [record for record in catalog.PRESETS.values() if _fits(record.net)]


def _fits(name: str) -> bool:
    try:
        NetSpec.parse(name)
    except SpecError:
        return False
    return True
