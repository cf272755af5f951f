"""What is said about a visitor's picture is true: its pixels are nobody else's and stay nowhere."""

import gc
import hashlib
import io
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from torchvision.models import get_model_weights

from resnet import pretrained
from resnet.datasets.pictures import PictureError, read_picture
from resnet.datasets.samples import Sample
from resnet.runs.engine import Engine
from resnet.runs.errors import EngineError
from resnet.runs.tasks import pictures as tasks
from resnet.ui.lab import pictures
from resnet.ui.parts import backend


@pytest.fixture(autouse=True)
def samples(monkeypatch: pytest.MonkeyPatch) -> dict[str, Sample]:
    """Those that the page has; in these tests it shows none by itself."""
    found = dict(pictures.SAMPLES)
    monkeypatch.setattr(pictures, "SAMPLES", {})
    return found


class Asked:
    """An engine that is asked without a queue."""

    @property
    def questions(self) -> "Asked":
        return self

    def ask(self, _asker: object, *question: Any) -> "Future[Any]":
        answer: Future[Any] = self.call(*question)  # type: ignore[attr-defined]
        return answer

    def join(self, _asker: object, _answer: "Future[Any]") -> bool:
        return True

    def leave(self, *_askers: object) -> None:
        pass

    leave_all = leave


class Answering(Asked):
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


class Failing(Asked):
    """An engine whose answers are given by the test."""

    def __init__(self) -> None:
        self.answers: list[Future[Any]] = []

    def call(self, _function: Callable[..., Any], *_arguments: Any) -> "Future[Any]":
        self.answers.append(Future())
        return self.answers[-1]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Failing:
    engine = Failing()
    monkeypatch.setattr(backend, "engine", lambda: engine)
    monkeypatch.setattr(backend, "_answers", type(backend._answers)())
    return engine


def test_an_answer_that_failed_is_forgotten_at_once(failing: Failing) -> None:
    asked = [backend.ask(tasks.explain_pretrained, depth) for depth in (18, 34, 50)]
    failing.answers[0].set_exception(ValueError("no"))
    failing.answers[1].cancel()
    failing.answers[2].set_result(("there", "00"))
    assert list(backend._answers.values()) == [asked[2]]
    assert backend.ask(tasks.explain_pretrained, 18) is failing.answers[3]


def test_an_answer_that_failed_before_it_was_asked_for_is_not_kept(failing: Failing) -> None:
    failed: Future[Any] = Future()
    failed.set_exception(ValueError("no"))
    failing.call = lambda *_arguments: failed  # type: ignore[method-assign]
    assert backend.ask(tasks.explain_pretrained, 18) is failed  # and comes back: no lock is taken twice
    assert not backend._answers


def test_a_late_failure_does_not_take_a_newer_answer_along(failing: Failing) -> None:
    old = backend.ask(tasks.explain_pretrained, 18)
    backend._answers.clear()
    new = backend.ask(tasks.explain_pretrained, 18)
    failing.answers[0].set_exception(ValueError("no"))
    assert old is not new
    assert list(backend._answers.values()) == [new]


def png(side: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "navy").save(buffer, "PNG")
    return buffer.getvalue()


class Working(Asked):
    """An engine whose worker answers what it is asked, in this thread, and notes it; the nets' maps are refused."""

    state = "ready"

    def __init__(self, real: Engine) -> None:
        self.real, self.asked = real, list[int]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def call(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        answer: Future[Any] = Future()
        if function is not tasks.read_own:
            answer.set_exception(EngineError("The workers are gone."))
            return answer
        self.asked.append(len(arguments[0]))
        try:
            answer.set_result(function(*arguments))
        except PictureError as error:
            answer.set_exception(error)
        return answer


@pytest.fixture
def working(waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Working:
    engine = Working(waiting_engine)
    monkeypatch.setattr("resnet.runs.engine.engine._shared", engine)
    return engine


def test_a_picture_is_unpacked_once_by_the_worker_and_no_longer_kept_than_shown(
    visit: Callable[..., AppTest], working: Working
) -> None:
    app = visit("pictures", nets="res-20-w4")
    app.file_uploader[0].set_value(("large.png", png(2_300), "image/png")).run()
    app.run()
    assert not app.exception
    assert working.asked == [len(png(2_300))]
    _key, answer = app.session_state["own picture"]
    own = answer.result()
    assert own["shown"].shape == (420, 420, 3)
    assert {side: pixels.shape for side, pixels in own["seen"].items()} == {32: (3, 32, 32), 224: (3, 224, 224)}
    assert not any(isinstance(answer.result(), dict) and "shown" in answer.result() for answer in given())
    app.file_uploader[0].set_value(("small.png", png(50), "image/png")).run()
    assert len(working.asked) == 2
    app.file_uploader[0].set_value([]).run()
    assert "own picture" not in app.session_state


def given() -> list["Future[Any]"]:
    return [answer for answer in backend._answers.values() if answer.done() and not answer.exception()]


def test_a_picture_that_cannot_be_used_is_one_sentence_and_looked_at_once(
    visit: Callable[..., AppTest], working: Working
) -> None:
    app = visit("pictures", nets="res-20-w4")
    app.file_uploader[0].set_value(("cut.png", png(300)[:200], "image/png")).run()
    app.run()
    assert not app.exception
    (warning,) = app.main.warning
    assert warning.value.replace("\\", "") == (
        "This picture cannot be used: the picture is cut off or damaged: save it anew and try again."
    )
    assert len(working.asked) == 1


def test_pictures_reach_the_worker_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes of a class of 30 are not on their way at the same time."""
    session: dict[str, Any] = {}
    monkeypatch.setattr(pictures.st, "session_state", session)
    monkeypatch.setattr(pictures.waiting, "gather", lambda _asked: [{"shown": None, "seen": {}}])
    engine, under_way = Failing(), threading.Semaphore(0)
    call = engine.call
    engine.call = lambda *asked: (call(*asked), under_way.release())[0]  # type: ignore[method-assign]
    monkeypatch.setattr(backend, "engine", lambda: engine)
    waiting: list[Future[Any]] = []
    for number in range(3):
        pictures.read(SimpleNamespace(file_id=str(number), getvalue=lambda: b"a file"), 32)
        waiting.append(session["own picture"][1])
    try:
        assert under_way.acquire(timeout=10)
        assert waiting[2].cancel()  # whoever left: nothing of it is sent
        assert len(engine.answers) == 1
        engine.answers[0].set_result({})
        assert under_way.acquire(timeout=10)
        engine.answers[1].set_exception(EngineError("The workers are gone."))
        assert isinstance(waiting[1].exception(timeout=10), EngineError)
        assert len(engine.answers) == 2
    finally:
        for answer in engine.answers:  # else the thread that waits for it would outlive the tests
            answer.cancel()


def test_the_checksums_are_those_of_torchvision() -> None:
    for depth, digest in pretrained.CHECKSUMS.items():
        url = get_model_weights(f"resnet{depth}")["IMAGENET1K_V1"].url
        assert url == pretrained.url(depth)
        assert url.endswith(f"-{digest}.pth")
    assert pretrained.CHECKSUMS.keys() == pretrained.SIZES.keys()


WHOLE = b"as torchvision wrote it" * 1_000


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESNET_HOME", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(
        pretrained, "CHECKSUMS", {**pretrained.CHECKSUMS, 18: hashlib.sha256(WHOLE).hexdigest()[:8]}, raising=False
    )
    path = tmp_path / "weights" / "resnet18.pth"
    path.parent.mkdir()
    return path


@pytest.mark.parametrize("content", [b"", WHOLE[:9_000], b"<html>not found</html>"], ids=["empty", "cut", "garbage"])
def test_damaged_weights_are_not_here_and_are_fetched_again(
    content: bytes,
    weights: Path,
    visit: Callable[..., AppTest],
    waiting_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fetch(_url: str, path: Path, *_rest: Any) -> Path:
        assert not path.exists()
        path.write_bytes(WHOLE)
        return path

    monkeypatch.setattr(pretrained, "fetch", fetch)
    waiting_engine.state = "ready"
    weights.write_bytes(content)
    assert pretrained.present() == []
    app = visit("pictures")
    assert [warning.value for warning in app.main.warning] == [
        "The file of ResNet-18 is empty or damaged: fetch it again."
    ]
    app.button(key="fetch-18").click().run()
    assert not app.exception
    assert weights.read_bytes() == WHOLE
    assert pretrained.present() == [18]
    assert not app.main.warning
    assert app.button(key="fetch-18").disabled


def test_whole_weights_are_looked_at_once(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights.write_bytes(WHOLE)
    assert pretrained.present() == [18]
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert pretrained.present() == [18]


def test_without_a_picture_of_ones_own_a_sample_is_shown_with_who_made_it(
    samples: dict[str, Sample], visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"china", "flower"} <= samples.keys()
    monkeypatch.setattr(pictures, "SAMPLES", samples)
    asked: list[bytes] = []

    def read(upload: Any, side: int) -> pictures.Own:
        asked.append(upload.getvalue())
        raise PictureError("as far as this")

    monkeypatch.setattr(pictures, "read", read)
    backend.engine().state = "ready"
    app = visit("pictures", sample="Flower")
    assert asked == [samples["flower"].path.read_bytes()]
    assert app.selectbox(key="sample").value == "flower"
    app.file_uploader[0].set_value(("own.png", b"mine", "image/png")).run()
    assert asked[-1] == b"mine"


def test_every_sample_is_a_photograph_with_its_maker_and_licence(samples: dict[str, Sample]) -> None:
    for sample in samples.values():
        assert min(read_picture(sample.getvalue()).size) >= 224
        assert sample.credit
        assert sample.licence
