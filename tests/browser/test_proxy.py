"""Behind a proxy that takes its prefix off, as notebook servers do, in Chromium: nothing leaves the prefix."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from resnet.ui.app.server import PLOTLY
from tests.browser.driver import Server

pytestmark = pytest.mark.browser
PREFIX = "/user/ann/proxy/8501"
CHART = ".js-plotly-plot .main-svg"


class Proxy(socketserver.ThreadingTCPServer):
    """One request a connection, or one WebSocket."""

    daemon_threads = True
    behind = 0  # the port of the server behind


class Handler(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (content := self.request.recv(65_536)):
            head += content
        request = without_prefix(head)
        if request is None:
            self.request.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.server.behind)) as behind:
            behind.sendall(request)
            back = threading.Thread(target=carry, args=(behind, self.request), daemon=True)
            back.start()
            carry(self.request, behind)
            back.join()


def carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65_536):
            target.sendall(content)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def without_prefix(head: bytes) -> bytes | None:
    """The request for the server behind; None for one that is not below the prefix."""
    first, *lines = head.split(b"\r\n")
    method, _space, target = first.partition(b" ")
    if not target.startswith(PREFIX.encode()):
        return None
    if not any(line.lower() == b"upgrade: websocket" for line in lines):
        lines = [b"Connection: close", *(line for line in lines if not line.lower().startswith(b"connection:"))]
    return b"\r\n".join([method + b" " + target[len(PREFIX) :], *lines])


@pytest.fixture(scope="module")
def proxy(lab: Server) -> Iterator[str]:
    """The address of the lab behind the proxy."""
    with Proxy(("127.0.0.1", 0), Handler) as server:
        server.behind = urlsplit(lab.url).port or 0
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}{PREFIX}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/build?nets=res-8", "/build/?nets=res-8"])
def test_charts_are_drawn_below_the_prefix(path: str, page: Page, proxy: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(proxy + path)
    page.locator(CHART).first.wait_for(state="attached", timeout=60_000)
    assert urlsplit(page.url).path == f"{PREFIX}/build"
    (library,) = (name for name in asked if "/plotly-" in name)
    assert library == f"{PREFIX}/{PLOTLY}"
    assert page.get_by_text("BidiComponent Error").count() == 0


@pytest.mark.parametrize("path", ["/nonsense", "/a/b/c", "/a%2Fb", "/nonsense/"])
def test_an_unknown_page_leads_to_the_start_page_below_the_prefix(path: str, page: Page, proxy: str) -> None:
    page.goto(proxy + path)
    page.get_by_text("There is no page at this address; this is the start page.").wait_for(timeout=40_000)
    assert urlsplit(page.url).path == f"{PREFIX}/"
