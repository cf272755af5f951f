"""What is sent to the server takes a bounded part of its memory, for a bounded time."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from uvicorn.protocols.http.h11_impl import H11Protocol

from resnet.specs.limits import Limits
from resnet.ui.app import uploads

MB = 2**20


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """Streamlit's own, of a server on which the sessions "ann", "ben" … are open and "left" is not."""
    manager = MemoryUploadedFileManager("/upload")
    running = SimpleNamespace(uploaded_file_mgr=manager, is_active_session=lambda session: session != "left")
    monkeypatch.setattr(uploads, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: running))
    monkeypatch.setattr(uploads, "LIMITS", Limits(max_upload_mb=1))
    monkeypatch.setattr(uploads, "_left", {})
    return manager


def keep(manager: MemoryUploadedFileManager, session: str, name: str, size: int = MB) -> None:
    manager.add_file(session, UploadedFileRec(name, name, "image/png", bytes(size)))


async def answer(app: Any, session: str, receive: Receive) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await app(
        {"type": "http", "method": "PUT", "path": f"/lab{uploads.PATH}{session}/file", "headers": []}, receive, send
    )
    return sent


async def whole() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


class Held:
    """An app whose answers wait until the test lets them go."""

    def __init__(self) -> None:
        self.started, self.go = 0, asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.started += 1
        await self.go.wait()
        await PlainTextResponse("")(scope, receive, send)


def test_few_files_are_on_their_way_at_once_and_of_one_session_two(manager: MemoryUploadedFileManager) -> None:
    async def run() -> tuple[list[int], int]:
        held = Held()
        app = uploads.Uploads(held)
        visitors = ["ann", "ann", "ann", *(f"visitor {number}" for number in range(20))]
        asked = [asyncio.create_task(answer(app, visitor, whole)) for visitor in visitors]
        await asyncio.sleep(0)
        started = held.started
        held.go.set()
        statuses = [sent[0]["status"] for sent in await asyncio.gather(*asked)]
        assert (await answer(app, "ann", whole))[0]["status"] == 200  # there is room again
        return statuses, started

    statuses, started = asyncio.run(run())
    assert statuses[:3] == [200, 200, 503]
    assert (statuses.count(200), started) == (uploads.AT_ONCE, uploads.AT_ONCE)


def test_a_body_that_stands_still_is_given_up(manager: MemoryUploadedFileManager, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploads, "SLOW", 0.02)
    seen: list[int] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        try:
            await receive()
        except HTTPException as error:  # Streamlit's routes answer with it
            seen.append(error.status_code)

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    asyncio.run(answer(uploads.Uploads(app), "ann", never))
    assert seen == [408]


def test_a_session_keeps_its_newest_files_only(manager: MemoryUploadedFileManager) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        keep(manager, "ann", f"{len(names(manager, 'ann'))} more")

    for name in ("first", "second", "third"):
        keep(manager, "ann", name)
    asyncio.run(answer(uploads.Uploads(app), "ann", whole))
    assert names(manager, "ann") == ["third", "3 more"]


def names(manager: MemoryUploadedFileManager, session: str) -> list[str]:
    return list(manager.file_storage.get(session, ()))


def test_all_files_together_have_a_bound_and_those_of_closed_tabs_go_first(manager: MemoryUploadedFileManager) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("")(scope, receive, send)

    for number in range(uploads.KEPT - 1):
        keep(manager, f"visitor {number}", "file")
    keep(manager, "left", "file")
    assert asyncio.run(answer(uploads.Uploads(app), "ann", whole))[0]["status"] == 200
    assert names(manager, "left") == []
    keep(manager, "ann", "file")
    assert asyncio.run(answer(uploads.Uploads(app), "ben", whole))[0]["status"] == 503
    assert names(manager, "visitor 0") == ["file"]


def test_files_of_a_closed_tab_go_after_a_while(manager: MemoryUploadedFileManager, monkeypatch: Any) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    keep(manager, "ann", "file")
    keep(manager, "left", "file")
    uploads.forget_left()
    now += uploads.LEFT_AFTER - 1  # a network may come back
    uploads.forget_left()
    assert names(manager, "left") == ["file"]
    now += 1
    uploads.forget_left()
    assert (names(manager, "left"), names(manager, "ann")) == ([], ["file"])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server with the bound for half requests, which are given up after half a second."""

    class Bounded(H11Protocol):
        pass

    monkeypatch.setattr(uploads, "SLOW", 0.5)
    monkeypatch.setattr(uploads, "HALVES", 30_000)
    uploads.bound_half_requests(Bounded)
    config = uvicorn.Config(PlainTextResponse("hello"), port=0, http=Bounded, lifespan="off", log_level="critical")
    served = uvicorn.Server(config)
    ready = threading.Event()
    start = served.startup

    async def startup(sockets: Any = None) -> None:
        await start(sockets)
        ready.set()

    served.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield served.servers[0].sockets[0].getsockname()[1]
    served.should_exit = True
    thread.join(10)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def hello(connection: socket.socket) -> bool:
    """Whether a whole answer comes."""
    said = b""
    while not said.endswith(b"hello") and (piece := connection.recv(4_000)):
        said += piece
    return said.endswith(b"hello")


def ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(100) == b""
    except ConnectionResetError:
        return True


def test_half_a_request_is_given_up_and_whole_ones_are_not(server: int) -> None:
    with closing(connect(server)) as half, closing(connect(server)) as good:
        half.sendall(b"GET /" + b"x" * 3_000)
        good.sendall(b"GET / HT")
        good.sendall(b"TP/1.1\r\nHost: a\r\n\r\n")
        assert hello(good)
        assert ended(half)
        good.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")  # the same connection, long after
        assert hello(good)


def test_half_requests_together_hold_no_more_than_the_bound(server: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SLOW", 60.0)
    opened = [connect(server) for _number in range(4)]
    try:
        for connection in opened:
            connection.sendall(b"GET /" + b"x" * 9_000)
            with closing(connect(server)) as good:  # what was sent before has been read
                good.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                assert hello(good)
        assert ended(opened[-1])
        for connection in opened[:-1]:
            connection.sendall(b" HTTP/1.1\r\nHost: a\r\n\r\n")
            assert hello(connection)
    finally:
        for connection in opened:
            connection.close()
