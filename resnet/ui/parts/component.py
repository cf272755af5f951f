"""Components of our own: a script of assets/ui, in the page's own document, so that they hear each other."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from resnet.ui.app import server

RANGE = (server.ASSETS / "ui" / "range.css").read_text(encoding="utf-8")  # the style of sliders of our own


def component(name: str, html: str = "", css: str = "") -> Callable[..., Any]:
    """The component of ``assets/ui/<name>.js``; call it once, and what it returns for each place."""
    script = (server.ASSETS / "ui" / f"{name}.js").read_text(encoding="utf-8")
    return st.components.v2.component(f"resnet_{name}", html=html, css=css, js=script, isolate_styles=False)
