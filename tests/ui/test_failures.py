"""A file of runs that cannot be read is one sentence, on every page and in every part of it, and passes."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine
from resnet.runs.errors import StoreError
from resnet.runs.store.database import DAMAGED, LOCKED, Database
from resnet.ui.app import failures, pages

Visit = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `app.py` tells Streamlit, which a test of pages does not read."""
    given = ScriptRunner.__init__

    def init(self: ScriptRunner, *rest: Any, **options: Any) -> None:
        given(self, *rest, **{**options, "on_script_error": failures.told})

    monkeypatch.setattr(ScriptRunner, "__init__", init)


class Broken:
    """A database that can be opened; while `text` is set no statement works."""

    text = LOCKED


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    state = Broken()
    given = Database._borrow

    def borrow(self: Database) -> Any:
        if state.text:
            raise StoreError(state.text, path=str(self.path))
        return given(self)

    monkeypatch.setattr(Database, "_borrow", borrow)
    return state


def errors(app: AppTest) -> list[str]:
    return [error.value.replace("\\", "") for error in (*app.main.error, *app.sidebar.error)]


@pytest.mark.parametrize("page", [page.name for page in pages.PAGES])
def test_every_page_says_so_and_works_again(page: str, waiting_engine: Engine, visit: Visit, broken: Broken) -> None:
    app = visit(page, nets="res-20-w4")
    assert not app.exception
    if errors(app):  # a page that reads no run needs no file
        assert set(errors(app)) == {LOCKED.format(path=waiting_engine.store.path)}
    broken.text = ""
    app.run()
    assert not app.exception
    assert errors(app) == []


@pytest.mark.parametrize("text", [LOCKED, DAMAGED])
def test_a_part_that_is_drawn_by_itself_says_so_too(
    text: str, waiting_engine: Engine, visit: Visit, broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit would show the traceback of a fragment itself, before the page could catch it."""
    broken.text = ""
    read: list[Any] = []

    def fragment() -> None:
        read.append(waiting_engine.store.recent(1))

    monkeypatch.setattr("resnet.ui.bench.sidebar.sidebar", lambda: st.fragment(fragment)())
    app = visit("build", nets="res-20-w4")
    assert read == [[]]
    broken.text = text
    app.run()
    assert not app.exception
    assert text.format(path=waiting_engine.store.path) in errors(app)


def test_pressing_train_while_the_file_is_locked_is_one_sentence(
    waiting_engine: Engine, visit: Visit, broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.text = ""
    waiting_engine.state = "ready"
    app = visit("train", nets="res-20-w4")
    (train,) = [button for button in app.button if button.label.startswith("Train")]
    broken.text = LOCKED
    train.click().run()
    assert not app.exception
    assert set(errors(app)) == {LOCKED.format(path=waiting_engine.store.path)}


def test_an_error_that_is_no_visitors_surfaces() -> None:
    assert not failures.told(ValueError("a fault"))


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    logger = logging.getLogger("streamlit.error_util")
    failures.quiet_log()
    yield logger
    logger.removeFilter(failures._without_traceback)


def test_the_log_keeps_the_sentence_and_no_traceback(
    log: logging.Logger, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.addHandler(caplog.handler)
    log.error("Uncaught app execution", exc_info=StoreError(LOCKED, path="/x"))
    log.error("Uncaught app execution", exc_info=ValueError("a fault"))
    log.removeHandler(caplog.handler)
    assert caplog.records[0].getMessage() == LOCKED.format(path="/x")
    assert caplog.records[0].exc_info is None
    assert caplog.records[-1].exc_info
