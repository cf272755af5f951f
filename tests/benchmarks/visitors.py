"""A room of visitors who watch runs of their own, and how long one more waits for a page and for a slider.

Starts ``streamlit run app.py`` on the loopback interface with an empty home, speaks Streamlit's WebSocket protocol and
opens the socket for live points, as browsers do; nothing is drawn. The visitors' runs grow in the store, 5 steps a
second; two nets really train.

    python tests/benchmarks/visitors.py [--visitors 30] [--seconds 30]        5 and 10 for a look whether it works
    python tests/benchmarks/visitors.py --class 9b        all in one class, each at work, with nets that train
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe, run_id

ROOT = Path(__file__).parents[2]
NETS = "plain-20,plain-56,res-20,res-56"
STEPS_A_SECOND = 5
ANSWER_WITHIN = 60.0  # seconds; what takes longer counts as that
OWNER = "benchmark"


@dataclass
class Server:
    port: int
    process: psutil.Process
    home: Path
    log: Path

    @property
    def megabytes(self) -> float:
        return self.process.memory_info().rss / 1e6

    @property
    def tracebacks(self) -> int:
        return self.log.read_text(errors="replace").count("Traceback (most recent call last)")


@contextmanager
def server():
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        home, log = Path(folder), Path(folder) / "server.log"
        words = ["--server.address", "127.0.0.1", "--server.headless", "true", "--server.port", str(port)]
        environment = {**os.environ, "RESNET_HOME": folder, "RESNET_WORKERS": "2"}
        with log.open("wb") as output:
            command = [sys.executable, "-m", "streamlit", "run", "app.py", *words]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(port)
            yield Server(port, psutil.Process(process.pid), home, log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def wait_for(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


class Growth:
    """The visitors' runs, which gain points in the store as if workers reported them."""

    def __init__(self, home: Path) -> None:
        self._store, self._runs, self._step = Store(home / "runs.sqlite"), [], 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._grow, daemon=True)
        self._thread.start()

    def add(self, recipe: Recipe) -> None:
        for net in map(NetSpec.parse, NETS.split(",")):
            key = run_id(net, recipe, "cpu")
            self._store.claim(key, net, recipe, "cpu", OWNER)
            self._store.record(OWNER, [{"run": key, "kind": "started"}])
            self._runs.append((key, net))

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._store.finish_all(OWNER, "stopped", "")
        self._store.close()

    def _grow(self) -> None:
        while not self._over.wait(1.0):
            numbers = range(self._step, self._step + STEPS_A_SECOND)
            self._step += STEPS_A_SECOND
            steps = [point(number) for number in numbers]
            self._store.record(OWNER, [{"run": key, "kind": "steps", "steps": steps} for key, _net in self._runs])
            self._store.beat(OWNER)


def point(number: int) -> dict:
    loss = 2.3 / (1 + number / 50) + random.random() / 10
    values = {"step": number, "loss": loss, "accuracy": 0.5, "lr": 0.1, "seconds": number / STEPS_A_SECOND}
    profile = {"gradient_norm": np.full(20, loss, "<f4").tobytes()} if number % 10 == 0 else {}
    return {**values, "profiles": profile, "evaluation": [loss, 0.5] if number % 50 == 0 else None}


@dataclass
class Visitor:
    """One browser page, without the browser."""

    port: int
    recipe: Recipe
    nets: str = NETS
    page: str = "train"
    more: str = ""  # words of the address beside the bench
    news: int = 0  # messages with changed parts that came over the socket for live points
    panels: dict = field(default_factory=dict)
    sliders: dict = field(default_factory=dict)
    buttons: dict = field(default_factory=dict)
    _stream: ClientConnection | None = None
    _live: ClientConnection | None = None
    _redraw: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    _following: set = field(default_factory=set)

    @property
    def query(self) -> str:
        words = {"nets": self.nets, **self.recipe.to_query()}
        return "&".join(f"{name}={value}" for name, value in words.items()) + self.more

    async def enter(self, stack: AsyncExitStack, live: bool = True) -> None:
        address = f"ws://127.0.0.1:{self.port}"
        self._stream = await stack.enter_async_context(
            connect(f"{address}/_stcore/stream", subprotocols=["streamlit"], max_size=None, open_timeout=ANSWER_WITHIN)
        )
        await self.run()
        with suppress(WebSocketException):  # an older app has no such route
            if live:
                self._live = await stack.enter_async_context(connect(f"{address}/live", max_size=None))
                await self._subscribe()
                self._following = {asyncio.ensure_future(self._follow()), asyncio.ensure_future(self._redraws())}

    def leave(self) -> None:
        for task in self._following:
            task.cancel()

    async def run(self, page: str | None = None, **widget: object) -> float:
        """Run the page, with a widget's new value; the seconds until it is drawn."""
        async with self._busy:
            message = BackMsg()
            asked = message.rerun_script
            asked.query_string, self.page = self.query, page or self.page
            asked.page_name = self.page
            if widget:
                state = asked.widget_states.widgets.add(id=widget["id"])
                if "trigger" in widget:
                    state.trigger_value = True
                else:
                    state.double_array_value.data.append(widget["value"])
            start = time.perf_counter()
            await self._stream.send(message.SerializeToString())
            with suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_WITHIN):
                    while not self._take(await self._stream.recv()):
                        pass
            return time.perf_counter() - start

    def _take(self, data: bytes) -> bool:
        """Note what a browser needs to know; whether the page is drawn."""
        message = ForwardMsg.FromString(data)
        element = message.delta.new_element if message.HasField("delta") else None
        if element is not None and element.HasField("bidi_component"):
            component = element.bidi_component
            if component.component_name.endswith("resnet_live"):
                self.panels = json.loads(component.json)["panels"]
        elif element is not None and element.HasField("exception"):
            raise RuntimeError(element.exception.message)
        elif element is not None and element.HasField("slider"):
            self.sliders[element.slider.label] = element.slider
        elif element is not None and element.HasField("button"):
            self.buttons[element.button.label] = element.button.id
        return message.HasField("script_finished")

    async def _subscribe(self) -> None:
        told = {token: panel["at"] for token, panel in self.panels.items()}
        await self._live.send(json.dumps({"panels": told}))

    async def _follow(self) -> None:
        async for text in self._live:
            for change in json.loads(text)["panels"].values():
                self.news += 1
                if change.get("lost") or any(key.startswith("!") for key in change["content"]):
                    self._redraw.set()

    async def _redraws(self) -> None:
        """The page as a whole, when a run begins or ends: within 1.5 s, as browsers do."""
        while True:
            await self._redraw.wait()
            await asyncio.sleep(1.5 * random.random())
            self._redraw.clear()
            await self.run()
            await self._subscribe()


async def measure(one: Visitor, seconds: float) -> str:
    """Page changes and moves of a slider of one more visitor, alternating."""
    times: dict[str, list[float]] = {"page": [], "slider": []}
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        times["page"].append(await one.run(("build", "train")[number % 2]))
        if one.page == "train":
            slider = next(each for label, each in one.sliders.items() if label.lower().startswith("smooth"))
            value = slider.min + slider.step * (1 + number // 2 % 4)
            times["slider"].append(await one.run(id=slider.id, value=value))
        await asyncio.sleep(0.2)
    return "  ".join(f"{name} {summary(found)}" for name, found in times.items())


def summary(seconds: list[float]) -> str:
    ordered = sorted(1000 * value for value in seconds)
    last = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"{statistics.median(ordered):4.0f} / {last:4.0f} ms (n={len(ordered)})"


async def room(found: Server, visitors: int, seconds: float) -> None:
    growth = Growth(found.home)
    async with AsyncExitStack() as stack:
        one = Visitor(found.port, Recipe(seed=1))
        await one.enter(stack, live=False)
        await measure(one, 2)  # the first drawing of each page
        print(f"idle        {await measure(one, seconds)}  {found.megabytes:.0f} MB", flush=True)
        await train(found, stack)
        inside: list[Visitor] = []
        async with AsyncExitStack() as leaving:
            for count in sorted({count for count in (5, 15, 30) if count < visitors} | {visitors}):
                while len(inside) < count:
                    inside.append(Visitor(found.port, Recipe(seed=100 + len(inside), steps=10_000)))
                    growth.add(inside[-1].recipe)
                    await inside[-1].enter(leaving)
                before = found.process.cpu_times()
                start, news = time.monotonic(), sum(each.news for each in inside)
                line = await measure(one, seconds)
                after, took = found.process.cpu_times(), time.monotonic() - start
                share = 100 * (after.user + after.system - before.user - before.system) / took
                fresh = (sum(each.news for each in inside) - news) / took / count
                print(f"{count:2} visitors {line}  {found.megabytes:.0f} MB, {share:.0f} % of a core, "
                      f"{fresh:.1f} news a second and visitor", flush=True)  # fmt: skip
            for each in inside:
                each.leave()
        await asyncio.sleep(5)
        print(f"after they left  {found.megabytes:.0f} MB; tracebacks in the log: {found.tracebacks}", flush=True)
    growth.close()


async def train(found: Server, stack: AsyncExitStack) -> None:
    """Two nets really train, for somebody who watches them."""
    host = Visitor(found.port, Recipe(seed=99, steps=10_000))
    await host.enter(stack)
    button = next(id_ for label, id_ in host.buttons.items() if label.startswith("Train"))
    await host.run(id=button, trigger=True)
    store = Store(found.home / "runs.sqlite")
    end = time.monotonic() + 60
    while sum(run.step > 0 for run in store.recent(10)) < 2 and time.monotonic() < end:
        await asyncio.sleep(0.2)
    store.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--class", dest="word", default="", help="all visitors in the class of that name")
    options = parser.parse_args()
    if options.word:
        from tests.benchmarks.class_visitors import lesson

        with server() as found:
            asyncio.run(lesson(found, options.visitors, options.seconds, options.word))
        return
    print("one more visitor, median / 95th percentile; memory of the pages' process")
    with server() as found:
        asyncio.run(room(found, options.visitors, options.seconds))


if __name__ == "__main__":
    main()
