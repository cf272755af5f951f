"""Panels: drawn once for all who look, anew only when there is news, and sent to browsers part by part."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from starlette.websockets import WebSocket

from resnet import i18n
from resnet.i18n import speaking
from resnet.runs.engine import Engine
from resnet.specs import NetSpec, Recipe, SpecError, run_id
from resnet.ui.parts import live, panels
from resnet.ui.parts.live import Watcher
from resnet.ui.parts.panels import Panel
from resnet.ui.parts.visitors import Wait

NET, RECIPE = NetSpec.parse("res-8"), Recipe(steps=20)
RUN = run_id(NET, RECIPE, "cpu")
calls: list[str] = []
reason: list[str] = []


@pytest.fixture(autouse=True)
def empty(waiting_engine: Engine) -> Iterator[None]:
    calls.clear()
    reason[:] = ["begin"]
    yield
    panels._kept.clear()
    panels._by_token.clear()


def draw(name: str) -> Mapping[str, str]:
    calls.append(name)
    return {"curves": f"{name} {reason[0]}", "still": "the same", "!told": reason[0]}


def news(_name: str) -> str:
    return reason[0]


def fails(name: str) -> Mapping[str, str]:
    raise RuntimeError(name)


def slow(name: str) -> Mapping[str, str]:
    calls.append(name)
    GATE.wait(10)
    return {"curves": name}


GATE = threading.Event()


def start(engine: Engine, step: int) -> None:
    """A run of another program that has come so far."""
    engine.store.claim(RUN, NET, RECIPE, "cpu", "somebody")
    report: dict[str, Any] = {
        "step": step,
        "loss": 2.0,
        "accuracy": 0.1,
        "lr": 0.1,
        "seconds": 1.0,
        "evaluation": None,
        "profiles": {},
    }
    engine.store.record("somebody", [{"kind": "steps", "run": RUN, "steps": [report]}])


def test_a_panel_is_drawn_once_for_all_who_ask_at_the_same_time(waiting_engine: Engine) -> None:
    shown, meet = Panel(slow, ("a",)), threading.Barrier(8)

    def ask(_number: int) -> str:
        meet.wait(10)
        return panels.drawn(shown).content["curves"]

    GATE.clear()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask, number) for number in range(8)]
        wait(asked, 0.2)  # all have asked, and one draws
        GATE.set()
        assert [answer.result(10) for answer in asked] == ["a"] * 8
    assert calls == ["a"]


def test_a_panel_is_drawn_anew_when_its_run_has_news_and_only_then(waiting_engine: Engine) -> None:
    shown = Panel(draw, ("a",), (RUN,))
    first = panels.drawn(shown).at
    assert panels.drawn(shown).at == first
    start(waiting_engine, 1)
    second = panels.drawn(shown).at
    assert second > first
    assert panels.drawn(shown).at == second
    start(waiting_engine, 2)
    assert panels.drawn(shown).at > second
    assert calls == ["a"] * 3


def test_a_page_and_the_news_agree_on_what_is_new_where_a_run_does_not_exist(waiting_engine: Engine) -> None:
    watcher = watcher_of(Panel(draw, ("a",), (RUN, "no such run")))
    live.tell([watcher])
    assert calls == ["a"]
    assert watcher.take() == {}


def test_each_language_has_its_own(monkeypatch: pytest.MonkeyPatch, waiting_engine: Engine) -> None:
    def greet() -> Mapping[str, str]:
        return {"word": i18n.language()}

    with speaking("en"):
        english = panels.panel(greet)
    with speaking("zz"):
        other = panels.panel(greet)
    assert panels.drawn(english).content == {"word": "en"}
    assert panels.drawn(other).content == {"word": "zz"}
    assert panels.drawn(english).token != panels.drawn(other).token
    assert i18n.language() == "en"


def test_only_so_many_panels_are_known(monkeypatch: pytest.MonkeyPatch, waiting_engine: Engine) -> None:
    monkeypatch.setattr(panels, "MOST", 3)
    tokens = [panels.drawn(Panel(draw, (name,))).token for name in "abcde"]
    assert [panels.of_token(token) is None for token in tokens] == [True, True, False, False, False]
    assert len(panels._kept) == len(panels._by_token) == 3


def test_only_so_much_is_kept_of_all_panels(monkeypatch: pytest.MonkeyPatch, waiting_engine: Engine) -> None:
    one = sum(map(len, panels.drawn(Panel(draw, ("a",))).content.values()))
    monkeypatch.setattr(panels, "MOST_LETTERS", 2 * one)
    tokens = [panels.drawn(Panel(draw, (name,))).token for name in "bcd"]
    assert [panels.of_token(token) is None for token in tokens] == [True, False, False]
    assert sum(kept.size for kept in panels._kept.values()) <= 2 * one


def watcher_of(*shown: Panel, at: float | None = None) -> Watcher:
    found = Watcher(lambda: None)
    drawn = [panels.drawn(one) for one in shown]
    found.watch({one.token: one.at if at is None else at for one in drawn}, panels.known)
    return found


def test_a_browser_gets_what_has_changed_and_nothing_that_its_page_has(waiting_engine: Engine) -> None:
    shown = Panel(draw, ("a",), (), news)
    watcher = watcher_of(shown)
    live.tell([watcher])
    assert watcher.take() == {}
    reason[0] = "later"
    live.tell([watcher])
    (sent,) = watcher.take().values()
    assert sent["content"] == {"curves": "a later", "!told": "later"}


def test_a_page_that_was_drawn_long_ago_gets_all(waiting_engine: Engine) -> None:
    watcher = watcher_of(Panel(draw, ("a",)), at=1.0)
    live.tell([watcher])
    (sent,) = watcher.take().values()
    assert set(sent["content"]) == {"curves", "still", "!told"}


def test_a_slow_browser_gets_the_latest_only(waiting_engine: Engine) -> None:
    watcher = watcher_of(Panel(draw, ("a",), (), news))
    for word in ("one", "two", "three"):
        reason[0] = word
        live.tell([watcher])
    (sent,) = watcher.take().values()
    assert sent["content"]["curves"] == "a three"


def test_what_many_watch_is_drawn_once(waiting_engine: Engine) -> None:
    watchers = [watcher_of(Panel(draw, ("a",), (), news)) for _ in range(30)]
    calls.clear()
    reason[0] = "later"
    live.tell(watchers)
    assert calls == ["a"]
    assert all(watcher.take() for watcher in watchers)


def test_a_panel_that_fails_silences_no_other(waiting_engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    good = panels.drawn(Panel(draw, ("a",), (), news))
    bad = panels._enter(Panel(fails, ("b",)))
    watcher = Watcher(lambda: None)
    watcher.watch({bad.token: 0.0, good.token: 0.0}, panels.known)
    live.tell([watcher])
    assert list(watcher.take()) == [good.token]
    assert "a panel could not be drawn" in caplog.text


def test_frames_are_kept_when_the_page_is_drawn_anew(waiting_engine: Engine) -> None:
    def framed() -> Mapping[str, str]:
        return {"profiles": reason[0], "profiles@10": "ten"}

    shown = Panel(framed, (), (), lambda: reason[0])
    watcher = watcher_of(shown)
    live.tell([watcher])
    (sent,) = watcher.take().values()
    assert sent["content"] == {"profiles@10": "ten"}  # no page draws it: it has to come this way
    reason[0] = "later"
    state = panels.drawn(shown)
    watcher.watch({state.token: state.at}, panels.known)
    live.tell([watcher])
    assert watcher.take() == {}


class Caller:
    """A browser as the server sees it: what it says, and all that it hears."""

    def __init__(self, origin: str = "http://lab.example.org") -> None:
        headers = [(b"host", b"lab.example.org"), (b"origin", origin.encode())]
        self._scope = {
            "type": "websocket",
            "path": "/live",
            "headers": headers,
            "subprotocols": [],
            "query_string": b"",
        }
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.heard: list[dict[str, Any]] = []
        self._said.put_nowait({"type": "websocket.connect"})

    def say(self, text: str) -> None:
        self._said.put_nowait({"type": "websocket.receive", "text": text})

    def leave(self) -> None:
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def call(self) -> None:
        """Until the connection has ended."""

        async def send(message: Mapping[str, Any]) -> None:
            self.heard.append(dict(message))

        await asyncio.wait_for(live.serve(WebSocket(self._scope, self._said.get, send)), 10)

    @property
    def content(self) -> dict[str, Any]:
        """Everything that was sent, by panel."""
        messages = [json.loads(message["text"])["panels"] for message in self.heard if "text" in message]
        return {token: said for message in messages for token, said in message.items()}

    @property
    def closed(self) -> list[int]:
        """The codes with which the server closed."""
        return [message["code"] for message in self.heard if message["type"] == "websocket.close"]


def test_news_come_over_the_socket(waiting_engine: Engine) -> None:
    state = panels.drawn(Panel(draw, ("a",), (RUN,)))

    async def visit() -> Caller:
        caller = Caller()
        caller.say(json.dumps({"panels": {state.token: 0.0, "unknown": 0.0}}))
        calling = asyncio.ensure_future(caller.call())
        while len(caller.content) < 2:
            await asyncio.sleep(0.01)
        caller.leave()
        await calling
        return caller

    content = asyncio.run(asyncio.wait_for(visit(), 10)).content
    assert content["unknown"] == {"lost": True}
    assert content[state.token]["content"] == {"curves": "a begin", "still": "the same", "!told": "begin"}
    assert not live.hub._watchers


def test_another_site_cannot_listen() -> None:
    caller = Caller("http://evil.example.com")
    asyncio.run(caller.call())
    assert caller.closed == [live.BAD]
    assert len(caller.heard) == 1


@pytest.mark.parametrize("text", ["no json", "[]", '{"panels": 3}', '{"panels": {"a": "b"}}', '{"a": 1}', "x" * 9_000])
def test_nonsense_ends_the_connection_and_nothing_else(text: str) -> None:
    caller = Caller()
    caller.say(text)
    asyncio.run(caller.call())
    assert caller.closed == [live.BAD]
    assert not live.hub._watchers


def test_only_so_many_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_SOCKETS", 0)
    caller = Caller()
    asyncio.run(caller.call())
    assert caller.closed == [live.TOO_MANY]


measured: set[int] = set()


def dragged(name: str, place: int, depth: int, step: int) -> Mapping[str, str] | None:
    calls.append(f"{name} {depth}")
    return {"profiles": f"{name} at {depth}"} if depth in measured else None


def drag(watcher: Watcher, *depths: int) -> None:
    watcher.follow(live.Drag(0, depths, 7, Wait("somebody", ahead=True)))


def test_a_drag_gets_the_frames_around_it_the_nearest_first_and_each_once(waiting_engine: Engine) -> None:
    measured.clear()
    measured.update((20, 22))
    watcher = watcher_of(Panel(draw, ("a",), drag=dragged, moving=("profiles",)))
    drag(watcher, 22, 24, 20)
    calls.clear()
    assert live.draw_frames([watcher])  # 24 is still measured
    assert calls == ["a 22", "a 24", "a 20"]
    (sent,) = watcher.take().values()
    assert sent["content"] == {"profiles@0-22-7": "a at 22", "profiles@0-20-7": "a at 20"}
    measured.add(24)
    drag(watcher, 24, 22, 26)  # it moves on
    calls.clear()
    assert live.draw_frames([watcher])
    assert calls == ["a 24", "a 26"]
    (sent,) = watcher.take().values()
    assert sent["content"] == {"profiles@0-24-7": "a at 24"}
    watcher.follow(None)
    assert not live.draw_frames([watcher])


def test_drags_take_turns_and_stop_in_time(waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    measured.clear()
    measured.update(range(100))
    one, other = (watcher_of(Panel(draw, (name,), drag=dragged)) for name in "ab")
    for watcher in (one, other):
        drag(watcher, *range(20, 60, 2))
    calls.clear()
    clock = iter(range(1_000))
    monkeypatch.setattr("resnet.ui.parts.live.time.perf_counter", lambda: float(next(clock)) / 100)
    assert live.draw_frames([one, other])
    assert calls == ["a 20", "b 20", "a 22", "b 22"]


def test_a_depth_that_cannot_be_is_told_in_a_sentence(waiting_engine: Engine) -> None:
    def refused(_name: str, _place: int, depth: int, _step: int) -> Mapping[str, str]:
        raise SpecError(f"not {depth}")

    watcher = watcher_of(Panel(draw, ("a",), drag=refused))
    drag(watcher, 9)
    assert not live.draw_frames([watcher])
    (sent,) = watcher.take().values()
    assert sent["content"] == {"error@0-9-7": "not 9"}


@pytest.mark.parametrize(
    "said", ['{"drag": {"place": 0}}', '{"drag": {"place": "x", "depths": [8], "step": 0}}', '{"drag": 5}']
)
def test_a_drag_of_nonsense_ends_the_connection(said: str) -> None:
    caller = Caller()
    caller.say(said)
    asyncio.run(caller.call())
    assert caller.closed == [live.BAD]


def test_no_drag_asks_for_more_than_is_allowed() -> None:
    found = live._drag({"place": 1, "depths": list(range(8, 2_000, 2)), "step": 0})
    assert found
    assert len(found.depths) == live.MOST_FRAMES
