"""What goes wrong is one sentence on every page that asks workers, as it is and not as Markdown."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from resnet.datasets import pictures as outside  # noqa: F401 - its error is one of the kinds
from resnet.errors import UserError
from resnet.files import DownloadError
from resnet.lessons import lessons
from resnet.runs.engine import Engine
from resnet.ui.app import pages
from resnet.ui.parts import backend, waiting

SENTENCE = "no *room* for [res-20](http://x) at $3$, `that` <b>is</b> ~~all~~"
# Their numbers are in the store; Lesions asks about trained nets only, see test_lesions.
ASK_NOTHING = {"start", "train", "sweep", "build", "data", "lesions", "runs"}
ASK_NOTHING |= {"block", "layers", "named", "faults", "class_board", "host", "course", "teacher", "glossary"}
ASK_NOTHING |= {page.name for page in pages.in_group("experiments")}
# The other lessons ask about runs that have ended, if at all.
ASK_NOTHING |= {lesson.name for lesson in lessons()} - {"sums", "vanishing", "photographs"}
ASKING = sorted({page.name for page in pages.PAGES} - ASK_NOTHING)
Visit = Callable[..., AppTest]
Ask = Callable[..., "Future[object]"]


def kinds(base: type[UserError] = UserError) -> Iterator[type[UserError]]:
    """Every error for visitors, but the one of their own Stop."""
    for kind in base.__subclasses__():
        if kind is not waiting.Stopped:
            yield kind
            yield from kinds(kind)


@pytest.fixture
def asked(waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[[Ask], None]:
    """Let the engine seem ready, and every question go to a function instead; pictures are unpacked here."""

    def call(function: Callable[..., object], *arguments: object) -> "Future[object]":
        answer: Future[object] = Future()
        try:
            answer.set_result(function(*arguments))
        except UserError as error:
            answer.set_exception(error)
        return answer

    waiting_engine.state = "ready"
    monkeypatch.setattr(waiting_engine, "call", call)
    return lambda answer: monkeypatch.setattr(backend, "ask", answer)


def opened(visit: Visit, page: str) -> AppTest:
    """The page as far as its question."""
    known = {lesson.name: lesson for lesson in lessons()}
    seen = {"course": f"{known[page].number}a"} if page in known else {}  # a lesson that was guessed
    app = visit(page, nets="res-20-w4", **seen)
    if page == "board":
        app.session_state["board-revealed"] = True
        app.run()
    if page == "pictures":
        file = io.BytesIO()
        Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(file, "PNG")
        app.file_uploader[0].set_value(("black.png", file.getvalue(), "image/png")).run()
    assert not app.exception
    return app


def told(app: AppTest) -> list[str]:
    assert not app.exception
    return [warning.value for warning in app.main.warning]


def test_there_is_more_than_one_kind() -> None:
    assert {kind.__name__ for kind in kinds()} >= {
        "SpecError", "EngineError", "StoreError", "PictureError", "DownloadError",
    }  # fmt: skip


@pytest.mark.parametrize("page", ASKING)
def test_every_page_shows_the_sentence_of_every_error_and_nothing_of_its_markdown(
    page: str, visit: Visit, asked: Callable[[Ask], None]
) -> None:
    kind: type[Exception] = UserError

    def refuse(*_arguments: object) -> "Future[object]":
        raise kind(SENTENCE)

    asked(refuse)
    app = opened(visit, page)
    for kind in kinds():  # noqa: B007 - read by `refuse`
        (shown,) = told(app.run())
        assert shown.replace("\\", "") == SENTENCE
        for sign in "*[]()$`<>~":
            assert shown.count(sign) == shown.count(f"\\{sign}") == SENTENCE.count(sign)


@pytest.mark.parametrize("page", ASKING)
def test_an_answer_that_does_not_come_is_told_with_what_to_do(
    page: str, visit: Visit, asked: Callable[[Ask], None]
) -> None:
    late: Future[object] = Future()
    late.set_exception(TimeoutError())
    asked(lambda *_arguments: late)
    (shown,) = told(opened(visit, page))
    assert "took too long" in shown
    assert "choose" in shown


@pytest.mark.parametrize("page", ASKING)
def test_a_visitor_who_pressed_stop_is_asked_before_anything_is_computed_again(
    page: str, visit: Visit, asked: Callable[[Ask], None]
) -> None:
    questions: list[object] = []

    def ask(*arguments: object) -> "Future[object]":
        questions.append(arguments)
        late: Future[object] = Future()
        late.cancel()
        return late

    asked(ask)
    app = opened(visit, page)
    assert any(info.value.startswith("Stopped.") for info in app.main.info)  # somebody else stopped the same question
    questions.clear()
    app.session_state["stopped"] = True
    app.run()
    assert any(info.value.startswith("Stopped.") for info in app.main.info)
    assert not questions
    app.button(key="ask-again").click().run()
    assert questions


def test_a_download_that_fails_names_the_net(
    visit: Visit, asked: Callable[[Ask], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    source: Future[object] = Future()
    source.set_result(("http://nowhere", "00"))
    asked(lambda *_arguments: source)

    def fail(*_arguments: object) -> None:
        raise DownloadError(SENTENCE)

    monkeypatch.setattr("resnet.pretrained.fetch", fail)
    app = visit("pictures")
    app.button(key="fetch-18").click().run()
    (shown,) = told(app)
    assert shown.replace("\\", "") == f"ResNet-18: {SENTENCE}."


def test_a_picture_that_cannot_be_read_is_told_with_its_reason(visit: Visit, asked: Callable[[Ask], None]) -> None:
    app = visit("pictures")
    app.file_uploader[0].set_value(("cut.png", b"\x89PNG", "image/png")).run()
    (shown,) = told(app)
    assert shown.startswith("This picture cannot be used\\: this is no picture")
