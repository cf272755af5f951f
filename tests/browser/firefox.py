"""Firefox by WebDriver BiDi, which needs no driver beside the browser; see w3.org/TR/webdriver-bidi."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.browser.driver import free_port

NAMES = ("firefox-esr", "firefox")
LARGEST = 2**24  # bytes of an answer


class Firefox:
    """One tab; `errors` are those of the scripts of its pages."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers, self.errors = socket, count(1), list[str]()
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        self._tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def goto(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def evaluate(self, script: str) -> Any:
        """The value of an expression, or of the promise that it is: text, number or truth."""
        target = {"context": self._tab}
        told = self._ask("script.evaluate", expression=script, target=target, awaitPromise=True)
        assert told["type"] == "success", told
        return told["result"].get("value")

    def wait_for(self, script: str, seconds: float = 30) -> None:
        """Until the expression is true."""
        end = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({script})"):
            if time.monotonic() > end:
                raise TimeoutError(f"{script} in {self.evaluate('document.body.innerText')[:500]}")
            time.sleep(0.05)

    def press(self, *keys: str) -> None:
        """One key after the other, as WebDriver names them."""
        actions = [{"type": f"key{way}", "value": key} for key in keys for way in ("Down", "Up")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self._ask("input.performActions", context=self._tab, actions=[source])

    def _ask(self, method: str, **words: Any) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": words}))
        while (told := json.loads(self._socket.recv(60))).get("id") != number:
            self._hear(told)
        assert told["type"] == "success", told
        return told["result"]

    def _hear(self, told: Any) -> None:
        """Fonts that were on their way when the page was left are no errors of it."""
        entry = told.get("params", {})
        if told.get("method") == "log.entryAdded" and entry.get("level") == "error" and entry["type"] == "javascript":
            self.errors += [entry["text"]] * (not entry["text"].startswith("downloadable font:"))


@contextmanager
def firefox(home: Path) -> Iterator[Firefox]:
    """The browser with a profile of its own, or a skipped test."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Firefox on this machine")
    port = free_port()
    command = [found, "--headless", "--no-remote", "--profile", str(home), "--remote-debugging-port", str(port)]
    process = subprocess.Popen([*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with _connected(port) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _connected(port: int, seconds: float = 60) -> ClientConnection:
    end = time.monotonic() + seconds
    while True:
        try:
            return connect(f"ws://127.0.0.1:{port}/session", max_size=LARGEST, proxy=None)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
