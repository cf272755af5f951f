"""Published data sets in their makers' formats, a few images each, on a server of our own."""

import gzip
import hashlib
import io
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from scipy.io import savemat

from resnet.datasets.sources import File

RNG = np.random.default_rng(5)
Both = tuple[np.ndarray, np.ndarray]


def drawn(count: int, classes: int, *shape: int) -> Both:
    """Images of bytes with labels, every class among them."""
    return RNG.integers(0, 256, (count, *shape), dtype=np.uint8), np.arange(count) % classes


def archive(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as opened:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            opened.addfile(entry, io.BytesIO(data))
    return content.getvalue()


def rows(images: np.ndarray, labels: np.ndarray, before: bytes = b"") -> bytes:
    return b"".join(
        before + bytes([label]) + image.tobytes() for image, label in zip(images, labels.tolist(), strict=True)
    )


def idx(array: np.ndarray) -> bytes:
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return gzip.compress(header + array.astype(np.uint8).tobytes())


def mat(images: np.ndarray, labels: np.ndarray) -> bytes:
    content = io.BytesIO()
    digits = np.where(labels == 0, 10, labels)[:, None].astype(np.uint8)
    savemat(content, {"X": images.transpose(2, 3, 1, 0), "y": digits})
    return content.getvalue()


def cifar(classes: int) -> tuple[dict[str, bytes], Both, Both]:
    train, test = drawn(200, classes, 3, 32, 32), drawn(100, classes, 3, 32, 32)
    if classes == 10:
        parts = {f"x/data_batch_{n + 1}.bin": rows(train[0][n::5], train[1][n::5]) for n in range(5)}
        order = np.concatenate([np.arange(n, 200, 5) for n in range(5)])
        train = train[0][order], train[1][order]
        members = {**parts, "x/test_batch.bin": rows(*test), "x/readme.html": b"<html>"}
        return {"cifar-10-binary.tar.gz": archive(members)}, train, test
    members = {"x/train.bin": rows(*train, b"\x07"), "x/test.bin": rows(*test, b"\x07")}  # the coarse class first
    return {"cifar-100-binary.tar.gz": archive(members)}, train, test


def grey() -> tuple[dict[str, bytes], Both, Both]:
    train, test = drawn(50, 10, 28, 28), drawn(20, 10, 28, 28)
    files = {
        "train-images-idx3-ubyte.gz": idx(train[0]),
        "train-labels-idx1-ubyte.gz": idx(train[1]),
        "t10k-images-idx3-ubyte.gz": idx(test[0]),
        "t10k-labels-idx1-ubyte.gz": idx(test[1]),
    }
    return files, train, test


def svhn() -> tuple[dict[str, bytes], Both, Both]:
    train, test = drawn(40, 10, 3, 32, 32), drawn(20, 10, 3, 32, 32)
    return {"train_32x32.mat": mat(*train), "test_32x32.mat": mat(*test)}, train, test


MADE = {"cifar10": cifar(10), "cifar100": cifar(100), "fashion": grey(), "mnist": grey(), "svhn": svhn()}


class Server:
    """What is asked for is counted; `spoil` changes what is sent for a name."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.contents: dict[str, bytes] = {}
        self.cut = 0
        self.address = ""

    def sources(self, name: str) -> tuple[File, ...]:
        """The files of a data set as records, to be served from here."""
        files = MADE[name][0]
        self.contents |= {f"/{name}/{file}": content for file, content in files.items()}
        return tuple(
            File(f"{self.address}/{name}/{file}", f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))
            for file, content in files.items()
        )


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked[self.path] += 1
            content = server.contents[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content) + server.cut))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.address = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        http.shutdown()
        thread.join()
