"""Claims about the folder of runs and data."""

from pathlib import Path

import platformdirs
import pytest

from resnet.files import home


def test_home_is_the_folder_that_the_environment_names_and_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "deep" / "er"))
    assert home() == tmp_path / "deep" / "er"
    assert home().is_dir()


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
