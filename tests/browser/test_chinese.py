"""The app in Chinese in Chromium: every letter has a picture, nothing is cut, nothing runs out of the page."""

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from resnet.runs.store import recorded
from tests.browser.driver import Server, page_of, server, wait_idle

pytestmark = pytest.mark.browser
APP = Path(__file__).parent / "apps" / "maps.py"
PAGES = ("", "train", "build?nets=plain-20,res-20", "runs", "vanishing")
# Texts in controls that are cut: wider than their place, and not shown beyond it.
CUT = """() => [...document.querySelectorAll('button, label, a, summary, [role=tab]')]
  .flatMap((control) => [control, ...control.querySelectorAll('*')])
  .filter((one) => [...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim()))
  .filter((one) => one.getBoundingClientRect().width > 4 && getComputedStyle(one).overflowX !== 'visible')
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && !one.matches('.material-symbols-rounded, [translate=no]'))
  .map((one) => one.textContent)"""
# Letters that look like one for which there is none: a box, or nothing.
BOXES = """() => {
  const pen = Object.assign(document.createElement('canvas'), { width: 24, height: 24 })
    .getContext('2d', { willReadFrequently: true });
  pen.font = `20px ${getComputedStyle(document.body).fontFamily}`;
  const look = (letter) => {
    pen.clearRect(0, 0, 24, 24);
    pen.fillText(letter, 0, 20);
    return pen.getImageData(0, 0, 24, 24).data.join();
  };
  const boxes = new Set(['\\u{10FFFD}', '\\u{2FFFE}', ' '].map(look));
  const letters = new Set(document.body.innerText.match(/[\\u4e00-\\u9fff，。：；？！“”（）、]/g));
  return [letters.size, [...letters].filter((letter) => boxes.has(look(letter))).join('')];
}"""


def need_letters() -> None:
    """Chinese letters, or a skipped test; in CI a missing font is a failure."""
    found = shutil.which("fc-list") and subprocess.run(
        ["fc-list", ":lang=zh"], capture_output=True, text=True, check=False
    )
    if not found or not found.stdout.strip():
        if os.environ.get("CI") == "true":
            pytest.fail("no font with Chinese letters on this machine, and CI may not skip this test")
        pytest.skip("no font with Chinese letters on this machine")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    need_letters()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(recorded.VARIABLE)
        with server(tmp_path_factory.mktemp("school")) as running:
            yield running


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    need_letters()
    with server(tmp_path_factory.mktemp("maps"), APP) as running:
        yield running


@pytest.mark.parametrize("width", [1280, 390])
def test_every_letter_is_drawn_and_nothing_is_cut_or_too_wide(browser: Browser, school: Server, width: int) -> None:
    with page_of(browser, width=width, locale="zh-CN") as page:
        for address in PAGES:
            page.goto(f"{school.url}/{address}")
            expect(page.locator("html")).to_have_attribute("lang", "zh")
            wait_idle(page)
            letters, boxes = page.evaluate(BOXES)
            assert letters > 50, address
            assert boxes == "", address
            assert page.evaluate(CUT) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_another_language_keeps_what_is_chosen(browser: Browser, school: Server) -> None:
    """Streamlit's menus tell the server their labels: those of the language before mean nothing."""
    with page_of(browser, f"{school.url}/gradients?probe=gain&nets=res-20") as page:
        menu = page.locator(".st-key-probe input")
        expect(menu).to_have_value("Gain per block")
        wait_idle(page)
        page.get_by_role("button", name="中文").click()
        expect(menu).to_have_value("每块增益")
        wait_idle(page)
        assert "probe=gain" in page.url
        assert "lang=zh" in page.url
        page.get_by_role("button", name="English").click()
        expect(menu).to_have_value("Gain per block")


def test_the_saved_picture_of_the_maps_has_chinese_words(browser: Browser, maps: Server) -> None:
    """The words under a map, found in the file where the page shows them, are as black there as here."""
    with page_of(browser, maps.url) as page:
        expect(page.locator(".maps figcaption").first).to_have_text("0 · 方形")
        wait_idle(page)
        with page.expect_download() as saving:
            page.locator(".resnet-save").click()
        assert saving.value.suggested_filename == "maps.png"
        saved = np.asarray(Image.open(io.BytesIO(saving.value.path().read_bytes())).convert("L"), dtype=float)
        for words in (".maps .head", ".maps figcaption", ".maps figcaption small"):
            assert 0.02 < ink(saved, page, words) < 0.3, words
        assert abs(ink(saved, page, ".maps figcaption") - shot(page, ".maps figcaption")) < 0.05


def ink(saved: np.ndarray, page: Page, words: str) -> float:
    """The share of dark pixels of the file where the page shows the first of these words."""
    corner = """(one) => { const [own, all] = [one, document.querySelector('.maps')].map((part) =>
      part.getBoundingClientRect()); return [own.left - all.left, own.top - all.top, own.width, own.height]; }"""
    left, top, width, height = (round(2 * side) for side in page.locator(words).first.evaluate(corner))
    return float((saved[24 + top : 24 + top + height, 24 + left : 24 + left + width] < 128).mean())


def shot(page: Page, words: str) -> float:
    """The same share of the page itself."""
    seen = Image.open(io.BytesIO(page.locator(words).first.screenshot())).convert("L")
    return float((np.asarray(seen) < 128).mean())
