"""The fair queue of questions: turns, owners, what is cancelled when, and the cap."""

import dataclasses
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

import pytest

from resnet.runs.engine import Engine, questions
from resnet.runs.engine.questions import Asker, Questions
from resnet.runs.errors import EngineError
from resnet.runs.store import Store
from resnet.specs import SpecError


class Worker:
    """Computes one question after the other, each when the test says so."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.calls: list[Future[Any]] = []
        self.at_once = 1
        self.questions = Questions(self.call, lambda: self.at_once)

    def call(self, _function: Callable[..., Any], name: Any) -> "Future[Any]":
        self.asked.append(name)
        self.calls.append(Future())
        return self.calls[-1]

    def ask(self, asker: Asker, *names: Any) -> "list[Future[Any]]":
        return [self.questions.ask(asker, len, name) for name in names]

    def answer(self, times: int = 1) -> None:
        """Answer the oldest question that the worker has, so many times."""
        for _ in range(times):
            next(call for call in self.calls if not call.done()).set_result(f"answer {len(self.asked)}")

    def answer_all(self) -> list[Any]:
        while not all(call.done() for call in self.calls):
            self.answer()
        return self.asked


@pytest.fixture
def worker() -> Worker:
    return Worker()


ANN, BOB, EVE = Asker("ann"), Asker("bob"), Asker("eve")


def test_one_question_waits_for_at_most_one_of_another_visitors_hundreds(worker: Worker) -> None:
    worker.ask(ANN, *range(196))
    (answer,) = worker.ask(BOB, "one")
    assert worker.asked == [0]
    worker.answer()
    assert worker.asked == [0, "one"]
    worker.answer()
    assert answer.result(0) == "answer 2"
    assert worker.answer_all() == [0, "one", *range(1, 196)]


def test_visitors_take_turns_whatever_they_ask_on_several_pages(worker: Worker) -> None:
    worker.ask(ANN, "a1", "a2")
    worker.ask(Asker("ann"), "a3")
    worker.ask(BOB, "b1", "b2")
    assert worker.answer_all() == ["a1", "b1", "a2", "b2", "a3"]


def test_as_many_are_computed_at_once_as_there_are_workers(worker: Worker) -> None:
    worker.at_once = 3
    worker.ask(ANN, *range(5))
    assert worker.asked == [0, 1, 2]
    worker.answer()
    assert worker.asked == [0, 1, 2, 3]


def test_a_shared_question_is_answered_at_the_first_turn_of_any_owner(worker: Worker) -> None:
    answers = worker.ask(ANN, *range(9))
    assert worker.questions.join(BOB, answers[3])
    worker.answer()
    assert worker.asked == [0, 3]
    assert worker.answer_all() == [0, 3, 1, 2, *range(4, 9)]  # and once


def test_what_has_not_started_is_cancelled_with_its_last_owner(worker: Worker) -> None:
    started, shared, alone = worker.ask(ANN, "started", "shared", "alone")
    assert worker.questions.join(BOB, shared)
    worker.questions.leave(ANN)
    assert (started.cancelled(), shared.cancelled(), alone.cancelled()) == (False, False, True)
    assert worker.answer_all() == ["started", "shared"]
    assert (started.result(0), shared.result(0)) == ("answer 1", "answer 2")

    worker.ask(EVE, "next")
    (dropped,) = worker.ask(ANN, "dropped")
    assert worker.questions.join(BOB, dropped)
    worker.questions.leave(BOB)
    assert not dropped.cancelled()
    worker.questions.leave(ANN)
    assert dropped.cancelled()
    assert not worker.questions.join(EVE, dropped)
    assert worker.answer_all() == ["started", "shared", "next"]
    assert worker.questions.unanswered() == 0


def test_a_visitor_who_asks_the_same_on_two_pages_leaves_one_of_them(worker: Worker) -> None:
    (_first, second) = worker.ask(ANN, "first", "second")
    other = Asker("ann")
    assert worker.questions.join(other, second)
    worker.questions.leave(ANN)
    assert worker.answer_all() == ["first", "second"]


def test_a_visitor_who_is_gone_leaves_everything_at_once(worker: Worker) -> None:
    worker.ask(BOB, "flying")
    of_ann = worker.ask(ANN, 1, 2) + worker.ask(Asker("ann"), 3) + worker.ask(Asker("ann", ahead=True), 4)
    worker.ask(BOB, "stays")
    worker.questions.leave_all("ann")
    assert all(answer.cancelled() for answer in of_ann)
    assert worker.answer_all() == ["flying", "stays"]


def test_what_nobody_waits_for_yet_comes_last_and_is_moved_up_when_somebody_does(worker: Worker) -> None:
    ahead = Asker("ann", ahead=True)
    worker.ask(BOB, "flying")
    first, second, third = worker.ask(ahead, "ahead 1", "ahead 2", "ahead 3")
    worker.ask(BOB, "b1", "b2")
    assert worker.questions.waiting("ann") == 0
    assert worker.questions.join(EVE, third)
    worker.questions.leave(ahead)
    assert (first.cancelled(), second.cancelled(), third.cancelled()) == (True, True, False)
    worker.ask(ahead, "ahead 4")
    assert worker.answer_all() == ["flying", "ahead 3", "b1", "b2", "ahead 4"]


def test_a_visitor_has_a_limited_number_of_questions_waiting(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "LIMITS", dataclasses.replace(questions.LIMITS, max_questions=2))
    flying, *_waiting = worker.ask(ANN, 1, 2, 3)
    with pytest.raises(SpecError, match="2 of your questions are waiting for an answer; ask for less at once"):
        worker.ask(Asker("ann"), 4)
    (of_bob,) = worker.ask(BOB, 5)
    with pytest.raises(SpecError, match="2 of your questions"):
        worker.questions.join(ANN, of_bob)
    assert worker.questions.join(ANN, flying)
    worker.ask(Asker("ann", ahead=True), 6)
    worker.answer(2)
    worker.ask(ANN, 7)
    assert worker.answer_all() == [1, 5, 2, 3, 7, 6]


def test_errors_and_cancelled_calls_reach_their_owner_and_the_next_is_asked(worker: Worker) -> None:
    wrong, gone, right = worker.ask(ANN, "wrong", "gone", "right")
    worker.calls[0].set_exception(ZeroDivisionError())
    worker.calls[1].cancel()
    worker.answer()
    with pytest.raises(ZeroDivisionError):
        wrong.result(0)
    with pytest.raises(CancelledError):
        gone.result(0)
    assert right.result(0) == "answer 3"


def test_an_engine_without_workers_fails_thousands_of_questions_one_after_the_other(worker: Worker) -> None:
    (first,) = worker.ask(ANN, "first")
    rest = worker.ask(ANN, *range(700)) + worker.ask(BOB, *range(700))

    def refuse(*_arguments: Any) -> "Future[Any]":
        raise EngineError("The engine is closed.")

    worker.questions._call = refuse
    worker.calls[0].set_exception(EngineError("The engine is closed."))
    assert all(isinstance(answer.exception(0), EngineError) for answer in [first, *rest])


def test_whoever_is_told_of_a_cancelled_question_may_ask_again_at_once(worker: Worker) -> None:
    worker.ask(BOB, "flying")
    (dropped,) = worker.ask(ANN, "dropped")
    again: list[Future[Any]] = []
    dropped.add_done_callback(lambda _answer: again.extend(worker.ask(EVE, "again")))
    worker.questions.leave(ANN)
    assert worker.answer_all() == ["flying", "again"]
    assert again[0].result(0) == "answer 2"


def test_a_question_is_never_both_given_to_a_worker_and_cancelled(worker: Worker) -> None:
    for _ in range(200):
        before = len(worker.asked)
        worker.ask(BOB, "flying")
        (answer,) = worker.ask(ANN, "wanted")
        meet = threading.Barrier(2)

        def leave(meet: threading.Barrier = meet) -> None:
            meet.wait(5)
            worker.questions.leave(ANN)

        thread = threading.Thread(target=leave)
        thread.start()
        meet.wait(5)
        worker.answer()
        thread.join(5)
        worker.answer_all()
        assert answer.cancelled() == (len(worker.asked) == before + 1)
        assert worker.questions.unanswered() == 0


def test_an_engine_has_one(tmp_path: Any) -> None:
    engine = Engine(Store(tmp_path / "runs.sqlite"))
    with pytest.raises(EngineError, match="call start"):
        engine.questions.ask(ANN, len, "no workers").result(0)
