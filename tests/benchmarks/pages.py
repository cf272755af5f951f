"""How long a visitor waits, in headless Chromium: from a click or key to the frame that shows the new picture.

Every turn starts ``streamlit run app.py`` with an empty home on the loopback interface, for each checkout in turn, and
measures there: `streamlit run` to the first page's button, changes of page (each page was seen before), a key on the
first depth slider (each depth for the first time), that slider under the mouse, and play. Run it on a quiet machine.

    python -m tests.benchmarks.pages [--turns 5] [--busy] [--repository PATH]...     --quick: a look whether it works
"""

import argparse
import os
import platform
import re
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.driver import ROOT, Server, chromium, page_of, server, wait_idle

MAIN = '[data-testid="stMain"]'
TABLE = f"read(`{MAIN} .nets th`, (cell) => cell.textContent)"
PICTURES = {  # on each page, what stands there once it is drawn
    "start": ("Start", ".st-key-demo button"),
    "train": ("Train", ".st-key-curves .main-svg"),
    "gradients": ("Gradients", ".st-key-profiles .scatterlayer .trace:nth-child(4)"),
    "build": ("Build", ".st-key-nets .main-svg"),
    "attribution": ("Attribution", f'{MAIN} [data-testid="stHtml"] img'),
}
NAMED = {  # by what one sees that the picture of another depth is there: all of it changes
    "train": [TABLE],
    "gradients": [TABLE, "chart('.st-key-profiles')"],
    "build": ["read('.counts td:first-child', (cell) => cell.textContent)", "chart('.st-key-nets')"],
}
# What the page does not show yet is looked for in every frame; the time ends with the task after the frame that drew.
SCRIPT = """
window.current = (node) => !node.closest('[data-stale=true]');
window.fresh = (selector) => [...document.querySelectorAll(selector)].filter(current);
window.read = (selector, text) => fresh(selector).map(text).join('|');
window.chart = (selector) => {
  const node = fresh(`${selector} .js-plotly-plot`)[0];
  const names = [node?.data?.map((trace) => trace.name), node?.layout?.annotations?.map(({ text }) => text)];
  return node?.layout ? JSON.stringify(names) : '';
};
window.curve = () => read('.st-key-profiles .scatterlayer path.js-line', (path) => path.getAttribute('d'));
window.measure = (kind, drawn) => {
  window.measured = new Promise((resolve, reject) => addEventListener(kind, ({ timeStamp }) => {
    setTimeout(() => reject(new Error('nothing was drawn')), 20000);
    const look = () => {
      if (!drawn()) return requestAnimationFrame(look);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now() - timeStamp);
      port2.postMessage(0);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true }));
};
window.count = (still) => {  // frames in which the curves changed, until they rest
  window.measured = new Promise((resolve) => {
    const times = [];
    let last = curve();
    const look = (now) => {
      const seen = curve();
      if (seen !== last) times.push(now);
      last = seen;
      if (times.length > 1 && now - times.at(-1) > still) resolve([times.length - 1, times.at(-1) - times[0]]);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
};
"""
Times = dict[str, list[float]]


def first_page(browser: Browser, lab: Server, start: float) -> float:
    """Milliseconds from `start` until a browser without a cache shows the button."""
    with page_of(browser, lab.url) as page:
        page.locator(PICTURES["start"][1]).first.wait_for()
        return 1e3 * (time.monotonic() - start)


def visit(page: Page, name: str) -> float:
    """Change to a page by its link in the side bar; milliseconds from the click to its picture."""
    link, picture = PICTURES[name]
    before = page.locator("h1").first.text_content()
    title = f"read('h1', (node) => node.textContent) !== {before!r}"
    page.evaluate(f"measure('click', () => {title} && fresh(`{picture}`).length)")
    page.locator('[data-testid="stSidebarNavLink"]', has_text=link).first.click()
    return done(page)


def press(page: Page, name: str, key: str) -> float:
    """A key on the first depth slider; milliseconds to the picture of that depth."""
    page.locator('[data-testid="stSidebar"] [class*="st-key-net-"] input[type="range"]').first.focus()
    page.evaluate(f"window.before = [{', '.join(NAMED[name])}]")
    drawn = " && ".join(f"![before[{place}], ''].includes({text})" for place, text in enumerate(NAMED[name]))
    page.evaluate(f"measure('keydown', () => {drawn})")
    page.keyboard.press(key)
    return done(page)


def drag(page: Page, chart: str, places: int, what: str, times: Times) -> None:
    """Drag the first depth slider there and back, place by place, then let it go; twice, for all is measured then."""
    slider = page.locator(".resnet-depth input").first
    box, last = slider.bounding_box(), int(slider.get_attribute("max") or 0)
    assert box, "the slider is not on the screen"
    where = "document.querySelector('.resnet-depth output').textContent"
    drawn = f"chart('{chart}').includes('plain-' + {where}) && !document.querySelector('.resnet-waits')"
    for again in ("first time", "again"):
        start = int(slider.input_value())
        for number, place in enumerate((start, *range(start + 1, start + places), *range(start + places, start, -1))):
            x = box["x"] + 8 + (box["width"] - 16) * place / last  # a thumb is 16 pixels wide
            if number:
                page.evaluate(f"measure('input', () => {drawn})")
            page.mouse.move(x, box["y"] + box["height"] / 2)
            if number:
                times[f"drag to paint, {what}, {again}"].append(float(page.evaluate("measured")))
            else:
                page.mouse.down()
        page.evaluate("measure('pointerup', () => !window.resnetLab.drag)")
        page.mouse.up()
        times[f"release to Python's picture, {what}"].append(done(page))


def drags(browser: Browser, lab: Server, places: int, times: Times, when: str) -> None:
    """On the pages with a picture of the depth, where the slider follows the finger."""
    for name, picture in (("gradients", ".st-key-profiles"), ("build", ".st-key-nets")):
        with page_of(browser) as page:
            page.add_init_script(SCRIPT)
            page.goto(f"{lab.url}/{name}?nets=plain-14,res-56")
            page.locator(f"{picture} .main-svg").first.wait_for()
            wait_idle(page)
            if page.locator(".resnet-depth").count():
                drag(page, picture, places, f"{PICTURES[name][0]}, {when}", times)


def done(page: Page) -> float:
    """What was measured, once the page is at rest again."""
    milliseconds = float(page.evaluate("measured"))
    wait_idle(page)
    page.wait_for_timeout(50)
    return milliseconds


def pages_and_keys(page: Page, rounds: int, keys: int, times: Times, when: str) -> None:
    """Round trips over the pages, then keys on the pages with a picture of the depth."""
    for number in range(rounds + 1):
        for name in (*list(PICTURES)[1:], "start"):
            milliseconds = visit(page, name)
            if number:  # before, each page was opened for the first time
                times[f"page change to picture, {when}"].append(milliseconds)
    for name, key in (("train", "ArrowRight"), ("gradients", "ArrowLeft"), ("build", "ArrowRight")):
        visit(page, name)
        for _ in range(keys):
            times[f"slider key to picture, {PICTURES[name][0]}, {when}"].append(press(page, name, key))


def train(browser: Browser, lab: Server, words: str, text: str) -> None:
    """Somebody trains nets and leaves when that text stands there."""
    with page_of(browser, f"{lab.url}/train?{words}") as page:
        page.get_by_role("button", name=re.compile("^Train [0-9]")).click()
        page.locator(f"{MAIN} .nets .state", has_text=re.compile(text)).nth(1).wait_for(timeout=120_000)


def play(browser: Browser, lab: Server, words: str) -> float:
    """Painted frames a second of the recorded steps of profiles."""
    with page_of(browser) as page:
        page.add_init_script(SCRIPT)
        page.goto(f"{lab.url}/gradients?{words}")
        page.locator(".st-key-profiles .scatterlayer .trace").nth(1).wait_for()
        wait_idle(page)
        page.evaluate("count(800)")
        page.get_by_role("button", name=re.compile("^Play")).click()
        frames, milliseconds = page.evaluate("measured")
        return 1e3 * float(frames) / float(milliseconds)


def turn(browser: Browser, root: Path, options: argparse.Namespace, times: Times) -> None:
    """All of it once, with a server of its own."""
    short = options.quick
    rounds, keys, places, steps = (1, 1, 2, 20) if short else (2, 6, 15, 400)
    recorded, long = f"nets=plain-8,res-8&steps={steps}", "nets=plain-56,res-56&steps=9000"
    with tempfile.TemporaryDirectory() as home:
        start = time.monotonic()
        with server(Path(home), root=root) as lab:
            times["streamlit run to the first page's button"].append(first_page(browser, lab, start))
            with page_of(browser) as page:
                page.add_init_script(SCRIPT)
                page.goto(lab.url)
                page.locator(PICTURES["start"][1]).first.wait_for()
                wait_idle(page)
                pages_and_keys(page, rounds, keys, times, "idle")
            drags(browser, lab, places, times, "idle")
            train(browser, lab, recorded, "^done")
            times["play, frames a second"].append(play(browser, lab, recorded))
            if options.busy:
                train(browser, lab, long, "^step")
                with page_of(browser) as page:
                    page.add_init_script(SCRIPT)
                    page.goto(lab.url)
                    page.locator(PICTURES["start"][1]).first.wait_for()
                    pages_and_keys(page, rounds, keys, times, "two nets train")
                drags(browser, lab, places, times, "two nets train")


def commit(root: Path) -> str:
    """The short name of what is checked out there, with a + where files differ from it."""
    words = ["git", "-C", str(root), "describe", "--always", "--dirty=+", "--exclude=*"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def hardware(browser: Browser) -> str:
    """Processor and versions."""
    name = platform.processor() or platform.machine()
    with suppress(OSError):
        found = re.search("model name\\s*:\\s*(.+)", Path("/proc/cpuinfo").read_text())
        name = found[1] if found else name
    shells = f"streamlit {version('streamlit')}, Chromium {browser.version} without a screen, 1280x800"
    return f"{os.cpu_count()} cores, {name}; Python {platform.python_version()}, {shells}"


def table(found: dict[str, Times]) -> str:
    """Markdown; milliseconds, but for play."""
    lines = ["| what, ms | commit | n | median | p95 |", "|---|---|---|---|---|"]
    for what in dict.fromkeys(what for times in found.values() for what in times):
        for name, times in found.items():
            if values := sorted(times.get(what, [])):
                p95 = values[min(len(values) - 1, round(0.95 * (len(values) - 1)))]
                middle = statistics.median(values)
                lines.append(f"| {what} | {name} | {len(values)} | {middle:.0f} | {p95:.0f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=5, help="servers that are started for each checkout")
    parser.add_argument("--busy", action="store_true", help="measure also while two nets train")
    parser.add_argument("--quick", action="store_true", help="one short turn")
    parser.add_argument("--repository", type=Path, action="append", help="a checkout; several alternate; default: this")
    options = parser.parse_args()
    found: dict[str, Times] = {}
    with chromium() as browser:
        for _ in range(1 if options.quick else options.turns):
            for root in options.repository or [ROOT]:
                turn(browser, root.resolve(), options, found.setdefault(commit(root), defaultdict(list)))
        print(f"{hardware(browser)}\n\n{table(found)}")


if __name__ == "__main__":
    main()
