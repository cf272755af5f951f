"""Data sets on disk, so that they are made once per machine; a cache that fails costs time and nothing else."""

import contextlib
import os
import uuid
from pathlib import Path

import numpy as np

from resnet.datasets.data import Split
from resnet.files import home

Splits = tuple[Split, Split]


def read(key: str) -> Splits | None:
    """Training and test split stored under `key`; None where there is no file, or one that is broken."""
    try:
        # opened here: np.load leaves the file open when it cannot read it
        with _path(key).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}  # zip checks each array's checksum here
        return _split("train", arrays), _split("test", arrays)
    except Exception:  # one wrong byte in an archive can raise nearly anything, NotImplementedError included
        return None


def write(key: str, splits: Splits) -> None:
    """Store both splits under `key`; where the folder cannot be written, nothing happens."""
    with contextlib.suppress(OSError):
        save(key, splits)


def save(key: str, splits: Splits) -> None:
    """Store both splits under `key`. Raises OSError."""
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of our own until it is whole: other processes read and write the same file.
    temporary = path.with_name(f"{path.stem}.{uuid.uuid4().hex}.tmp")
    try:
        with temporary.open("xb") as file:
            np.savez(file, allow_pickle=False, **_arrays("train", splits[0]), **_arrays("test", splits[1]))
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def has(key: str) -> bool:
    """Whether something is stored under `key`; it may be damaged."""
    return _path(key).exists()


def _path(key: str) -> Path:
    return home() / "data" / f"{key}.npz"


def _arrays(part: str, split: Split) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {f"{part}_images": split.images, f"{part}_labels": split.labels}
    return arrays if split.masks is None else {**arrays, f"{part}_masks": split.masks}


def _split(part: str, arrays: dict[str, np.ndarray]) -> Split:
    return Split(arrays[f"{part}_images"], arrays[f"{part}_labels"], arrays.get(f"{part}_masks"))
