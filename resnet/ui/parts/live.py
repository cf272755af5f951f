"""News for browsers, past Streamlit's reruns: a WebSocket over which changed parts of panels are sent.

One thread a process looks for news about once a second, for all who watch; what several watch is drawn once. Thirty
visitors with runs of their own take some percent of a core that way, where redrawing their pages stopped the server.
"""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.server_util import is_url_from_allowed_origins

from resnet.errors import UserError
from resnet.ui.parts import backend, panels
from resnet.ui.parts.panels import Drawn, Panel

EVERY = 1.0  # seconds between two looks, while they cost little
SHARE = 0.25  # of the interpreter that drawing may take: with more to draw, news come more seldom
BEAT = 5.0  # seconds after which a browser hears something even when there is no news: it notices a lost network
MOST_SOCKETS = 600
MOST_PANELS = 12  # of one page
MOST_BYTES = 8_000  # of a message of a browser
FRAME = "@"  # in the key of a part that no page draws by itself: it comes over the socket alone
TOO_MANY, BAD = 1013, 1008  # codes of the protocol

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Watcher:
    """One browser page: the digest of every part it has, and what it is to be sent next."""

    wake: Callable[[], object]
    panels: dict[str, dict[str, int]] = field(default_factory=dict)
    pending: dict[str, dict[str, Any]] = field(default_factory=dict)
    fresh: bool = True  # it has asked for something since the last look

    def watch(self, panels: Mapping[str, float], made: Callable[[str], Drawn | None]) -> None:
        """Watch these panels, whose content of that time the page has already."""
        known = {}
        for token, at in list(panels.items())[:MOST_PANELS]:
            shown = made(token)
            frames = {key: digest for key, digest in self.panels.get(token, {}).items() if FRAME in key}
            page = shown.content if shown and shown.at == at else {}
            known[token] = frames | {key: hash(text) for key, text in page.items() if FRAME not in key}
        self.panels, self.pending, self.fresh = known, {}, True

    def offer(self, token: str, at: float, content: Mapping[str, str]) -> None:
        """Send what is new; a browser that is slow to take it gets only the latest."""
        known = self.panels[token]
        changed = {key: text for key, text in content.items() if known.get(key) != hash(text)}
        if changed:
            known.update({key: hash(text) for key, text in changed.items()})
            waiting = self.pending.setdefault(token, {"at": at, "content": {}})
            waiting["at"] = at
            waiting["content"].update(changed)
            self.wake()

    def lost(self, token: str) -> None:
        """The panel is not known any more: the page has to be drawn anew."""
        if self.panels.pop(token, None) is not None:
            self.pending[token] = {"lost": True}
            self.wake()

    def take(self) -> dict[str, dict[str, Any]]:
        taken, self.pending = self.pending, {}
        return taken


class Hub:
    """All watchers, and the thread that looks for news while there are any."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    def join(self, watcher: Watcher) -> bool:
        """Begin; False when there are too many."""
        with self._lock:
            if self._closed or len(self._watchers) >= MOST_SOCKETS:
                return False
            self._watchers.add(watcher)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="resnet-live", daemon=True)
                self._thread.start()
        return True

    def leave(self, watcher: Watcher) -> None:
        with self._lock:
            self._watchers.discard(watcher)

    def look_soon(self) -> None:
        """There may be news before the next look is due."""
        self._news.set()

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self._news.set()

    def _look(self) -> None:
        pause = 0.0
        while True:
            self._news.wait(pause)
            self._news.clear()
            with self._lock:
                watchers = list(self._watchers)
                if self._closed or not watchers:
                    self._thread = None
                    return
            start = time.perf_counter()
            tell(watchers)
            pause = max(EVERY, (time.perf_counter() - start) / SHARE)


def tell(watchers: list[Watcher]) -> None:
    """Draw what has changed of all that is watched, each panel once, and offer it to those who watch it."""
    shown = {token: panels.of_token(token) for watcher in watchers for token in list(watcher.panels)}
    try:
        versions = backend.versions(run for panel in shown.values() if panel for run in panel.runs)
    except UserError:  # pages say what is the matter with the store
        return
    for token, panel in shown.items():
        drawn = _drawn(panel, versions) if panel else None
        for watcher in watchers:
            if token in watcher.panels:
                if drawn:
                    watcher.offer(token, drawn.at, drawn.content)
                elif panel is None:
                    watcher.lost(token)


def _drawn(panel: Panel, versions: Mapping[str, Any]) -> Drawn | None:
    try:
        return panels.drawn(panel, versions)
    except UserError:
        return None
    except Exception:  # one panel that fails must not silence the others
        _log.exception("a panel could not be drawn")
        return None


hub = Hub()


async def serve(socket: WebSocket) -> None:
    """One browser page, from its first word to its end."""
    origin = socket.headers.get("origin")
    host = socket.headers.get("host", "")
    if origin and origin.split("//")[-1] != host and not is_url_from_allowed_origins(origin):
        await socket.close(BAD)
        return
    loop, news = asyncio.get_running_loop(), asyncio.Event()
    watcher = Watcher(lambda: loop.call_soon_threadsafe(news.set))
    if not hub.join(watcher):
        await socket.close(TOO_MANY)
        return
    await socket.accept()
    sender = asyncio.ensure_future(_send(socket, watcher, news))
    try:
        while True:
            _hear(watcher, await socket.receive_text())
    except (WebSocketDisconnect, ValueError, KeyError, TypeError, AttributeError):
        with suppress(RuntimeError):  # it is closed already
            await socket.close(BAD)
    finally:
        hub.leave(watcher)
        sender.cancel()


def _hear(watcher: Watcher, text: str) -> None:
    """A browser says which panels its page shows. Raises ValueError, TypeError or AttributeError for anything else."""
    if len(text) > MOST_BYTES:
        raise ValueError("too long")
    watcher.watch({str(token): float(at) for token, at in json.loads(text)["panels"].items()}, panels.known)
    hub.look_soon()


async def _send(socket: WebSocket, watcher: Watcher, news: asyncio.Event) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), BEAT)
            news.clear()
            await socket.send_text(json.dumps({"panels": watcher.take()}))
