"""Teaching: a mode of the link with prepared slides, notes for the presenter, and a room's view that follows."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from resnet.lessons import lessons
from resnet.runs.store import classes
from resnet.specs.bench import Bench, is_bench_word
from resnet.ui.app import pages
from resnet.ui.course import slides
from resnet.ui.parts import panels
from tests.ui.conftest import MAIN
from tests.ui.trainer import Trainer

ENGINE = Trainer
Come = Callable[..., AppTest]


@pytest.fixture
def come(waiting_engine: Trainer) -> Come:
    """A teacher on a page that asks no worker."""

    def open_page(page: str = "course/teacher", **words: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        app.switch_page(f"../../../pages/{page}.py")
        for word, text in words.items():
            app.query_params[word.replace("_", "-")] = text
        return checked(app.run())

    return open_page


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def button(app: AppTest, key: str) -> Any:
    return next((one for one in app.main.button if one.key == key), None)


def press(app: AppTest, key: str) -> AppTest:
    return checked(button(app, key).click().run())


def notes(app: AppTest) -> list[str]:
    return [one.value for one in app.main.markdown if one.value.startswith("**Ask the room.**")]


@pytest.mark.parametrize("slide", slides.slides(), ids=lambda slide: slide.word)
def test_every_slide_names_a_page_and_words_that_it_knows(slide: slides.Slide) -> None:
    page = pages.named(slide.page)
    assert page.name == slide.page
    words = {part.partition("=")[0]: part.partition("=")[2] for part in slide.query.split("&") if part}
    assert {word for word in words if not is_bench_word(word)} <= page.words | {"course"}
    Bench.from_query({word: text for word, text in words.items() if is_bench_word(word)})


def test_each_lesson_begins_with_its_own_page_and_slides_are_counted() -> None:
    firsts = [slide for slide in slides.slides() if slide.at == 1]
    assert [slide.page for slide in firsts] == [lesson.name for lesson in lessons()]
    assert all(slides.named(slide.word) == slide for slide in slides.slides())
    assert {slide.at for slide in slides.slides() if slide.lesson is lessons()[0]} == set(range(1, firsts[0].count + 1))
    assert slides.named("99.1") is None


def test_without_the_mode_there_is_no_bar_and_a_wrong_one_is_passed_over(come: Come) -> None:
    for words in ({}, {"teach": "yes"}):
        app = come(**words)
        assert button(app, "slide-next") is None
        assert "teach" not in app.query_params


def test_the_arrow_keys_are_on_the_buttons_and_the_first_has_nothing_before_it(come: Come) -> None:
    app = come(teach="1")
    back, following = button(app, "slide-back"), button(app, "slide-next")
    assert (back.proto.shortcut.lower(), following.proto.shortcut.lower()) == ("left", "right")
    assert back.disabled
    assert not following.disabled


def test_the_mode_goes_along_and_ends_with_its_words(come: Come) -> None:
    app = come(teach="1")
    app.switch_page("../../../pages/lab/runs.py")
    del app.query_params["teach"]
    assert button(checked(app.run()), "slide-next")
    assert app.query_params["teach"] == "1"
    press(app, "slide-end")
    assert button(app, "slide-next") is None
    assert not {"teach", "slide"} & set(app.query_params)


def test_notes_are_for_the_presenter_alone(come: Come, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = lessons()[0]
    app = come("lab/runs", teach="1", slide=f"{lesson.number}.1")
    assert notes(app) == []
    press(app, "slide-notes")
    assert lesson.teacher.ask in notes(app)[0]
    assert app.query_params["teach"] == "notes"
    press(app, "slide-room")
    assert notes(app) == []


def prepared(monkeypatch: pytest.MonkeyPatch, *wanted: tuple[str, str]) -> tuple[slides.Slide, ...]:
    """Slides of the first lesson on pages that ask no worker."""
    count = len(wanted)
    made = tuple(slides.Slide(lessons()[0], at, count, *one) for at, one in enumerate(wanted, start=1))
    monkeypatch.setattr(slides, "slides", lambda: made)
    return made


def test_a_slide_brings_its_page_and_its_bench_and_what_was_chosen_before_is_gone(
    come: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = prepared(
        monkeypatch, ("runs", "find=res"), ("train", "nets=res-8&steps=40&quantity=error"), ("train", "nets=plain-8")
    )
    app = come(teach="1")
    press(app, "slide-next")
    assert app.query_params["slide"] == first.word
    assert app.text_input(key="find").value == "res"
    press(app, "slide-next")
    assert app.title[0].value == "Does a deeper net learn better?"
    bench = app.session_state["bench"].bench
    assert ([str(net) for net in bench.nets], bench.recipe.steps) == (["res-8"], 40)
    assert app.segmented_control(key="quantity").value == "error"
    press(app, "slide-next")
    assert app.query_params["slide"] == third.word
    assert [str(net) for net in app.session_state["bench"].bench.nets] == ["plain-8"]
    assert app.segmented_control(key="quantity").value == "loss"
    assert button(app, "slide-next").disabled
    press(app, "slide-back")
    assert app.query_params["slide"] == second.word
    assert app.segmented_control(key="quantity").value == "error"


def test_the_guess_of_a_slide_is_taken(come: Come, monkeypatch: pytest.MonkeyPatch) -> None:
    number, options = lessons()[0].number, lessons()[0].options
    prepared(monkeypatch, ("runs", f"course={number}b"))
    app = press(come(teach="1"), "slide-next")
    assert app.session_state["course progress"].guesses == {lessons()[0].name: options[1].name}


def test_the_rooms_view_follows_what_its_teacher_shows_and_nobody_else_moves_it(
    come: Come, waiting_engine: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(monkeypatch, ("runs", ""), ("train", ""))
    presenter, room, other = (come(teach=mode, **{"class": "9b"}) for mode in ("notes", "1", "1"))
    classes.open_class(waiting_engine.store, "9b", presenter.session_state["visitor"].name)
    press(other, "slide-next")  # no teacher
    assert title(room.run()) == "For teachers"
    assert title(press(presenter, "slide-next")) == "What was trained here?"
    panel = next(shown for shown in reversed(panels._kept) if shown.draw is slides._drawn)
    assert panels.drawn(panel).content["!slide"] == f"{lessons()[0].number}.1"  # which draws the room's page anew
    assert title(room.run()) == "What was trained here?"
    press(presenter, "slide-next")
    assert title(room.run()) == "Does a deeper net learn better?"
    press(room, "slide-back")  # by hand, until the teacher goes on
    for app in (room, presenter):
        assert title(app.run()) == "For teachers"  # AppTest is back on the page that it has opened


def title(app: AppTest) -> str:
    return str(checked(app).title[0].value)
