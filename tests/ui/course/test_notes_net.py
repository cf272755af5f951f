"""The page of lesson 14: lines that are clicked, what is told before and after the guess, and the tasks."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from resnet.experiments import EXPERIMENTS
from resnet.lessons.notes_code import CODE, FAULTS
from resnet.runs.engine import Engine
from resnet.specs import Recipe
from resnet.ui.parts import backend
from resnet.ui.parts.subjects import Subject
from tests.ui.course.recorded import record, said

LOSSES = {
    "res-20": 0.3,
    "res-20-nobn-torchinit": 0.5,
    "res-20-nostemact": 0.3,
    "res-20-softmax": 1.7,
    "res-20-optb": 0.3,
}
MENDED = "res-20-optb-nobn-torchinit-nostemact"
NOTES = f"{MENDED}-softmax"


def answered(value: Any) -> "Future[Any]":
    answer: Future[Any] = Future()
    answer.set_result(value)
    return answer


@pytest.fixture
def lesson(
    visit: Callable[..., AppTest], waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    for seed in range(EXPERIMENTS["notes"].seeds):
        for net, loss in LOSSES.items():
            record(waiting_engine, net, loss=loss + 0.01 * seed, recipe=Recipe(seed=seed))
        record(waiting_engine, NOTES, loss=2.3, recipe=Recipe(seed=seed), right=0.1)
    record(waiting_engine, MENDED, loss=0.9)
    maps = {"guided": (0.17, 1.0), "gap": (0.0, 0.8)}
    monkeypatch.setattr(backend, "ask", lambda *_asked: answered("NameError: name 'Net' is not defined"))
    monkeypatch.setattr(Subject, "ask", lambda *_asked: answered(maps))
    return lambda **words: visit("notes_net", **words)


def click(app: AppTest, fault: str) -> None:
    place = next(place for place, line in enumerate(CODE) if line.fault == fault)
    app.button(key=f"line-{place}").click().run()
    assert not app.exception


def test_before_the_guess_a_click_tells_a_fault_and_not_what_it_costs(lesson: Callable[..., AppTest]) -> None:
    app = lesson()
    assert not app.exception
    assert "0 faults found of 6" in said(app)
    click(app, "softmax")
    assert "**Softmax inside.** The loss applies softmax itself" in said(app)
    assert "1 fault found of 6" in said(app)
    assert "1.70" not in said(app)
    click(app, "")
    assert "`class Solid(nn.Module):` is sound." in said(app).replace(":material/check:", "")
    assert "1 fault found of 6" in said(app)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("super", "Python stops with `NameError: name 'Net' is not defined`"),
        ("norm", "Loss at the end, by seeds: **0.50–0.52**; without the fault 0.30–0.32."),
        ("stem", "No harm is seen here"),
        ("softmax", "It cannot fall below 1.46."),
        ("functional", "DeepLift misses its sum by 80 %"),
        ("option", "No harm is seen here"),
    ],
)
def test_after_it_every_fault_has_its_measured_effect(lesson: Callable[..., AppTest], fault: str, told: str) -> None:
    app = lesson(course="14a")
    click(app, fault)
    assert told in said(app)


def test_the_answer_is_that_of_the_recorded_runs(lesson: Callable[..., AppTest]) -> None:
    app = lesson(course="14a")
    assert "**Hardly ever**. You guessed “Just as well”." in said(app)
    assert "With 3 seeds the loss ends at **2.30** instead of 0.30–0.32" in said(app)
    assert "3 runs learned nothing." in said(app)


def test_all_faulty_lines_can_be_shown_and_are_not_found_by_that(lesson: Callable[..., AppTest]) -> None:
    app = lesson(course="14a")
    click(app, "norm")
    app.button(key="show-faults").click().run()
    assert "1 fault found of 6" in said(app)
    faulty = sum(bool(line.fault) for line in CODE)
    assert sum('class="sound"' in html.value for html in app.main.get("html")) == faulty
    assert not [button for button in app.main.get("button") if button.key == "show-faults"]


def test_the_hunt_ends_with_the_sixth_fault(lesson: Callable[..., AppTest]) -> None:
    app = lesson(course="14a")
    for fault in FAULTS:
        app.button(key="check-notes_net-hunt").click().run()
        assert "".join(app.query_params["course"]) == "14a"
        click(app, fault)
    app.button(key="check-notes_net-hunt").click().run()
    assert "".join(app.query_params["course"]) == "14a1"


def test_the_harmless_fault_is_asked_for(lesson: Callable[..., AppTest]) -> None:
    app = lesson(course="14a")
    for entered, word in (("norm", "14a"), ("functional", "14a"), ("stem", "14a2")):
        app.selectbox(key="answer-notes_net-harmless").set_value(entered).run()
        app.button(key="check-notes_net-harmless").click().run()
        assert "".join(app.query_params["course"]) == word


@pytest.mark.parametrize(("nets", "word"), [(NOTES, "14a"), ("res-20", "14a"), (f"{NOTES},{MENDED}", "14a3")])
def test_the_mended_net_is_looked_for_on_the_bench(lesson: Callable[..., AppTest], nets: str, word: str) -> None:
    app = lesson(course="14a", nets=nets)
    app.button(key="check-notes_net-mend").click().run()
    assert not app.exception
    assert "".join(app.query_params["course"]) == word
