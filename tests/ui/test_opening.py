"""What comes before the first page: sockets wait for it, files do not."""

import asyncio
import signal
import threading

import pytest
from starlette.types import Receive, Scope, Send

from resnet.ui.app import server
from resnet.ui.app.opening import Opening


class Served:
    """An app that notes what reaches it, behind the gate."""

    def __init__(self, opened: Opening[str]) -> None:
        self.reached: list[str] = []
        self._gate = opened.gate(self._app)

    async def _app(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        self.reached.append(scope["type"])

    async def ask(self, kind: str) -> None:
        await self._gate({"type": kind}, None, None)  # type: ignore[arg-type]


def test_a_socket_waits_for_the_end_of_the_work_and_a_file_does_not() -> None:
    go_on = threading.Event()

    async def visit() -> None:
        opened: Opening[str] = Opening()
        app = Served(opened)
        async with opened.begun(lambda: str(go_on.wait(10))) as work:
            first, second = (asyncio.ensure_future(app.ask("websocket")) for _ in range(2))
            await app.ask("http")
            await asyncio.sleep(0)
            first.cancel()  # a tab that is closed meanwhile ends nobody else's waiting
            assert app.reached == ["http"]
            go_on.set()
            await second
            assert app.reached == ["http", "websocket"]
            assert (work.result(), first.cancelled()) == ("True", True)

    asyncio.run(visit())


def test_work_that_fails_is_told_ends_the_server_and_draws_no_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ended: list[int] = []
    monkeypatch.setattr(signal, "raise_signal", ended.append)

    def fail() -> str:
        raise ImportError("no module named plotly")

    async def visit() -> None:
        opened: Opening[str] = Opening()
        app = Served(opened)
        async with opened.begun(fail):
            for _ in range(2):
                with pytest.raises(ImportError, match="plotly"):
                    await app.ask("websocket")
        assert app.reached == []

    asyncio.run(visit())
    assert ended == [signal.SIGINT]
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["no module named plotly"]


def test_the_gate_is_the_first_that_a_request_meets_and_stands_open_without_a_server() -> None:
    first: object = server.middleware()[0].cls
    assert first == server.opening.gate
    app = Served(Opening())
    asyncio.run(app.ask("websocket"))
    assert app.reached == ["websocket"]


def test_the_server_answers_before_everything_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    order: list[str] = []

    def work() -> None:
        go_on.wait(10)
        order.append("opened")

    async def start() -> None:
        async with server.lifespan(None):  # type: ignore[arg-type]
            order.append("answers")
            go_on.set()
        order.append("ended")

    monkeypatch.setattr(server, "_open", work)
    asyncio.run(start())
    assert order == ["answers", "opened", "ended"]
