"""The page of lesson 15 with made-up trainings: the pictures before the guess, the chart and the answer after it."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from resnet import catalog
from resnet.datasets import own
from resnet.datasets.listing import list_pictures
from resnet.runs.engine import Engine
from resnet.specs import Recipe
from resnet.ui.course import photographs
from resnet.ui.parts import backend, own_data
from tests.ui.course.recorded import begin, record, said

TESTS = {20: (8, 6, 6, 10, 7), 100: (40, 41, 42, 43, 44)}
Figures = dict[str, dict[str, Any]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Pictures of each class and seed of every question."""
    found: list[tuple[int, int]] = []

    def ask(_function: Any, _net: Any, recipe: Recipe, _classes: Any, each: int) -> "Future[Any]":
        found.append((each, recipe.seed))
        few = each == 20
        told = {"train": (48, 48) if few else (190, 240), "test": (TESTS[each][recipe.seed], 12 if few else 60)}
        answer: Future[Any] = Future()
        answer.set_result({**told, "many": (160 if few else 220, 300), "maps": np.ones((3, 32, 32)), "seen": [0, 0, 2]})
        return answer

    monkeypatch.setattr(backend, "ask", ask)
    return found


@pytest.fixture
def lesson(visit: Callable[..., AppTest], asked: list[tuple[int, int]], figures: Figures) -> Callable[..., AppTest]:
    return lambda **words: visit("photographs", **words)


def pictures(app: AppTest) -> str:
    return "".join(html.value for html in app.main.get("html"))


def test_before_the_guess_all_pictures_are_shown_and_the_trainings_begin(
    lesson: Callable[..., AppTest], asked: list[tuple[int, int]], figures: Figures
) -> None:
    app = lesson()
    assert not app.exception
    assert pictures(app).count("<figure>") == 3
    assert set(asked) == {(20, seed) for seed in range(5)}
    assert not figures
    assert "of 12**" not in said(app)


def test_after_it_the_seeds_stand_beside_each_other(lesson: Callable[..., AppTest], figures: Figures) -> None:
    app = lesson(course="15a")
    assert not app.exception
    parts = {trace["name"]: trace["y"] for trace in figures["lesson-few"]["data"]}
    assert parts["training"] == [100] * 5
    assert parts["test"] == pytest.approx([100 * right / 12 for right in TESTS[20]])
    assert "**4 or more**. You guessed “0 or 1”." in said(app)
    assert "Right on the test: 6 to **10 of 12**. On 300 other pictures" in said(app)
    assert pictures(app).count('<div class="picture">') == 3 * 6


def test_more_pictures_of_each_class_are_one_click_away(lesson: Callable[..., AppTest], figures: Figures) -> None:
    app = lesson(course="15a", **{"lesson-each": "100"})
    assert "40 to **44 of 60**" in said(app)
    assert figures["lesson-few"]["data"][0]["y"] == pytest.approx([100 * 190 / 240] * 5)


@pytest.mark.parametrize(
    ("place", "task", "wrong", "right"), [(1, "enough", "100", "300"), (2, "more", "both", "test")]
)
def test_tasks_are_checked(lesson: Callable[..., AppTest], place: int, task: str, wrong: str, right: str) -> None:
    app = lesson(course="15a")
    for entered, word in ((wrong, "15a"), (right, f"15a{place}")):
        app.selectbox(key=f"answer-photographs-{task}").set_value(entered).run()
        app.button(key=f"check-photographs-{task}").click().run()
        assert not app.exception
        assert "".join(app.query_params["course"]) == word


def test_the_archive_is_read_as_a_visitors_three_classes_of_twenty(
    lesson: Callable[..., AppTest], waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(io.BytesIO(photographs.archive())) as archive:
        names = archive.namelist()
        name = own.prepare("three", list_pictures(names, []), archive.read)
    record_of = catalog.data_choice(name)
    assert (len(record_of.classes), record_of.train, record_of.test) == (3, 48, 12)
    monkeypatch.setattr(own_data, "_users", {})
    words = {"nets": "res-20", "data": name, "steps": "100", "batch": "16"}
    try:
        for seed in range(3):
            recipe = Recipe(data=name, steps=100, batch=16, seed=seed)
            begin(waiting_engine, "res-20", recipe)
            app = lesson(course="15a", seeds="3", **words)
            app.button(key="check-photographs-own").click().run()
            assert not app.exception
            assert "".join(app.query_params["course"]) == "15a"
            record(waiting_engine, "res-20", recipe=recipe)
        app = lesson(course="15a", seeds="3", **words)
        app.button(key="check-photographs-own").click().run()
        assert "".join(app.query_params["course"]) == "15a3"
        assert "3 seeds are trained" in said(app)
    finally:
        own.delete(name)
