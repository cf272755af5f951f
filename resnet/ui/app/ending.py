"""The end of the server: one Ctrl-C begins it, and further ones do not disturb it."""

import asyncio
import signal
import threading
from types import FrameType
from typing import Any

PATIENCE = 3  # seconds for answers that are being sent when Ctrl-C is pressed

_last: set[asyncio.Task[None]] = set()  # an event loop holds its tasks only weakly


def take_over() -> None:
    """Hear Ctrl-C instead of uvicorn, if it is the one who listens; call it in a lifespan.

    uvicorn raises every Ctrl-C again after its end, where the second is a traceback, and after a second one it does
    not wait until the workers have ended.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    server: Any = getattr(signal.getsignal(signal.SIGINT), "__self__", None)
    if not hasattr(server, "force_exit"):
        return  # a test, or another server, which has its own ways

    def end(_number: int = 0, _frame: FrameType | None = None) -> None:
        server.should_exit = True
        server.config.timeout_graceful_shutdown = PATIENCE

    if server.should_exit:  # it was pressed before
        _forget(server)
        end()
    signal.signal(signal.SIGINT, end)
    task = asyncio.get_running_loop().create_task(_until_the_loop_ends())
    _last.add(task)


def _forget(server: Any) -> None:
    server.force_exit = False
    getattr(server, "_captured_signals", []).clear()


async def _until_the_loop_ends() -> None:
    """Then nobody has to hear Ctrl-C any more: the workers have ended, and Python itself is ending."""
    try:
        await asyncio.Event().wait()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
