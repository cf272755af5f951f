"""Answers of the interactive worker, kept by question: what was asked once, by anybody, is there at once."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from resnet.runs.engine import shared

MOST = 800  # answers; the profiles of one net are 2 kB at depth 56 and 45 kB at depth 1202

_kept: "OrderedDict[tuple[Any, ...], Future[Any]]" = OrderedDict()
_lock = threading.Lock()


def ask(function: Callable[..., Any], *arguments: Any, known_as: tuple[Any, ...] | None = None) -> "Future[Any]":
    """The answer of a function of `runs.tasks`, or its promise; what failed is asked again.

    The question is its arguments, or `known_as` where they are too large to be kept, as weights are.
    """
    engine = shared()
    question = (id(engine), function.__name__, *(known_as or arguments))
    with _lock:
        found = _kept.get(question)
        if found is None or (found.done() and (found.cancelled() or found.exception() is not None)):
            found = _kept[question] = engine.call(function, *arguments)
        _kept.move_to_end(question)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def waiting() -> int:
    """Questions that have no answer yet."""
    with _lock:
        return sum(not answer.done() for answer in _kept.values())
