"""What is said about a visitor's picture is true: its pixels are nobody else's and stay nowhere."""

import gc
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from resnet.runs.tasks import pictures as tasks
from resnet.ui.parts import backend


class Answering:
    """An engine that answers at once and keeps nothing of what it was asked."""

    def call(self, _function: Callable[..., Any], *_arguments: Any) -> "Future[Any]":
        answer: Future[Any] = Future()
        answer.set_result({"map": np.zeros((4, 4))})
        return answer


def test_the_cache_of_answers_keeps_a_fingerprint_and_no_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Answering()
    monkeypatch.setattr(backend, "engine", lambda: engine)
    monkeypatch.setattr(backend, "_answers", type(backend._answers)())
    picture = np.random.default_rng(0).integers(0, 256, (3, 32, 32)).astype(np.uint8)
    pixels, gone = picture.tobytes(), weakref.ref(picture)
    first = backend.ask(tasks.explain_pretrained, 18, "/a/path", "saliency", picture)
    assert backend.ask(tasks.explain_pretrained, 18, "/a/path", "saliency", picture.copy()) is first
    assert backend.ask(tasks.explain_pretrained, 18, "/a/path", "saliency", 255 - picture) is not first
    del picture
    gc.collect()
    assert gone() is None
    for question in backend._answers:
        assert all(len(part) <= 64 for part in flat(question) if isinstance(part, bytes))
        assert not any(isinstance(part, np.ndarray) or part == pixels for part in flat(question))


def flat(question: Any) -> list[Any]:
    return [part for item in question for part in flat(item)] if isinstance(question, tuple) else [question]


def test_the_page_says_where_a_picture_and_its_maps_stay(visit: Callable[..., AppTest]) -> None:
    said = [caption.value for caption in visit("pictures").main.caption]
    assert any("stays in the memory of this session" in text and "fingerprint of the picture" in text for text in said)
    assert not any("Nothing is stored" in text for text in said)
