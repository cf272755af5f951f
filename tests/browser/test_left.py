"""A visitor leaves while answers are on their way: the tab, the page, or the wait."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.driver import Server, page_of, server

pytestmark = pytest.mark.browser
APP = Path(__file__).parent / "apps" / "questions.py"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("left"), APP) as running:
        yield running


def elsewhere(page: Page) -> None:
    page.get_by_role("button", name="Elsewhere").click()


def reload(page: Page) -> None:
    page.goto(page.url.split("?")[0])  # another session


def stop_button(page: Page) -> Locator:
    """The one of the page: Streamlit has its own in the header."""
    return page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop")


def stop(page: Page) -> None:
    stop_button(page).click()
    expect(page.get_by_text("Stopped.")).to_be_visible()


@pytest.mark.parametrize(("leave", "left"), [(Page.close, 1), (elsewhere, 2), (stop, 2), (reload, 2)])
def test_what_nobody_waits_for_any_more_is_cancelled(
    page: Page, lab: Server, browser: Browser, leave: Callable[[Page], None], left: int
) -> None:
    page.goto(lab.url)
    with page_of(browser, f"{lab.url}?ask=9") as waits:
        expect(page.get_by_text("9 questions, 2 visitors")).to_be_visible()
        expect(stop_button(waits)).to_be_visible()
        leave(waits)
        expect(page.get_by_text(f"1 questions, {left} visitor")).to_be_visible()  # the one that the worker has


def test_two_who_wait_for_the_same_do_not_take_it_from_each_other(page: Page, lab: Server, browser: Browser) -> None:
    page.goto(lab.url)
    with page_of(browser, f"{lab.url}?ask=9") as first, page_of(browser, f"{lab.url}?ask=5") as second:
        expect(page.get_by_text("9 questions, 3 visitors")).to_be_visible()
        expect(stop_button(second)).to_be_visible()
        stop(first)
        expect(page.get_by_text("5 questions, 3 visitors")).to_be_visible()
        expect(stop_button(second)).to_be_visible()
        second.close()
        expect(page.get_by_text("1 questions, 2 visitors")).to_be_visible()
