"""What pages show of things that change: drawn once for all who look at the same, and anew only when there is news.

A page draws its panels like anything else; `ui.parts.live` then sends the browser what has changed, past Streamlit's
reruns. A key that begins with ``!`` is told as part of the page itself: when its text changes, the page is drawn anew.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from resnet import i18n
from resnet.errors import UserError
from resnet.ui.parts import backend, widgets
from resnet.ui.parts.component import component

MOST = 2_000  # panels that are known at a time; a page has two or three
MOST_LETTERS = 50_000_000  # of all of them; the frames of four nets over 40 steps are half a million
RERUN = "!"
FRAME = "@"  # in the key of a part that no page draws by itself: it comes over the socket alone
ERROR = "error"  # the part that says why there is no frame
_SHOWN = "panels"  # in the session: those that this run of the page has drawn

Content = Mapping[str, str]


@dataclass(frozen=True)
class Panel:
    """`draw(*arguments)` gives what is shown, texts by key: figures as JSON, HTML. It asks no session and never waits.

    It is drawn anew when one of `runs` has changed, or what `news` returns, which is cheap and hashable.
    ``drag(*arguments, place, depth, step)`` gives what is shown while the depth of the net at that place of the bench
    is dragged; None while it is not measured yet. `moving` are the parts that it gives.
    """

    draw: Callable[..., Content]
    arguments: tuple[Any, ...]
    runs: tuple[str, ...] = ()
    news: Callable[..., Any] | None = None
    drag: Callable[..., Content | None] | None = None
    moving: tuple[str, ...] = ()
    language: str = "en"


@dataclass
class Drawn:
    """The present state of a panel: its content, and when (unix seconds) that was made."""

    token: str
    version: Any = None
    at: float = 0.0
    content: Content = field(default_factory=dict)
    size: int = 0  # letters
    lock: threading.Lock = field(default_factory=threading.Lock)

    def part(self, key: str) -> str:
        """The name by which the browser knows a part."""
        return f"{self.token}/{key}"


_kept: "OrderedDict[Panel, Drawn]" = OrderedDict()
_by_token: dict[str, Panel] = {}
_lock = threading.Lock()


def panel(
    draw: Callable[..., Content],
    *arguments: Any,
    runs: Iterable[str] = (),
    news: Callable[..., Any] | None = None,
    drag: Callable[..., Content | None] | None = None,
    moving: tuple[str, ...] = (),
) -> Panel:
    """A panel in the visitor's language."""
    return Panel(draw, arguments, tuple(runs), news, drag, moving, i18n.language())


def show(shown: Panel) -> Drawn:
    """The panel as it is now, for a page; the browser gets what changes from then on."""
    st.session_state.setdefault(_SHOWN, {})[shown] = None
    return drawn(shown)


def drawn(shown: Panel, versions: Mapping[str, Any] | None = None) -> Drawn:
    """The panel as it is now, drawn at most once for each state; `versions` of its runs, if the caller knows them."""
    kept = _enter(shown)
    with kept.lock:
        version = _version(shown, versions)
        if kept.version != version or not kept.at:
            with i18n.speaking(shown.language):
                kept.content = shown.draw(*shown.arguments)
            kept.version, kept.at = version, max(time.time(), kept.at + 1e-3)
            kept.size = sum(map(len, kept.content.values()))
            _make_room(kept)
    return kept


def _make_room(new: Drawn) -> None:
    """Forget the panels that were shown longest ago; whoever still looks at one has the page drawn anew."""
    with _lock:
        while len(_kept) > 1 and sum(kept.size for kept in _kept.values()) > MOST_LETTERS:
            shown, oldest = next(iter(_kept.items()))
            if oldest is new:
                _kept.move_to_end(shown)
                continue
            del _kept[shown]
            _by_token.pop(oldest.token)


def dragged(shown: Panel, place: int, depth: int, step: int) -> Content | None:
    """What the panel shows while a depth is dragged, its keys with the frame's name; None while it is measured."""
    assert shown.drag is not None
    with i18n.speaking(shown.language):
        try:
            content = shown.drag(*shown.arguments, place, depth, step)
        except UserError as error:
            content = {ERROR: str(error)}
    return content and {f"{key}{FRAME}{place}-{depth}-{step}": text for key, text in content.items()}


def of_token(token: str) -> Panel | None:
    """The panel that a browser asks for; None for one that no page has shown, or long ago."""
    with _lock:
        return _by_token.get(token)


def known(token: str) -> Drawn | None:
    """What was drawn last of the panel with that token, which may be old."""
    with _lock:
        shown = _by_token.get(token)
        return _kept.get(shown) if shown else None


def begin() -> None:
    """A run of a page begins."""
    st.session_state[_SHOWN] = {}


def follow() -> None:
    """Let the browser follow the panels of this run; for the end of the script."""
    states = [(shown, _kept[shown]) for shown in st.session_state.get(_SHOWN, {}) if shown in _kept]
    data = {state.token: {"at": state.at, "told": _told(state), "moving": one.moving} for one, state in states}
    _mount(key="live", data={"panels": data, "language": i18n.language()}, on_news_change=widgets.keep_notices)


def _told(state: Drawn) -> dict[str, str]:
    return {key: text for key, text in state.content.items() if key.startswith(RERUN)}


def _enter(shown: Panel) -> Drawn:
    with _lock:
        if shown not in _kept:
            _kept[shown] = Drawn(secrets.token_urlsafe(12))  # not to be guessed: it opens what somebody else looks at
            _by_token[_kept[shown].token] = shown
        _kept.move_to_end(shown)
        while len(_kept) > MOST:
            _by_token.pop(_kept.popitem(last=False)[1].token)
        return _kept[shown]


def _version(shown: Panel, versions: Mapping[str, Any] | None) -> Any:
    known = backend.versions(shown.runs) if versions is None else versions
    seen = tuple(known.get(run) for run in shown.runs)
    return id(backend.engine()), seen, shown.news(*shown.arguments) if shown.news else None


_mount = component("live")
