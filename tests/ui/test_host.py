"""What is wrong with the machine or the settings of the host is one sentence on every page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine, external
from resnet.runs.engine import engine as engines
from resnet.runs.errors import NoRoom
from resnet.runs.store.database import LOCKED, NO_ROOM
from resnet.ui.app import pages

Visit = Callable[..., AppTest]
EVERY = [page.name for page in pages.PAGES]


def errors(app: AppTest) -> list[str]:
    assert not app.exception
    return [error.value.replace("\\", "") for error in app.main.error]


@pytest.mark.parametrize("page", EVERY)
def test_runs_that_cannot_be_recorded_are_told_on_every_page(
    page: str, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "trouble", str(NoRoom(NO_ROOM, path="/srv/runs.sqlite")))
    (said,) = errors(visit(page))
    assert said.startswith(
        "Runs cannot be recorded at the moment: /srv/runs.sqlite cannot be written: the disk or your share of it"
    )


def test_a_file_of_runs_that_cannot_be_read_later_is_one_sentence(
    visit: Visit, waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise NoRoom(LOCKED, path="/srv/runs.sqlite")

    monkeypatch.setattr(waiting_engine.store, "runs", refuse)
    (said,) = errors(visit("train"))
    assert said.startswith("/srv/runs.sqlite is being written by another program")


@pytest.mark.parametrize("page", ["", "train"])
def test_a_home_that_is_a_file_is_one_sentence(
    page: str, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(engines, "_shared", None)
    (said,) = errors(visit(page))
    assert "is no folder or lies in a file; choose another folder with RESNET_HOME" in said


def test_a_limit_that_cannot_be_used_is_one_sentence(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_MAX_DEPTH", "abc")
    (said,) = errors(visit("train"))
    assert said == "RESNET_MAX_DEPTH must be a whole number, 8 to 100,000; got “abc”"


@pytest.mark.parametrize("page", ["", "build", "train", "attribution"])
@pytest.mark.parametrize("address", ["", "tls://127.0.0.1:1"])
def test_why_the_engine_cannot_work_stands_once_on_every_page(
    address: str, page: str, visit: Visit, waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_SCHEDULER", address)
    waiting_engine.state, waiting_engine.message = "failed", external.NOBODY
    (said,) = errors(visit(page))
    assert said.count("No Dask scheduler answers at the address of RESNET_SCHEDULER.") == 1
    assert ("connects by itself" in said) == bool(address)
