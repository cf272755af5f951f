"""The browser's Back after a page that replaced the bench."""

import re

from playwright.sync_api import Page, expect

from tests.browser.driver import Server


def test_back_from_the_demo_returns_to_the_bench_of_the_link(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/?nets=res-8-w4,plain-8-w4&steps=30")
    page.locator(".st-key-demo button:visible").first.click()
    expect(page).to_have_url(re.compile("/train.nets=plain-20"), timeout=30_000)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/\?.*nets=res-8-w4.*steps=30|/\?.*steps=30.*nets=res-8-w4"), timeout=30_000)
    expect(page.locator("[data-testid=stSidebar] .net").first).to_contain_text("res-8-w4")
