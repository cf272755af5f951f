"""The page of lesson 13 with made-up maps: nothing tells the nets apart before the guess."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine
from resnet.ui.course import looking
from resnet.ui.parts import backend, nets_table
from resnet.ui.parts.subjects import Subject
from tests.ui.course.recorded import record, said

SHARES = {"plain-20": 0.6, "plain-56": 0.3, "res-56": 0.7}
UNTRAINED = 0.5


def answered(value: Any) -> "Future[Any]":
    answer: Future[Any] = Future()
    answer.set_result(value)
    return answer


def mapped(share: float) -> np.ndarray:
    """Maps (8, 32, 32) that have that share of their energy inside the objects."""
    masks = np.stack(MASKS)
    inside, outside = masks.sum((1, 2), keepdims=True), (~masks).sum((1, 2), keepdims=True)
    return np.where(masks, share / inside, (1 - share) / outside)


MASKS: list[np.ndarray] = []


@pytest.fixture
def lesson(
    visit: Callable[..., AppTest], waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    from resnet.datasets import load_dataset

    masks = load_dataset("shapes", "quick").test.masks
    assert masks is not None
    MASKS[:] = list(masks[: looking.IMAGES])

    def explained(net: Any, _recipe: Any, run: Any, question: Any) -> "Future[Any]":
        share = SHARES[str(net)] if run else UNTRAINED
        if question.method == "occlusion" and not run:
            share = 0.2
        targets, chances = np.zeros(8, np.int64), np.full((8, 10), 0.1)
        return answered({"maps": mapped(share), "targets": targets, "probabilities": chances, "rises": np.ones(8)})

    def sane(_self: Any, _recipe: Any, _function: Any, method: str, *_rest: Any) -> "Future[Any]":
        likeness = 0.9 if method == "guided_backprop" else 0.3
        return answered({"parts": ["head", "stage1.block1", "stem"], "rank": np.full((3, 8), likeness)})

    monkeypatch.setattr(backend, "explained", explained)
    monkeypatch.setattr(Subject, "ask", sane)
    monkeypatch.setattr(nets_table, "engine_note", lambda: True)
    record(waiting_engine, "plain-20", "res-56", "res-20")
    record(waiting_engine, "plain-56", loss=2.3, right=0.1)
    return lambda **words: visit("looking", **words)


def drawn(app: AppTest) -> str:
    (text,) = [html.value for html in app.main.get("html") if 'class="maps"' in html.value]
    return str(text)


def test_before_the_guess_the_columns_have_letters_only(lesson: Callable[..., AppTest]) -> None:
    app = lesson()
    assert not app.exception
    for letter in "ABCD":
        assert f'<span style="color:inherit">{letter}</span><small></small>' in drawn(app)
    assert not any(word in drawn(app) for word in ("plain-", "res-", "untrained", "recorded", "control", "% inside"))
    assert "Share of the maps" not in said(app)


def test_after_it_the_columns_have_names_and_the_answer_its_numbers(lesson: Callable[..., AppTest]) -> None:
    app = lesson()
    place = [subject.run is None for subject in looking.ordered(_subjects(app))].index(True)
    app = lesson(course=f"13{'abcd'[place]}")
    assert not app.exception
    letter = "ABCD"[place]
    assert f"**{letter}**, as you guessed." in said(app)
    assert f"{letter} control: res-56 **50 %**" in said(app)
    assert "plain-56 **30 %**" in said(app)
    assert f"{letter}: control: res-56" in drawn(app)
    assert "find the object, too" in said(app)
    assert "Trained, and yet at chance: plain-56." in said(app)


def _subjects(_app: AppTest) -> list[Subject]:
    from resnet.specs.bench import Bench
    from resnet.ui.parts import subjects

    bench = Bench.from_query({"nets": looking.NETS})
    return subjects.with_control(bench, backend.runs(bench))


def test_the_order_does_not_tell_which_net_is_which() -> None:
    places = [list(range(4)).index(one) for one in looking.ordered([0, 1, 2, 3])]  # type: ignore[list-item, arg-type]
    assert sorted(places) == [0, 1, 2, 3]
    assert places[3] != 3  # the control stands last on other pages


def test_another_method_has_another_answer_in_numbers(lesson: Callable[..., AppTest]) -> None:
    app = lesson(course="13a", **{"lesson-method": "occlusion"})
    assert not app.exception
    assert "res-56 **20 %**" in said(app)
    assert "find the object, too" not in said(app)


@pytest.mark.parametrize(
    ("place", "task", "wrong", "right", "told"),
    [
        (1, "forgets", "saliency", "guided_backprop", "Guided backprop 0.90"),
        (2, "separates", "grad_cam", "occlusion", "Occlusion 70 % against 20 %"),
    ],
)
def test_tasks_are_checked(
    lesson: Callable[..., AppTest], place: int, task: str, wrong: str, right: str, told: str
) -> None:
    app = lesson(course="13a")
    for entered, word in ((wrong, "13a"), (right, f"13a{place}")):
        app.selectbox(key=f"answer-looking-{task}").set_value(entered).run()
        app.button(key=f"check-looking-{task}").click().run()
        assert not app.exception
        assert "".join(app.query_params["course"]) == word
        assert told in said(app)
