"""Pages in the test's own process, with an engine that has not started: no worker, an empty store."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine
from resnet.runs.store import Store
from resnet.ui.app import pages
from resnet.ui.parts import plot, visitors

MAIN = Path(__file__).parents[2] / "resnet" / "ui" / "app" / "main.py"


@pytest.fixture(autouse=True)
def nobody_else_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """An AppTest never closes its tab: the visitors of other tests would still be here."""
    monkeypatch.setattr(visitors, "_here", {})


@pytest.fixture
def waiting_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Engine:
    """Of the class that the module of the test names as ENGINE, if it does."""
    engine: Engine = getattr(request.module, "ENGINE", Engine)(Store(tmp_path / "runs.sqlite"))
    st.cache_data.clear()
    monkeypatch.setattr("resnet.runs.engine.engine._shared", engine)
    return engine


@pytest.fixture
def visit(waiting_engine: Engine) -> Callable[..., AppTest]:
    """A new visitor: ``visit(nets="res-20", page="train")`` opens that page with those words in the address."""

    def open_page(page: str = "", **words: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        if page:
            app.switch_page(f"../../../pages/{pages.named(page).file}.py")
        for word, text in words.items():
            app.query_params[word] = text
        return app.run()

    return open_page


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What the charts of the page show, by their keys."""
    shown: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(plot, "_mount", lambda key, data, **_more: shown.update({key: json.loads(data["figure"])}))
    return shown
