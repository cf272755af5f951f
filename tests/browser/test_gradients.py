"""The gradient lab in Chromium: from page to page with the same bench, the board, a drag, no error anywhere."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import Server, wait_idle

pytestmark = pytest.mark.browser
PAGES = {
    "Who did it?": "Who did it?",
    "Equations": "Is a residual net a sum?",
    "Shattered": "Do neighbouring images pull the same way?",
    "Path lengths": "How deep is a residual net really?",
    "Gradients": "Does the gradient reach the first layer?",
}


def test_the_bench_goes_from_question_to_question(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/gradients?nets=res-20-w4-preact,plain-20-w4")
    expect(page.locator(".nets .state", has_text="step 0")).to_have_count(2, timeout=60_000)
    for link, title in PAGES.items():
        page.locator('[data-testid="stSidebarNavLink"]', has_text=link).click()
        expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=30_000)
        wait_idle(page)
        assert "nets=res-20-w4-preact,plain-20-w4" in page.url.replace("%2C", ",")
        assert page.locator('[data-testid="stException"], [role="dialog"]').count() == 0


def test_the_board_is_revealed_on_one_picture(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/board")
    reveal = page.get_by_role("button", name="Reveal")
    expect(reveal).to_be_enabled(timeout=60_000)  # the engine is ready
    wait_idle(page)
    page.locator('[class*="st-key-board-depth"] input[type="range"]').press("Home")  # shallow nets: measured at once
    expect(page.locator('[class*="st-key-board-depth"]')).to_contain_text("8", timeout=20_000)
    wait_idle(page)
    reveal.click()
    plot = page.locator(".resnet-plot")
    expect(plot.locator(".scatterlayer .trace")).to_have_count(16, timeout=60_000)
    expect(plot).to_contain_text("residual, no norm")


def test_nothing_was_logged(lab: Server) -> None:
    assert "Traceback" not in lab.log.read_text()
