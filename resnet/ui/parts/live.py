"""News for browsers, past Streamlit's reruns: a WebSocket over which changed parts of panels are sent.

One thread a process looks for news about once a second, for all who watch; what several watch is drawn once. Thirty
visitors with runs of their own take some percent of a core that way, where redrawing their pages stopped the server.
"""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.server_util import is_url_from_allowed_origins

from resnet.errors import UserError
from resnet.ui.parts import backend, panels, visitors
from resnet.ui.parts.panels import FRAME, Drawn, Panel
from resnet.ui.parts.visitors import Wait

EVERY = 1.0  # seconds between two looks, while they cost little
SHARE = 0.25  # of the interpreter that drawing may take: with more to draw, news come more seldom
BEAT = 5.0  # seconds after which a browser hears something even when there is no news: it notices a lost network
SOON = 0.05  # seconds after which somebody who asks is answered
FRAMES_EVERY = 0.03  # seconds between two looks while a slider is dragged
FRAMES_TIME = 0.04  # seconds that the frames of all drags may take in one look
MOST_FRAMES = 40  # depths around a slider
MOST_SOCKETS = 600
MOST_PANELS = 12  # of one page
MOST_BYTES = 8_000  # of a message of a browser
TOO_MANY, BAD = 1013, 1008  # codes of the protocol

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Drag:
    """The depth of the net at that place of the bench is dragged; `depths` are those around it, the nearest first."""

    place: int
    depths: tuple[int, ...]
    step: int  # at which the other nets are shown
    wait: Wait
    done: set[tuple[str, int]] = field(default_factory=set)  # frames that were sent: panel and depth


@dataclass(eq=False)
class Watcher:
    """One browser page: the digest of every part it has, and what it is to be sent next."""

    wake: Callable[[], object]
    panels: dict[str, dict[str, int]] = field(default_factory=dict)
    drag: Drag | None = None
    _pending: dict[str, dict[str, Any]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def watch(self, panels: Mapping[str, float], made: Callable[[str], Drawn | None]) -> None:
        """Watch these panels, whose content of that time the page has already."""
        known = {}
        for token, at in list(panels.items())[:MOST_PANELS]:
            shown = made(token)
            frames = {key: digest for key, digest in self.panels.get(token, {}).items() if FRAME in key}
            page = shown.content if shown and shown.at == at else {}
            known[token] = frames | {key: hash(text) for key, text in page.items() if FRAME not in key}
        with self._lock:
            self.panels, self._pending = known, {}
        self.follow(None)

    def follow(self, drag: Drag | None) -> None:
        """A slider is being dragged, elsewhere now, or no longer."""
        before, self.drag = self.drag, drag
        if before:
            before.wait.end()
        if before and drag and (before.place, before.step) == (drag.place, drag.step):
            drag.done = before.done  # the browser has them

    def offer(self, token: str, at: float, content: Mapping[str, str]) -> None:
        """Send what is new; a browser that is slow to take it gets only the latest."""
        with self._lock:
            known = self.panels.get(token, {})
            changed = {key: text for key, text in content.items() if known.get(key) != hash(text)}
            if changed and token in self.panels:
                known.update({key: hash(text) for key, text in changed.items()})
                waiting = self._pending.setdefault(token, {"at": at, "content": {}})
                waiting["at"] = at
                waiting["content"].update(changed)
                self.wake()

    def lost(self, token: str) -> None:
        """The panel is not known any more: the page has to be drawn anew."""
        with self._lock:
            if self.panels.pop(token, None) is not None:
                self._pending[token] = {"lost": True}
                self.wake()

    def take(self) -> dict[str, dict[str, Any]]:
        with self._lock:
            taken, self._pending = self._pending, {}
        return taken


class Hub:
    """All watchers, and the thread that looks for news while there are any."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._thread: threading.Thread | None = None

    def join(self, watcher: Watcher) -> bool:
        """Begin; False when there are too many."""
        with self._lock:
            if len(self._watchers) >= MOST_SOCKETS:
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

    def _look(self) -> None:
        pause = due = 0.0
        while True:
            if self._news.wait(pause):
                self._news.clear()
                due = min(due, time.perf_counter() + SOON)
            with self._lock:
                watchers = list(self._watchers)
                if not watchers:
                    self._thread = None
                    return
            start = time.perf_counter()
            if start >= due:
                tell(watchers)
                due = time.perf_counter() + max(EVERY, (time.perf_counter() - start) / SHARE)
            begin = time.perf_counter()
            unfinished = draw_frames(watchers)
            spent = time.perf_counter() - begin
            pause = max(FRAMES_EVERY, spent) if unfinished else max(0.0, due - time.perf_counter())


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


def draw_frames(watchers: list[Watcher]) -> bool:
    """Draw what drags may come to next, the nearest first, by turns and for a moment only.

    Whether anything is still to be drawn or measured.
    """
    turns = [_frames_of(watcher, watcher.drag) for watcher in watchers if watcher.drag]
    end, missing = time.perf_counter() + FRAMES_TIME, False
    while turns:
        if time.perf_counter() > end:
            return True
        turn = turns.pop(0)
        with suppress(StopIteration):
            missing |= not next(turn)
            turns.append(turn)
    return missing


def _frames_of(watcher: Watcher, drag: Drag) -> Iterator[bool]:
    """Draw a frame at each step; whether it was there to be drawn."""
    shown = {token: panel for token in list(watcher.panels) if (panel := panels.of_token(token)) and panel.drag}
    for depth in drag.depths:
        for token, panel in shown.items():
            if (token, depth) not in drag.done:
                content = _frame(panel, drag, depth)
                if content is not None:
                    drag.done.add((token, depth))
                    watcher.offer(token, time.time(), content)
                yield content is not None


def _frame(panel: Panel, drag: Drag, depth: int) -> Mapping[str, str] | None:
    """None while it is measured."""
    with visitors.asking(drag.wait):
        try:
            return panels.dragged(panel, drag.place, depth, drag.step)
        except Exception:  # as for news: one that fails must not silence the others
            _log.exception("a frame could not be drawn")
            return {}


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
        watcher.follow(None)
        hub.leave(watcher)
        sender.cancel()


def _hear(watcher: Watcher, text: str) -> None:
    """A browser says which panels its page shows. Raises ValueError, TypeError or AttributeError for anything else."""
    if len(text) > MOST_BYTES:
        raise ValueError("too long")
    said = json.loads(text)
    if "drag" in said:
        watcher.follow(_drag(said["drag"]))
    else:
        watcher.watch({str(token): float(at) for token, at in said["panels"].items()}, panels.known)
    hub.look_soon()


def _drag(said: Mapping[str, Any] | None) -> Drag | None:
    """Raises ValueError, KeyError or TypeError for anything but a place, a step and some depths."""
    if said is None:
        return None
    depths = tuple(int(depth) for depth in said["depths"][:MOST_FRAMES])
    return Drag(int(said["place"]), depths, int(said["step"]), Wait("drag", ahead=True))


async def _send(socket: WebSocket, watcher: Watcher, news: asyncio.Event) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), BEAT)
            news.clear()
            await socket.send_text(json.dumps({"panels": watcher.take()}))
