"""Every page by axe-core, at 200 % zoom and on a telephone; what is done by keyboard alone.

Streamlit's own: the links of its menu lie in a ``div`` of their list, so the rules `list` and `listitem` are not asked
of the menu. All else that axe calls serious or critical is.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Error, Page

from resnet.ui.app import pages
from tests.browser.driver import Server, page_of, server, wait_idle

pytestmark = pytest.mark.browser
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
BENCH = "nets=plain-8,res-8&steps=20"  # what pages compute by themselves is soon there
BARS = ("start", "train", "course", "vanishing")  # where the side bar is looked at too: all pages share it
SIZES = {"as it is": 1280, "200 % zoom": 640, "telephone": 390}  # pixels
# Of charts the words are known to the test of charts, and colours of their words to `COLOURS`.
SERIOUS = """async ([scheme, bar]) => {
  const rules = { list: { selector: 'ul:not([data-testid=stSidebarNavItems])' },
    listitem: { selector: 'li:not([data-testid=stSidebarNav] li)' } };
  axe.configure({ rules: Object.entries(rules).map(([id, rule]) => ({ id, ...rule })) });
  const exclude = ['.main-svg', ...(bar ? [] : ['[data-testid=stSidebar]'])];
  const only = scheme === 'dark' ? { runOnly: ['color-contrast'] } : {};
  const found = await axe.run({ exclude }, { resultTypes: ['violations'], preload: false, ...only });
  return found.violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""
# Names that are read aloud with the signs of Markdown in them.
SIGNS = """() => [...document.querySelectorAll('[aria-label], [alt], [title]')]
  .flatMap((one) => ['aria-label', 'alt', 'title'].map((name) => one.getAttribute(name) ?? ''))
  .filter((text) => /\\\\|[*][*]/.test(text)).map((text) => `signs: ${text}`)"""
# Contrast of the words of charts, and charts without a name.
CHARTS = """(_) => {
  const parts = (colour) => (colour.match(/[0-9.]+/g) ?? []).slice(0, 3).map(Number);
  const line = (part) => part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  const weights = [0.2126, 0.7152, 0.0722];
  const light = (colour) => parts(colour).map(line).reduce((sum, part, at) => sum + part * weights[at], 0);
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  return [...document.querySelectorAll('.resnet-plot .js-plotly-plot:has(.main-svg)')].flatMap((chart) => {
    const ground = getComputedStyle(document.querySelector('.stApp')).backgroundColor;
    const words = [...chart.querySelectorAll('.annotation:not(:has(.bg[style*="fill: rgb"])) .annotation-text')];
    const faint = words.filter((one) => contrast(getComputedStyle(one).fill, ground) < 4.5)
      .map((one) => `faint: ${one.textContent} ${getComputedStyle(one).fill} on ${ground}`);
    const name = chart.querySelector('.main-svg[role=img]')?.getAttribute('aria-label');
    return [...faint, ...(name ? [] : ['a chart without a name'])];
  });
}"""
THEMED = "(scheme) => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme"
# The page is as wide as the window, but for an open side bar beside it, and has been drawn so.
SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const bar = document.querySelector('[data-testid=stSidebar][data-collapsed=false]');
  const beside = innerWidth > 768 && bar ? bar.offsetWidth : 0;
  done(Math.abs(document.querySelector('[data-testid=stMain]').offsetWidth + beside - innerWidth) < 2);
})))"""
FITS = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
  .every((one) => one.scrollWidth <= one.clientWidth + 1)"""
# What lies over something else or leaves the page; what scrolls in a place of its own may be wider than that.
LAYOUT = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const wide = [document.documentElement, main].filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => `scrolls sideways: ${one.scrollWidth}`);
  const scrolls = (one) => {
    for (let at = one.parentElement; at && at !== main; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== 'visible') return true;
    return false;
  };
  const boxOf = (one) => {
    if (/^(INPUT|IMG|BUTTON)$/.test(one.tagName)) return one.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getBoundingClientRect();
  };
  const nameOf = (one) => `${one.tagName} ${(one.innerText || one.ariaLabel || one.alt || '').slice(0, 40)}`;
  const parts = 'p, button, a, input, h2, h3, label, td, th, figcaption, summary, output, img:not([alt=""])';
  const shown = [...main.querySelectorAll(parts)]
    .filter((one) => !one.closest('.resnet-plot, .katex, [aria-hidden=true]'))
    .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .map((one) => ({ one, box: boxOf(one), part: one.closest('.stElementContainer') }))
    .filter(({ box }) => box.width > 2 && box.height > 2);
  const out = shown.filter(({ one, box }) => (box.right > innerWidth + 1 || box.left < -1) && !scrolls(one))
    .map(({ one }) => `outside: ${nameOf(one)}`);
  const share = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
  const meet = (a, b) => share(a, b, 'left', 'right') > 3 && share(a, b, 'top', 'bottom') > 3;
  const over = shown.flatMap((a, place) => shown.slice(place + 1)
    .filter((b) => !a.one.contains(b.one) && !b.one.contains(a.one) && meet(a.box, b.box))
    .filter((b) => a.part !== b.part || a.part?.querySelector('table')) // a widget's own parts may touch
    .map((b) => `over: ${nameOf(a.one)} / ${nameOf(b.one)}`));
  return [...wide, ...out, ...over];
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With what came with the app: there are curves and tables on the pages."""
    with server(tmp_path_factory.mktemp("lab"), RESNET_RECORDINGS="") as running:
        yield running


@pytest.fixture(scope="module")
def asked() -> set[str]:
    """The addresses that the pages have asked for."""
    return set()


@pytest.fixture(scope="module")
def found(browser: Browser, lab: Server, asked: set[str]) -> dict[str, list[str]]:
    """Every page once: what is wrong with it, each with where."""
    with page_of(browser) as visitor:
        visitor.on("request", lambda request: asked.add(request.url))
        visitor.emulate_media(reduced_motion="reduce")
        return {record.name: _faults(visitor, lab, record) for record in pages.PAGES}


def _faults(page: Page, lab: Server, record: pages.PageRecord) -> list[str]:
    page.set_viewport_size({"width": SIZES["as it is"], "height": 800})
    page.emulate_media(color_scheme="light")
    page.goto(f"{lab.url}/{'' if record is pages.START else record.name}?{BENCH}")
    page.wait_for_selector("h1")
    with suppress(Error):  # a page that still computes is looked at while it waits
        wait_idle(page, 5)
    told, bar = page.evaluate(SIGNS), record.name in BARS
    page.add_script_tag(path=AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(THEMED, arg=scheme)
        told += [f"{scheme}: {fault}" for script in (SERIOUS, CHARTS) for fault in page.evaluate(script, [scheme, bar])]
    for name, width in SIZES.items():
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(SETTLED)
        with suppress(Error):  # a table of Streamlit's takes its new width a moment later
            page.wait_for_function(FITS, timeout=1_500)
        told += [f"{name}: {fault}" for fault in page.evaluate(LAYOUT)]
    return list(dict.fromkeys(told))


def test_no_request_of_any_page_leaves_this_machine(found: dict[str, list[str]], asked: set[str]) -> None:
    assert len(found) == len(pages.PAGES)
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}


def test_no_page_has_a_serious_finding(found: dict[str, list[str]]) -> None:
    faults = [f"{name}: {fault}" for name, of_page in found.items() for fault in of_page]
    assert not faults, "\n".join(faults)
