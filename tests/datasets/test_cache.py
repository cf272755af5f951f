"""Claims about the caches of data sets: a cache that fails costs time and nothing else."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import resnet.datasets
from resnet.datasets import Split, digits, load_dataset

KEY = f"digits-quick-0-{digits.VERSION}.npz"


@pytest.fixture(autouse=True)
def _nothing_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RESNET_HOME", str(tmp_path))
    resnet.datasets._load.cache_clear()
    yield
    resnet.datasets._load.cache_clear()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one seed whenever the digits are made afresh."""
    seeds: list[int] = []
    original = digits.make

    def counting(level: str, seed: int) -> tuple[Split, Split]:
        seeds.append(seed)
        return original(level, seed)

    monkeypatch.setattr(digits, "make", counting)
    return seeds


def _again() -> resnet.datasets.Dataset:
    """As another process would load it: from disk."""
    resnet.datasets._load.cache_clear()
    return load_dataset("digits")


def test_it_is_made_once_and_then_read_from_disk(tmp_path: Path, made: list[int]) -> None:
    first = load_dataset("digits")
    second = _again()
    assert made == [0]
    assert second is not first
    np.testing.assert_array_equal(first.test.images, second.test.images)
    assert [path.name for path in (tmp_path / "data").iterdir()] == [KEY]


def test_each_seed_has_its_own_file(tmp_path: Path, made: list[int]) -> None:
    load_dataset("digits", seed=1)
    load_dataset("digits", seed=2)
    assert made == [1, 2]
    assert len(list((tmp_path / "data").iterdir())) == 2


def test_a_new_version_is_made_afresh(made: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    load_dataset("digits")
    monkeypatch.setattr(digits, "VERSION", digits.VERSION + 1)
    _again()
    assert made == [0, 0]


def _one_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def _other_arrays(path: Path) -> None:
    np.savez(path, something=np.zeros(3))


def _labels_that_do_not_fit(path: Path) -> None:
    with np.load(path) as stored:
        arrays = dict(stored)
    np.savez(path, **{**arrays, "train_labels": arrays["train_labels"][:-1]})


def _one_flipped_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def _pickles(path: Path) -> None:
    np.savez(path, train_images=np.array([{}], dtype=object))


BREAK: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-5000]),
    "start only": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "garbage": lambda path: path.write_bytes(b"no archive at all" * 100),
    "one array": _one_array,
    "other arrays": _other_arrays,
    "labels that do not fit": _labels_that_do_not_fit,
    "one flipped byte": _one_flipped_byte,
    "pickles": _pickles,
}


@pytest.mark.parametrize("breakage", BREAK)
def test_a_broken_file_is_replaced_by_a_whole_one(breakage: str, tmp_path: Path, made: list[int]) -> None:
    truth = load_dataset("digits")
    BREAK[breakage](tmp_path / "data" / KEY)
    np.testing.assert_array_equal(_again().train.images, truth.train.images)
    assert made == [0, 0]
    _again()
    assert made == [0, 0]


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    assert len(load_dataset("digits").test.labels) == 300
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "file" / "home"))
    assert len(_again().test.labels) == 300


def test_a_read_only_folder_is_no_error_and_what_is_in_it_is_used(
    tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_dataset("digits")
    original = Path.open

    def read_only(path: Path, mode: str = "r", **options: Any) -> object:
        if "x" in mode or "w" in mode:
            raise PermissionError("read-only")
        return original(path, mode, **options)

    monkeypatch.setattr(Path, "open", read_only)  # chmod does not stop root, who runs tests in containers
    _again()
    assert made == [0]
    load_dataset("digits", seed=1)
    assert made == [0, 1]


def test_a_write_that_fails_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert len(load_dataset("digits").test.labels) == 300
    assert list((tmp_path / "data").iterdir()) == []


def test_a_class_that_asks_at_once_makes_it_once(made: list[int]) -> None:
    together = threading.Barrier(8)
    seen = []

    def ask() -> None:
        together.wait()
        seen.append(load_dataset("digits"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [0]
    assert len(seen) == 8
    assert len(set(map(id, seen))) == 1


@pytest.mark.parametrize(
    ("name", "warm", "banned"),
    [
        ("shapes", False, {"torch", "torchvision", "captum", "streamlit", "sklearn", "scipy"}),
        ("digits", False, {"torch", "torchvision", "captum", "streamlit"}),
        ("digits", True, {"torch", "torchvision", "captum", "streamlit", "sklearn", "scipy"}),
    ],
)
def test_loading_imports_nothing_heavy(name: str, warm: bool, banned: set[str]) -> None:
    if warm:
        load_dataset(name)
    code = f"import sys; from resnet.datasets import load_dataset; load_dataset({name!r}); print(*sys.modules)"
    result = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert not banned & set(result.stdout.split())
