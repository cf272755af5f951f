"""A server of our own on a free loopback port, and Chromium to look at it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
IDLE = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app?.dataset.testScriptState === 'notRunning' && app?.dataset.testConnectionState === 'CONNECTED'
    && !document.querySelector('[data-testid=stSkeleton], [data-stale="true"]');
}"""


@dataclass(frozen=True)
class Server:
    """A running server: its address without a slash at the end, its process, and the file with all it printed."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path
    home: Path


def need_chromium() -> Path:
    """The browser, or a skipped test; in CI a missing browser is a failure."""
    found = CHROMIUM if CHROMIUM.exists() else Path(shutil.which("chromium") or "")
    if found.is_file():
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("no chromium on this machine, and CI may not skip the browser tests")
    pytest.skip("no chromium on this machine")


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(home: Path, script: str | Path = "app.py", root: Path = ROOT, **environment: str) -> Iterator[Server]:
    """``streamlit run script`` of the checkout `root`, `home` as RESNET_HOME; ended with Ctrl-C, as a person would."""
    port, log = free_port(), home / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    settings = {**os.environ, "RESNET_HOME": str(home), "PYTHONPATH": str(root), **environment}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=root, env=settings, stdout=output, stderr=subprocess.STDOUT)
        try:
            started = Server(f"http://127.0.0.1:{port}", process, log, home)
            _wait_until_ready(started)
            yield started
        finally:
            _stop(process)


def _wait_until_ready(started: Server, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and started.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{started.url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"the server did not start: {started.log.read_text(errors='replace')[-2000:]}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for many pages."""
    found = need_chromium()
    with sync_playwright() as playwright:
        browser = _launch(playwright, found)
        try:
            yield browser
        finally:
            browser.close()


def _launch(playwright: Playwright, found: Path) -> Browser:
    return playwright.chromium.launch(executable_path=str(found), args=list(FLAGS))


@contextmanager
def page_of(
    browser: Browser, url: str = "", width: int = 1280, height: int = 800, dark: bool = False, locale: str = "en-US"
) -> Iterator[Page]:
    """A visitor of their own (no shared cookies or storage), on `url` when one is given."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale=locale,
        accept_downloads=True,
    )
    page = context.new_page()
    try:
        if url:
            page.goto(url)
        yield page
    finally:
        context.close()


def wait_idle(page: Page, seconds: float = 20) -> None:
    """Until the script has run and nothing on the page is being replaced."""
    page.wait_for_function(IDLE, timeout=seconds * 1000)


def press(page: Page, name: str, tries: int = 4) -> None:
    """Click the button whose words begin with `name` until they go.

    A click in the first moments of a page, while the engine starts, may not reach the server.
    """
    button = page.get_by_role("button", name=re.compile(f"^{name}"))
    for _ in range(tries - 1):
        button.click()
        with suppress(AssertionError):
            return expect(button).to_have_count(0, timeout=8_000)
    button.click()
    expect(button).to_have_count(0)
