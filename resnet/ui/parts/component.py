"""Components of our own: a script of assets/ui, in the page's own document, so that they hear each other."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from resnet.ui.app import server

RANGE = (server.ASSETS / "ui" / "range.css").read_text(encoding="utf-8")  # the style of sliders of our own


def component(name: str, html: str = "", css: str = "", before: str = "") -> Callable[..., Any]:
    """The component of ``assets/ui/<name>.js``, the script `before` above it; call once, and what it gives for each."""
    names = [before, name] if before else [name]
    script = "\n".join((server.ASSETS / "ui" / f"{each}.js").read_text(encoding="utf-8") for each in names)
    return st.components.v2.component(f"resnet_{name}", html=html, css=css, js=script, isolate_styles=False)
