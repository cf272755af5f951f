"""The fair queue of questions in front of the free worker: one visitor's two hundred hold up nobody else's one.

Whoever waits for an answer owns the question; several may. A question that nobody owns any more is cancelled, unless a
worker has it: a task cannot be ended there without its process, and it is short.
"""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from resnet.i18n import N_, _
from resnet.runs.engine.queue import FairQueue
from resnet.specs import SpecError
from resnet.specs.limits import LIMITS

FULL = N_("{limit} of your questions are waiting for an answer; ask for less at once")

Call = Callable[..., "Future[Any]"]


@dataclass(frozen=True, eq=False)
class Asker:
    """One wait of a visitor, such as a page that is being drawn; `ahead` for what nobody waits for yet."""

    visitor: str
    ahead: bool = False


@dataclass(eq=False)
class _Question:
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    answer: "Future[Any]" = field(default_factory=Future)
    owners: set[Asker] = field(default_factory=set)
    started: bool = False


class Questions:
    """Methods may be called from any thread, and none waits.

    No answer is given or cancelled while the lock is held: whoever is called back may ask.
    """

    def __init__(self, call: Call, at_once: Callable[[], int]) -> None:
        """`call` has a function computed; `at_once` says how many calls are computed at the same time."""
        self._call, self._at_once = call, at_once
        self._lock = threading.Lock()  # guards what is below
        self._waited_for: FairQueue[_Question] = FairQueue()
        self._ahead: FairQueue[_Question] = FairQueue()  # taken from only while nobody waits
        self._open: dict[Future[Any], _Question] = {}
        self._owned: dict[Asker, set[_Question]] = {}
        self._on_workers = 0
        self._starting = False  # somebody is in `_start`

    def ask(self, asker: Asker, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """The promise of ``function(*arguments)``, owned by `asker`. Raises SpecError for a visitor who waits for many.

        It raises what `call` raises; where that was cancelled, CancelledError.
        """
        question = _Question(function, arguments)
        with self._lock:
            self._own(question, asker)
            self._open[question.answer] = question
        self._start()
        return question.answer

    def join(self, asker: Asker, answer: "Future[Any]") -> bool:
        """Let `asker` own a question too; False when it was cancelled. Raises like `ask`."""
        with self._lock:
            if question := self._open.get(answer):
                self._own(question, asker)
                return True
        return not answer.cancelled()

    def leave(self, *askers: Asker) -> None:
        """They do not wait any more: what no other owns and no worker has is cancelled."""
        with self._lock:
            pairs = [(question, asker) for asker in askers for question in self._owned.pop(asker, ())]
            dropped = [question for question, asker in pairs if self._disown(question, asker)]
        for question in dropped:
            question.answer.cancel()

    def leave_all(self, visitor: str) -> None:
        """The visitor is gone."""
        with self._lock:
            askers = [asker for asker in self._owned if asker.visitor == visitor]
        self.leave(*askers)

    def waiting(self, visitor: str) -> int:
        """How many questions `visitor` waits for that no worker has."""
        with self._lock:
            return self._waited_for.count(visitor)

    def unanswered(self) -> int:
        """How many questions of anybody have no answer yet, those ahead included."""
        with self._lock:
            return len(self._open)

    def _own(self, question: _Question, asker: Asker) -> None:
        if not question.started:
            queue = self._queue(asker)
            if not asker.ahead and queue.count(asker.visitor) >= LIMITS.max_questions:
                raise SpecError(_(FULL, limit=LIMITS.max_questions))
            queue.add(question, asker.visitor)
        question.owners.add(asker)
        self._owned.setdefault(asker, set()).add(question)

    def _disown(self, question: _Question, asker: Asker) -> bool:
        """Whether nobody is left to own it, and no worker has it."""
        question.owners.discard(asker)
        if question.started:
            return False
        if not any((one.visitor, one.ahead) == (asker.visitor, asker.ahead) for one in question.owners):
            self._queue(asker).remove(question, asker.visitor)
        if not question.owners:
            del self._open[question.answer]
        return not question.owners

    def _queue(self, asker: Asker) -> FairQueue[_Question]:
        return self._ahead if asker.ahead else self._waited_for

    def _start(self) -> None:
        """Give questions to workers that are free; a call that fails at once must not end in a call within a call."""
        with self._lock:
            if self._starting:
                return
            self._starting = True
        while question := self._next():
            self._called(question).add_done_callback(partial(self._answered, question))

    def _next(self) -> _Question | None:
        with self._lock:
            while self._on_workers < max(1, self._at_once()) and (question := self._taken()):
                if question.answer.set_running_or_notify_cancel():
                    self._on_workers += 1
                    question.started = True
                    return question
                self._forget(question)  # somebody has cancelled it who is no owner
            self._starting = False  # in the same step: what comes later starts itself
            return None

    def _taken(self) -> _Question | None:
        question = self._waited_for.take() or self._ahead.take()
        if question:
            self._ahead.remove(question)
        return question

    def _called(self, question: _Question) -> "Future[Any]":
        try:
            return self._call(question.function, *question.arguments)
        except Exception as error:  # the others must still be asked
            failed: Future[Any] = Future()
            failed.set_exception(error)
            return failed

    def _answered(self, question: _Question, call: "Future[Any]") -> None:
        with self._lock:
            self._on_workers -= 1
            self._forget(question)
        error = CancelledError() if call.cancelled() else call.exception()
        if error is not None:
            question.answer.set_exception(error)
        else:
            question.answer.set_result(call.result())
        self._start()

    def _forget(self, question: _Question) -> None:
        del self._open[question.answer]
        for asker in question.owners:
            self._owned[asker].discard(question)
            if not self._owned[asker]:
                del self._owned[asker]
        if not self._open:
            self._waited_for.forget_turns()
            self._ahead.forget_turns()
