"""The attribution lab in Chromium: from page to page, an own picture that a phone has rotated, no error anywhere."""

import io
import re
from pathlib import Path
from urllib.parse import urljoin

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.driver import Server, press, wait_idle

pytestmark = pytest.mark.browser
BENCH = "nets=plain-8-w4,res-8-w4&steps=30"
PAGES = {
    "Scores": "Do the maps find the object?",
    "Sanity check": "Does the map notice that the net forgets?",
    "Mistakes": "What do the nets get wrong?",
    "Own pictures": "What do nets see in your picture?",
    "Attribution": "What does a net look at?",
}


def phone_picture(path: Path) -> Path:
    """Red above blue, as a phone on its side writes it: lying, with a note to turn it."""
    upright = np.zeros((60, 40, 3), dtype=np.uint8)
    upright[:30, :, 0] = upright[30:, :, 2] = 255
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(upright).rotate(90, expand=True).save(path, "JPEG", quality=95, exif=exif)
    return path


def test_every_page_of_the_lab_shows_what_it_says(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/train?{BENCH}")
    press(page, "Train 2 nets")
    expect(page.get_by_role("button", name=re.compile("^Train again"))).to_be_visible(timeout=60_000)
    page.locator('[data-testid="stSidebarNavLink"]', has_text="Attribution").click()
    expect(page.locator(".maps .head", has_text="after 30 steps")).to_have_count(2, timeout=60_000)
    for link, title in PAGES.items():
        page.locator('[data-testid="stSidebarNavLink"]', has_text=link).click()
        expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=30_000)
        wait_idle(page)
        assert page.locator('[data-testid="stException"], [role="dialog"]').count() == 0
    expect(page.locator(".maps figure")).to_have_count(12, timeout=60_000)


def test_a_rotated_phone_picture_is_shown_upright_and_explained(page: Page, lab: Server, tmp_path: Path) -> None:
    page.goto(f"{lab.url}/pictures?{BENCH}")
    expect(page.locator(".maps figure")).to_have_count(3, timeout=60_000)
    shown = page.locator('[data-testid="stImage"] img, [data-testid="stImageContainer"] img').first
    sample = str(shown.get_attribute("src"))
    page.locator('[data-testid="stFileUploader"] input').set_input_files(phone_picture(tmp_path / "phone.jpg"))
    expect(shown).not_to_have_attribute("src", sample, timeout=60_000)
    wait_idle(page)
    picture = Image.open(
        io.BytesIO(page.request.get(urljoin(page.url, str(shown.get_attribute("src")))).body())
    ).convert("RGB")
    assert picture.height > picture.width
    red, _green, blue = picture.getpixel((picture.width // 2, 4))
    assert red > 180 > blue


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0" + bytes(40)])
def test_a_broken_picture_is_refused_in_one_sentence(page: Page, lab: Server, tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(content)
    page.goto(f"{lab.url}/pictures?{BENCH}")
    page.locator('[data-testid="stFileUploader"] input').set_input_files(broken)
    expect(page.get_by_text("This picture cannot be used")).to_be_visible(timeout=30_000)


def test_offline_weights_are_refused_in_one_sentence(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/pictures?{BENCH}")
    page.get_by_role("button", name="ResNet-18, 47 MB").click()
    refused = page.get_by_text("this computer has no way to its server")
    fetched = page.get_by_role("button", name="ResNet-18", exact=True)
    expect(refused.or_(fetched).first).to_be_visible(timeout=120_000)


def test_nothing_was_logged(lab: Server) -> None:
    assert "Traceback" not in lab.log.read_text()
