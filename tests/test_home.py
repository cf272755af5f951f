"""Claims about the folder of runs and data."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from resnet.datasets import cache
from resnet.files import HomeError, home
from resnet.runs.engine import Engine


def test_home_is_the_folder_that_the_environment_names_and_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "deep" / "er"))
    assert home() == tmp_path / "deep" / "er"
    assert home().is_dir()


@pytest.mark.skipif(os.name != "posix", reason="folders have no mode here")
def test_a_new_home_is_its_users_alone_and_one_that_exists_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "deep" / "new"))
    assert stat.S_IMODE(home().stat().st_mode) == 0o700
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o775)
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "shared"))
    assert stat.S_IMODE(home().stat().st_mode) == 0o775


def test_a_tilde_is_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("RESNET_HOME", "~/lab")
    assert home() == tmp_path / "lab"


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_name_it_is_the_platforms_folder_for_data(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESNET_HOME")
    if value is not None:
        monkeypatch.setenv("RESNET_HOME", value)
    monkeypatch.setattr(platformdirs, "user_data_path", lambda name, appauthor: tmp_path / "platform" / name)
    assert home() == tmp_path / "platform" / "resnet-lab"


def _a_file(folder: Path, patch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("")
    patch.setenv("RESNET_HOME", str(folder / "file"))


def _inside_a_file(folder: Path, patch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("")
    patch.setenv("RESNET_HOME", str(folder / "file" / "deeper"))


def _of_nobody(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("RESNET_HOME", "~no-such-user/lab")


def _homeless(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """As in a container whose user has no entry and no HOME: platformdirs then gives a path with a tilde."""
    patch.chdir(folder)
    patch.delenv("RESNET_HOME")
    patch.setattr(platformdirs, "user_data_path", lambda name, appauthor: Path("~no-such-user/.local/share") / name)


def _too_long(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("RESNET_HOME", str(folder / ("x" * 300)))


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (_a_file, "is no folder or lies in a file"),
        (_inside_a_file, "is no folder or lies in a file"),
        (_of_nobody, "names a home folder that is not there"),
        (_homeless, "names a home folder that is not there"),
        (_too_long, "cannot be used for runs and data"),
    ],
)
def test_a_folder_that_cannot_be_had_is_one_sentence_and_data_do_without_it(
    arrange: Callable[[Path, pytest.MonkeyPatch], None], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrange(tmp_path, monkeypatch)
    for ask in (home, Engine.open):
        with pytest.raises(HomeError) as error:
            ask()
        assert said in str(error.value)
        assert str(error.value).endswith("; choose another folder with RESNET_HOME")
        assert "\n" not in str(error.value)
    assert cache.read("nothing") is None
    assert not list(tmp_path.glob("~*"))
