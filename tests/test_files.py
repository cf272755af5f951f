"""A file is fetched once, checked, and never left half; the server is one of our own on the loopback interface."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from resnet.files import DownloadError, fetch

CONTENT = bytes(range(256)) * 4_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]


class Handler(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:1_000] if self.path == "/short" else CONTENT)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Handler.asked = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
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
    threads = [threading.Thread(target=fetch, args=(f"{address}/file", tmp_path / "f", DIGEST)) for _ in range(4)]
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
        ("/missing", DIGEST, "the file could not be fetched: this computer has no way to its server"),
        ("/short", DIGEST, "the file could not be fetched: this computer has no way to its server"),
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
