"""Bounds for what is sent to the server: half requests, slow bodies, and files that nobody looks at any more.

Streamlit keeps a closed tab's files for two minutes, in case it comes back, and as many as it is given.
"""

import asyncio
import time
import weakref
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from resnet.specs.limits import LIMITS

PATH = "/_stcore/upload_file/"
AT_ONCE = 8  # files on their way to the server; a class takes turns
OF_SESSION = 2  # files of one session, on their way and kept: the page has one place for a file, one for the camera
KEPT = 10  # files of the largest size that all sessions together may keep
SLOW = 20.0  # seconds without a byte of a body, or for the head of a request
LEFT_AFTER = 30.0  # seconds that a closed tab's files stay: a network may come back
HALVES = 16 * 2**20  # bytes of heads of requests that are not complete, all connections together
BUSY = "Many pictures are being sent at the moment: try again in a minute."


class Uploads:
    """ASGI middleware: few uploads at a time, none that stands still, and only as much kept as there is room for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: Counter[str] = Counter()  # by session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or PATH not in scope["path"]:
            return await self._app(scope, receive, send)
        session = scope["path"].split(PATH)[1].split("/")[0]
        if self._under_way.total() >= AT_ONCE or self._under_way[session] >= OF_SESSION or not _room():
            return await PlainTextResponse(BUSY, status_code=503)(scope, receive, send)
        self._under_way[session] += 1
        try:
            await self._app(scope, lambda: _in_time(receive), send)
        finally:
            self._under_way -= Counter([session])  # without those that have none
            _forget_older(session)


async def _in_time(receive: Receive) -> Message:
    try:
        return await asyncio.wait_for(receive(), SLOW)
    except TimeoutError as error:
        raise HTTPException(408, "The file did not arrive in time.") from error


def _files() -> dict[str, dict[str, Any]]:
    """The uploaded files by session, as Streamlit keeps them; it has no public way to see them."""
    if not runtime.exists():
        return {}
    found: dict[str, dict[str, Any]] = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    return found


def _room() -> bool:
    """Whether one more file of the largest size may be kept, after those of closed tabs have gone if need be."""
    if not _fits():
        forget_left(0.0)
    return _fits()


def _fits() -> bool:
    kept = sum(len(file.data) for files in list(_files().values()) for file in list(files.values()))
    return kept <= (KEPT - 1) * LIMITS.max_upload_mb * 2**20


def _forget_older(session: str) -> None:
    manager: Any = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    for file in list(_files().get(session, ()))[:-OF_SESSION]:
        manager.remove_file(session, file)


_left: dict[str, float] = {}  # sessions with files and without a tab, and since when


def forget_left(after: float = LEFT_AFTER) -> None:
    """Forget the files of sessions whose tab has been closed for so many seconds."""
    now = time.monotonic()
    gone = {session for session in list(_files()) if not runtime.get_instance().is_active_session(session)}
    for session in set(_left) - gone:
        del _left[session]
    for session in gone:
        if now - _left.setdefault(session, now) >= after:
            runtime.get_instance().uploaded_file_mgr.remove_session_files(session)
            del _left[session]


@asynccontextmanager
async def tidied(every: float = 10.0) -> AsyncIterator[None]:
    """While the server runs, look again and again for files that were left."""

    async def tidy() -> None:
        while True:
            await asyncio.sleep(every)
            forget_left()

    task = asyncio.create_task(tidy())
    try:
        yield
    finally:
        task.cancel()


def bound_half_requests(protocol: Any) -> None:
    """Let uvicorn's `H11Protocol` end connections whose request does not get on, or when all hold too much.

    uvicorn waits for the rest of a head for ever, and each may be as long as `server` lets it.
    """
    halves: dict[Any, tuple[int, float]] = {}  # bytes, and since when
    data_received: Callable[..., None] = protocol.data_received
    connection_lost: Callable[..., None] = protocol.connection_lost

    def received(self: Any, data: bytes) -> None:
        data_received(self, data)
        held = len(self.conn._receive_buffer) if str(self.conn.their_state) == "IDLE" else 0
        if not held:
            halves.pop(self, None)
            return
        if self not in halves:
            halves[self] = held, self.loop.time()
            self.loop.call_later(SLOW, too_slow, weakref.ref(self), halves[self][1])  # one that ended is not held
        halves[self] = held, halves[self][1]
        if sum(size for size, _since in halves.values()) > HALVES:
            give_up(self, halves[self][1])

    def too_slow(connection: Callable[[], Any], since: float) -> None:
        give_up(connection(), since)

    def give_up(self: Any, since: float) -> None:
        if halves.get(self, (0, None))[1] == since:
            del halves[self]
            self.transport.abort()

    def lost(self: Any, exc: Exception | None) -> None:
        halves.pop(self, None)
        connection_lost(self, exc)

    protocol.data_received, protocol.connection_lost = received, lost
