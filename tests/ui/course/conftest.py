"""Lessons with the recordings that come with the app, and answers of workers that are made up and there at once."""

import re
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine
from resnet.runs.store import recorded
from resnet.ui.parts import backend

Lesson = Callable[..., AppTest]


@pytest.fixture
def with_recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine that has not started, over an empty store and the recordings; it is said to be ready."""
    monkeypatch.setenv(recorded.VARIABLE, "")
    engine = Engine(recorded.opened(tmp_path / "runs.sqlite"))
    st.cache_data.clear()
    engine.state = "ready"
    monkeypatch.setattr("resnet.runs.engine.engine._shared", engine)
    return engine


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[..., Any]]:
    """What workers answer, by the name of the function that they are asked for, made of its arguments."""
    known: dict[str, Callable[..., Any]] = {}

    def ask(function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        answer: Future[Any] = Future()
        answer.set_result(known[function.__name__](*arguments))
        return answer

    monkeypatch.setattr(backend, "ask", ask)
    return known


@pytest.fixture
def lesson(waiting_engine: Engine, with_recordings: Engine, answers: object, visit: Lesson) -> Lesson:
    """A new visitor: ``lesson("copying", course="1a")`` opens that lesson with those words in the address."""

    def opened(name: str, **words: str) -> AppTest:
        app = visit(name, **words)
        assert not app.exception
        return app

    return opened


def said(app: AppTest) -> str:
    """All text of the lesson, HTML tags removed."""
    kinds = ("html", "markdown", "caption", "info", "warning", "title")
    texts = [str(element.value if hasattr(element, "value") else element.proto.body) for kind in kinds
             for element in app.main.get(kind)]  # fmt: skip
    return re.sub(r"<style>.*?</style>|<[^>]*>", " ", " ".join(texts), flags=re.DOTALL).replace("\\", "")


def guess(app: AppTest, name: str, option: str) -> AppTest:
    """Press the option of the lesson's guess."""
    found = [one for one in (*app.main.segmented_control, *app.main.radio) if one.key == f"guess-{name}"]
    return found[0].set_value(option).run()


def answer(app: AppTest, name: str, task: str, entered: Any = None) -> str:
    """Enter the answer to a task, if it wants one, press Check, and give what is said of it."""
    if entered is not None:
        fields = [*app.main.selectbox, *app.main.number_input]
        next(one for one in fields if one.key == f"answer-{name}-{task}").set_value(entered).run()
    next(one for one in app.main.button if one.key == f"check-{name}-{task}").click().run()
    assert not app.exception
    verdict = app.session_state["course progress"].verdicts[name, task]
    return ("right: " if verdict.done else "wrong: ") + verdict.text
