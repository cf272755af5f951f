"""Guesses of a class: pooled, seen by those who have guessed, and the answer held until the teacher reveals it."""

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resnet.runs.store import class_work, classes
from resnet.ui.course import guesses
from resnet.ui.parts import panels
from tests.ui.trainer import Trainer

ENGINE = Trainer
Student = Callable[..., AppTest]


def lesson() -> None:
    """What a lesson does."""
    import streamlit as st

    from resnet.ui.course import guesses
    from resnet.ui.parts import classroom, panels, widgets

    classroom.follow()
    panels.begin()
    widgets.show_notices()
    options = {"up": "It grows", "down": "It <b>shrinks</b>"}
    guesses.pooled("vanishing", options, st.session_state.get("guess"))
    st.text("hidden" if guesses.held("vanishing") else "seen")


@pytest.fixture
def student(waiting_engine: Trainer) -> Student:
    """A new visitor of the lesson."""

    def come(word: str = "9b", guess: str | None = None) -> AppTest:
        app = AppTest.from_function(lesson, default_timeout=30)
        if word:
            app.query_params["class"] = word
        if guess is not None:
            app.session_state["guess"] = guess
        app.run()
        assert not app.exception
        return app

    return come


def said(app: AppTest) -> str:
    texts = [one.proto.body for one in app.get("html")] + [one.value for one in [*app.caption, *app.text, *app.warning]]
    return " ".join(re.sub(r"<style>.*?</style>", "", " ".join(texts), flags=re.S).split()).replace("\\", "")


def counts(app: AppTest) -> list[int]:
    return [int(count) for count in re.findall(r'class="count">(\d+)<', said(app))]


def test_outside_of_a_class_nothing_is_shown_or_kept(student: Student, waiting_engine: Trainer) -> None:
    app = student("", "up")
    assert said(app) == "seen"
    assert classes.listed(waiting_engine.store) == []


def test_what_the_room_thinks_is_seen_by_those_who_have_guessed(student: Student) -> None:
    student(guess="up")
    new = student()
    assert "1 guess in class 9b" in said(new)
    assert counts(new) == []
    assert counts(student(guess="down")) == [1, 1]
    assert counts(student(guess="")) == [1, 1]  # saw the answer without a guess
    assert counts(student("9a", "down")) == [0, 1]


def test_a_guess_that_is_changed_replaces_the_first_and_one_more_look_keeps_it(student: Student) -> None:
    app = student(guess="up")
    app.session_state["guess"] = "down"
    assert counts(app.run()) == [0, 1]
    assert counts(app.run()) == [0, 1]


def test_the_bars_are_as_wide_as_the_shares_and_labels_are_text(student: Student) -> None:
    for guess in ("up", "up", "up"):
        student(guess=guess)
    text = said(student(guess="down"))
    assert re.findall(r"width: (\d+)%", text) == ["75", "25"]
    assert "&lt;b&gt;shrinks" in text
    assert "<b>" not in text


def teacher_of(student: Student, engine: Trainer) -> AppTest:
    app = student()
    classes.open_class(engine.store, "9b", app.session_state["visitor"].name)
    return app.run()


def test_without_a_teacher_nothing_is_held(student: Student) -> None:
    assert "seen" in said(student(guess="up"))
    assert "reveal" not in said(student(guess="up"))


def test_the_teacher_holds_the_answer_and_reveals_it_to_all(student: Student, waiting_engine: Trainer) -> None:
    teacher, ann, bob = teacher_of(student, waiting_engine), student(guess="up"), student()
    for app in (teacher, ann, bob):
        assert "hidden" in said(app)
    assert "appears when the teacher reveals it" in said(ann)
    assert not ann.button
    assert counts(teacher.run()) == []
    teacher.toggle(key="guesses-vanishing").set_value(True).run()
    assert counts(teacher) == [1, 0]
    teacher.session_state["guess"] = "down"  # a slide has one; the teacher's own is not the room's
    assert counts(teacher.run()) == [1, 0]
    teacher.button(key="reveal-to-class").click().run()
    assert not teacher.button
    for app in (teacher, ann.run(), bob.run()):
        assert "seen" in said(app)
        assert counts(app) == [1, 0]
    ann.session_state["guess"] = "down"
    assert counts(ann.run()) == [1, 0]  # too late


def test_pages_are_drawn_anew_at_the_reveal_and_not_at_a_guess(student: Student, waiting_engine: Trainer) -> None:
    classes.open_class(waiting_engine.store, "9b", "teacher")
    student()
    panel = next(shown for shown in reversed(panels._kept) if shown.draw is guesses._drawn)
    before = dict(panels.drawn(panel).content)
    class_work.guess(waiting_engine.store, "9b", "vanishing", "ann", "up")
    after = panels.drawn(panel).content
    assert {key for key in after if after[key] != before[key]} == {"count", "bars"}
    class_work.reveal(waiting_engine.store, "9b", "vanishing", "teacher")
    assert panels.drawn(panel).content["!state"] != before["!state"]


def test_a_class_that_is_full_says_so_and_the_lesson_stands(student: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_work, "MOST_GUESSES", 1)
    student(guess="up")
    late = student(guess="down").run()
    assert "The class 9b is full" in said(late)
    assert counts(late) == [1, 0]
