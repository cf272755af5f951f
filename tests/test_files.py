"""A file is fetched once, checked, and never left half; the server is one of our own on the loopback interface."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from resnet import files
from resnet.files import DownloadError, addresses, fetch

CONTENT = bytes(range(256)) * 4_000
PAGE = b"\n<!DOCTYPE html><title>Login</title>"
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]


class Handler(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        if "missing" in self.path:
            self.send_error(404)
            return
        content = PAGE if self.path == "/login" else CONTENT
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:1_000] if self.path == "/short" else content)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Handler.asked = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_file_is_fetched_once_with_progress(address, tmp_path):
    path, told = tmp_path / "new" / "file", []
    fetch(f"{address}/file", path, DIGEST, lambda done, size: told.append((done, size)))
    assert path.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    fetch(f"{address}/file", path, DIGEST)
    assert Handler.asked == 1


def test_two_visitors_fetch_it_once(address, tmp_path):
    together = threading.Barrier(4)

    def visit():
        together.wait()
        fetch(f"{address}/file", tmp_path / "f", DIGEST)

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Handler.asked == 1
    assert (tmp_path / "f").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("path", "digest", "sentence"),
    [
        ("/file", "0000", "the fetched file is damaged: its checksum is wrong; try again"),
        ("/file", "md5:0000", "the fetched file is damaged: its checksum is wrong; try again"),
        ("/missing", DIGEST, "127.0.0.1 does not give the file out: it answers 404"),
        ("/short", DIGEST, "only a part of the file came: the connection ended early; try again"),
        ("/login", DIGEST, "a web page came instead of the file: does this network want a login first?"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_leaves_nothing(address, tmp_path, path, digest, sentence):
    with pytest.raises(DownloadError) as error:
        fetch(address + path, tmp_path / "f", digest)
    assert str(error.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_offline_is_one_sentence(tmp_path):
    with pytest.raises(DownloadError, match="this computer has no way to its server"):
        fetch("http://127.0.0.1:9/file", tmp_path / "f", DIGEST)
    assert list(tmp_path.iterdir()) == []


def test_a_checksum_may_be_an_md5(address, tmp_path):
    digest = f"md5:{hashlib.md5(CONTENT).hexdigest()}"
    assert fetch(f"{address}/file", tmp_path / "f", digest).read_bytes() == CONTENT


def test_the_mirror_is_asked_first_and_the_usual_server_when_it_fails(address, tmp_path, monkeypatch):
    monkeypatch.setenv("RESNET_HOME", str(tmp_path))
    path = tmp_path / "files" / "some" / "f"
    monkeypatch.setenv("RESNET_MIRROR", f"{address}/copy/")
    assert addresses("http://127.0.0.1:9/f", path) == [f"{address}/copy/files/some/f", "http://127.0.0.1:9/f"]
    fetch("http://127.0.0.1:9/f", path, DIGEST)
    path.unlink()
    monkeypatch.setenv("RESNET_MIRROR", f"{address}/missing")
    fetch(f"{address}/file", path, DIGEST)
    assert path.read_bytes() == CONTENT


def test_a_mirror_that_is_no_address_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("RESNET_MIRROR", "here")
    with pytest.raises(DownloadError, match="“here” is no address of a file"):
        _copied("here", tmp_path / "f")


def _copied(url, path):
    files._copy(url, path, lambda done, size: None)


def test_a_file_in_a_folder_that_cannot_be_written_serves(tmp_path, monkeypatch):
    (tmp_path / "f").write_bytes(CONTENT)
    monkeypatch.setattr(files, "_lock", None)  # root may write anywhere: nothing that writes may be asked
    tmp_path.chmod(0o500)
    try:
        assert fetch("http://127.0.0.1:9/file", tmp_path / "f", DIGEST).read_bytes() == CONTENT
    finally:
        tmp_path.chmod(0o700)


def test_a_place_that_takes_no_file_is_named(address, tmp_path):
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(DownloadError, match="cannot be kept in"):
        fetch(f"{address}/file", tmp_path / "taken" / "f", DIGEST)
