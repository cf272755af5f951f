"""What has to be there before the first page is prepared while browsers fetch Streamlit's own files.

Pages are drawn over a WebSocket, and it waits: no page finds a module that another thread has half imported.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

Value = TypeVar("Value")
_log = logging.getLogger(__name__)


class Opening(Generic[Value]):
    """Work in a thread, of which the server's sockets wait for the end."""

    def __init__(self) -> None:
        self._work: asyncio.Future[Value] | None = None

    @asynccontextmanager
    async def begun(self, work: Callable[[], Value]) -> AsyncIterator["asyncio.Future[Value]"]:
        """Begin; what the work gives is in the future, which nobody may cancel. A failure ends the server."""
        self._work = asyncio.ensure_future(asyncio.to_thread(work))
        self._work.add_done_callback(_tell_failure)
        try:
            yield self._work
        finally:
            self._work = None

    async def over(self) -> None:
        """Wait for the end, if it has begun. Raises what the work raises."""
        if self._work:
            await asyncio.shield(self._work)

    def gate(self, app: ASGIApp) -> ASGIApp:
        """ASGI middleware: a WebSocket is answered after the end, everything else at once."""

        async def gated(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket":
                await self.over()
            await app(scope, receive, send)

        return gated


def _tell_failure(work: "asyncio.Future[Value]") -> None:
    if not work.cancelled() and (error := work.exception()):
        _log.error("the app cannot start", exc_info=error)
        signal.raise_signal(signal.SIGINT)
