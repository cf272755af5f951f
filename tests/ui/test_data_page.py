"""The page on data: what is here, what has to be fetched, and pictures that a visitor brings."""

import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from resnet import catalog, datasets
from resnet.datasets import own, sources
from resnet.files import DownloadError
from resnet.runs.engine import Engine
from resnet.specs import Recipe
from resnet.ui.lab import data as page
from resnet.ui.lab import sanity, scores
from resnet.ui.parts import images, jobs, own_data, visitors
from tests.datasets.makers import serving

Visit = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(jobs, "_jobs", {})
    monkeypatch.setattr(own_data, "_users", {})
    monkeypatch.setattr(own_data, "_seen", {})
    monkeypatch.setattr(own_data, "_tidying", threading.Event())
    own_data._tidying.set()  # no thread of its own
    datasets.forget()
    yield
    datasets.forget()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are done where they are asked for."""

    class Now:
        def submit(self, work: Callable[..., Any], *arguments: Any) -> None:
            work(*arguments)

    monkeypatch.setattr(jobs, "_workers", Now())


@pytest.fixture
def reading(waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker that unpacks pictures."""

    def call(_engine: Engine, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        answer: Future[Any] = Future()
        answer.set_result(function(*arguments))
        return answer

    monkeypatch.setattr(Engine, "call", call)


def archive(classes: tuple[str, ...] = ("cat", "dog"), **more: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as opened:
        for shade, name in enumerate(classes):
            for number in range(5):
                picture = io.BytesIO()
                Image.new("RGB", (20, 20), (80 * shade + number, 9, 9)).save(picture, "PNG")
                opened.writestr(f"{name}/{number}.png", picture.getvalue())
        for name, data in more.items():
            opened.writestr(f"cat/{name}.png", data)
    return content.getvalue()


def words(app: AppTest) -> str:
    shown = [*app.main.markdown, *app.main.caption, *app.main.info, *app.main.warning]
    return " ".join(str(element.value) for element in shown)


def test_every_class_is_shown_with_its_name_and_count(visit: Visit) -> None:
    app = visit("data", data="digits", nets="res-8")
    assert not app.exception
    assert "1,497 images to learn from and 300 to test on, in 10 classes; 144 to 153 of each" in words(app)
    pixels = datasets.load_dataset("digits").train.images / 255
    assert f"mean grey {pixels.mean():.3f}; standard deviation grey {pixels.std():.3f}." in words(app)
    sheet = page.contact_sheet(datasets.load_dataset("digits"), "test")
    assert sheet.count("<figure>") == 10
    assert sheet.count("<small>30</small>") == 10


def test_what_is_not_here_is_fetched_by_one_button_with_its_size(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server:
        monkeypatch.setattr(sources, "SOURCES", {**sources.SOURCES, "mnist": server.sources("mnist")})
        app = visit("data", data="mnist", nets="res-8")
        assert "MNIST is not on this computer yet" in words(app).replace("\\", "")
        assert app.button(key="bring-data").label == "Fetch MNIST (12 MB)"
        app.button(key="bring-data").click().run()
    assert not app.exception
    assert "50 images to learn from and 20 to test on" in words(app)


def test_a_fetch_that_fails_says_why_and_can_be_tried_again(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise DownloadError("no way to its server")

    monkeypatch.setattr(sources, "fetch_files", fail)
    app = visit("data", data="svhn", nets="res-8")
    app.button(key="bring-data").click().run()
    assert "No way to its server" in words(app)
    assert not app.button(key="bring-data").disabled


def test_a_host_can_forbid_fetching(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_FETCH", "no")
    app = visit("data", data="mnist", nets="res-8")
    assert not [button for button in app.button if button.key == "bring-data"]
    assert "the host does so by `python -m resnet fetch mnist`" in words(app)


@pytest.mark.parametrize("name", ["attribution", "mistakes", "train"])
def test_training_on_what_is_not_here_is_refused_and_every_page_says_what_to_do(name: str, visit: Visit) -> None:
    app = visit(name, data="cifar10", nets="res-8")
    assert not app.exception
    app.button(key="train").click().run()
    assert "CIFAR-10 is not on this computer yet (170 MB): fetch it on the Data page" in words(app).replace("\\", "")
    if name != "train":  # which needs no image
        assert app.button(key="bring-data").label == "Fetch CIFAR-10 (170 MB)"


def _bring(app: AppTest, content: bytes) -> AppTest:
    return app.file_uploader[0].set_value(("my pets.zip", content, "application/zip")).run()


def test_an_archive_becomes_the_data_set_of_the_bench_and_of_its_link(visit: Visit, reading: None) -> None:
    app = _bring(visit("data", nets="res-8"), archive(broken=b""))
    assert not app.exception
    name = app.query_params["data"]
    assert catalog.is_own(name)
    assert "8 images to learn from and 2 to test on, in 2 classes" in words(app)
    assert "2 of 2 right is compatible with 34–100 %" in words(app).replace("\\", "")
    assert [expander.label for expander in app.expander] == ["1 file or folder was left out"]
    assert app.segmented_control(key="data-pixels").value == 32
    app.segmented_control(key="data-pixels").set_value(96).run()
    assert app.query_params["pixels"] == "96"
    other = visit("data", nets="res-8", data=name)  # whoever has the link
    assert "8 images to learn from" in words(other)
    stranger = visit("data", nets="res-8")
    assert name not in page.own_data.choices("shapes")
    assert "my pets" not in stranger.selectbox(key="data-set").options


def test_an_archive_that_cannot_be_used_is_one_sentence(visit: Visit, reading: None) -> None:
    app = visit("data", nets="res-8")
    assert "This is no zip archive that can be read" in words(_bring(app, b"no zip"))
    assert "a data set needs 2–200 folders" in words(_bring(app, archive(("cat",)))).replace("\\", "").lower()
    assert "data" not in app.query_params


def test_what_was_brought_is_deleted_by_a_button_and_kept_by_a_switch(visit: Visit, reading: None) -> None:
    app = _bring(visit("data", nets="res-8"), archive())
    name = app.query_params["data"]
    app.toggle(key="keep-data").set_value(True).run()
    assert catalog.about(name)["kept"]  # type: ignore[index]
    app.button(key="delete-data").click().run()
    assert not app.exception
    assert datasets.state(name) == "deleted"
    assert "data" not in app.query_params
    gone = visit("data", nets="res-8", data=name)
    assert "The pictures of this data set were deleted" in words(gone).replace("\\", "")


@pytest.fixture
def brought(waiting_engine: Engine) -> str:
    from resnet.datasets.archive import open_archive
    from resnet.datasets.listing import list_pictures

    opened = open_archive(archive())
    return own.prepare("pets", list_pictures(opened.files, opened.folders), opened.read)


def test_pictures_go_with_the_last_visitor_who_has_them(brought: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"me"}
    monkeypatch.setattr(visitors, "present", lambda: set(here))
    own_data._users["me"] = {brought}
    own_data.forget_left(after=0)
    assert datasets.state(brought) == "here"
    here.clear()
    own_data.forget_left(after=1_000)  # a reload, or a pause
    assert datasets.state(brought) == "here"
    own_data.forget_left(after=0)
    assert datasets.state(brought) == "deleted"


def test_pictures_that_are_kept_or_that_a_run_needs_stay(
    brought: str, waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "present", set)
    monkeypatch.setattr(own_data, "_of_runs_at_work", lambda: {brought})
    own_data.forget_left(after=0)
    assert datasets.state(brought) == "here"
    monkeypatch.setattr(own_data, "_of_runs_at_work", set)
    own.keep(brought, True)
    own_data.forget_left(after=0)
    assert datasets.state(brought) == "here"


def test_what_is_deleted_is_in_no_memory_either(brought: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_data, "mine", list)
    page.contact_sheet(datasets.load_dataset(brought), "train")
    before = len(page._drawn)
    own_data.delete(brought)
    assert len(page._drawn) == before - 1


def test_only_so_many_archives_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    class Never:
        def submit(self, *_arguments: Any) -> None:
            pass

    monkeypatch.setattr(jobs, "_workers", Never())
    for number in range(jobs.ARCHIVES + 1):
        jobs.read_archive(f"{jobs.ARCHIVE}{number}", b"", "x")
    assert [bool(job.error) for job in jobs._jobs.values()] == [False] * jobs.ARCHIVES + [True]


def test_a_job_is_done_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Later:
        def submit(self, *work: Any) -> None:
            asked.append(work)

    monkeypatch.setattr(jobs, "_workers", Later())
    for _visitor in range(3):
        jobs.fetch("mnist")
    assert len(asked) == 1
    assert jobs.at_work("mnist")


@pytest.mark.parametrize("page", ["attribution", "scores", "sanity", "mistakes", "shattered"])
def test_of_few_pictures_only_those_are_offered_that_there_are(page: str, visit: Visit, brought: str) -> None:
    app = visit(page, nets="res-8", data=brought)
    assert not app.exception
    assert not [*app.error, *app.main.warning]
    assert not [slider for slider in app.slider if slider.key == "score-images"]  # two: nothing to choose


def test_no_score_is_asked_of_more_test_images_than_there_are(visit: Visit) -> None:
    app = visit("scores", nets="res-8", data="digits")
    assert app.slider(key="score-images").max == 100
    assert scores.choose_count(9, "") == 9
    assert sanity.count(Recipe(data="digits")) == 8


@pytest.mark.parametrize("count", [2, 3, 39, 1_000])
def test_images_that_stand_in_the_field_first_are_passed_over_where_there_are_fewer(count: int) -> None:
    assert images.chosen_images("0, 1, 2", count, "0, 1, 2") == (tuple(range(min(3, count))), "")
    chosen, wrong = images.chosen_images("5000", count, "0, 1, 2")
    assert chosen == tuple(range(min(3, count)))
    assert f"0–{count - 1}" in wrong
