"""The file formats of published data sets, read by numpy alone: nothing that a file contains is ever run."""

import gzip
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from resnet.catalog import DataError
from resnet.datasets.data import Split
from resnet.datasets.sources import damaged

PIXELS = 3 * 32 * 32  # of an image of CIFAR
FRAME = 2  # pixels around an image of 28x28: 32x32 is what the nets of the papers halve twice


def cifar(archive: Path, train: Sequence[str], test: Sequence[str], labels: int) -> tuple[Split, Split]:
    """Both splits of a binary version of CIFAR: rows of `labels` bytes, the last one the class, and the pixels."""
    with _whole(archive):
        members = _members(archive, {*train, *test})
        return _rows([members[name] for name in train], labels), _rows([members[name] for name in test], labels)


def idx(images: Path, labels: Path) -> Split:
    """A split of MNIST's format: a header of 4 bytes and the sizes, then bytes; images are framed in black to 32x32."""
    with _whole(images):
        pixels = _array(images, 3)
    with _whole(labels):
        classes = _array(labels, 1).astype(np.int64)
    framed = np.pad(pixels, ((0, 0), (FRAME, FRAME), (FRAME, FRAME)))
    with _whole(labels):  # as many labels as images
        return Split(framed[:, None], classes)


def mat(path: Path) -> Split:
    """A split of SVHN: X (32, 32, 3, N) and y (N, 1), in which the digit 0 is called 10."""
    from scipy.io import loadmat

    with _whole(path):
        found = loadmat(path, variable_names=["X", "y"])
        images = np.ascontiguousarray(found["X"].transpose(3, 2, 0, 1))
        return Split(images, found["y"].ravel().astype(np.int64) % 10)


def _members(archive: Path, wanted: set[str]) -> dict[str, bytes]:
    """The files of those names in an archive, whatever folder they lie in."""
    found = {}
    with tarfile.open(archive, "r:gz") as opened:
        for member in opened:
            name = member.name.rsplit("/", 1)[-1]
            if member.isfile() and name in wanted:
                found[name] = opened.extractfile(member).read()  # type: ignore[union-attr]
    return found


def _rows(contents: Sequence[bytes], labels: int) -> Split:
    rows = np.frombuffer(b"".join(contents), np.uint8).reshape(-1, labels + PIXELS)
    return Split(rows[:, labels:].reshape(-1, 3, 32, 32).copy(), rows[:, labels - 1].astype(np.int64))


def _array(path: Path, dimensions: int) -> np.ndarray:
    content = gzip.decompress(path.read_bytes())
    kind, sizes = content[:4], np.frombuffer(content, ">u4", dimensions, 4)
    if kind != bytes([0, 0, 8, dimensions]):
        raise ValueError("no such file of bytes")
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(sizes)


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """A file that cannot be read is named. Raises DataError."""
    try:
        yield
    except Exception as error:  # one wrong byte in an archive can raise nearly anything
        raise DataError(damaged(path)) from error
