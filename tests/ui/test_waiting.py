"""Waiting for answers: their order, their errors, and the stop."""

import threading
from concurrent.futures import Future

import pytest

from resnet.ui.parts import waiting


def answered(value):
    future: Future[object] = Future()
    future.set_result(value)
    return future


def test_answers_come_in_the_order_of_the_questions():
    late: Future[object] = Future()
    threading.Timer(0.2, late.set_result, ["late"]).start()
    assert waiting.gather([late, answered("soon")]) == ["late", "soon"]


def test_an_error_of_an_answer_surfaces():
    failed: Future[object] = Future()
    failed.set_exception(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        waiting.gather([answered(1), failed])


def test_what_was_stopped_is_told_apart_from_an_error():
    given_up: Future[object] = Future()
    assert given_up.cancel()
    with pytest.raises(waiting.Stopped):
        waiting.gather([answered(1), given_up])


def test_the_words_beside_the_bar_say_how_far_and_how_long():
    assert waiting._words(0, 8, 1.0) == "0 of 8"
    assert waiting._words(2, 8, 4.0) == "2 of 8, about 12 s left"


def test_patience_ends_only_when_nothing_new_was_answered(monkeypatch):
    monkeypatch.setattr(waiting, "PATIENCE", 0.3)
    steady: list[Future[object]] = [Future() for _ in range(3)]
    for number, future in enumerate(steady):
        threading.Timer(0.2 * (number + 1), future.set_result, [number]).start()
    assert waiting.gather(steady) == [0, 1, 2]
    with pytest.raises(TimeoutError):
        waiting.gather([answered(1), Future()])


def test_a_download_waits_in_the_same_way():
    late: Future[object] = Future()
    threading.Timer(0.1, late.set_result, ["late"]).start()
    assert waiting.answer_of(late) == "late"
    given_up: Future[object] = Future()
    assert given_up.cancel()
    with pytest.raises(waiting.Stopped):
        waiting.answer_of(given_up)
