"""What of a page is rarely chosen otherwise: one popover at the end of its row of controls."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from resnet.i18n import _

_WIDTH = 320  # pixels: on a telephone too


@contextmanager
def popover() -> Iterator[None]:
    """Its widgets are drawn whether it is open or not: what they say is what the page shows."""
    opened = st.popover(_("View"), icon=":material/tune:", help=_("How the picture is drawn."), key="view")
    with opened, st.container(width=_WIDTH):
        yield
