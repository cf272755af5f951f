"""What a visitor does without a mouse: find everything, see where they are, train, and do a lesson."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import Server, page_of, server, wait_idle

pytestmark = pytest.mark.browser
MOST_STOPS = 90  # of the Tab key on one page
# Where the keyboard is: a name, whether it is seen there, and in which part of the page.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const seen = (at) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
  };
  const around = [one, one.parentElement, one.parentElement?.parentElement, one.closest('label')].filter(Boolean);
  const label = one.labels?.[0]?.innerText ?? '';
  return {
    name: one.ariaLabel || one.innerText || label || one.title, seen: around.some(seen),
    chart: one.closest('.resnet-plot') !== null, tag: one.tagName, role: one.getAttribute('role'),
  };
}"""
CURVES = ".st-key-curves .resnet-curves button"
NODE = "document.querySelector('.st-key-curves .js-plotly-plot')"
HIDDEN = f"{NODE}._fullData.filter((one) => one.visible === false).length"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With what came with the app: there are curves to hide, and steps to play."""
    with server(tmp_path_factory.mktemp("lab"), RESNET_RECORDINGS="") as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with page_of(browser) as visitor:
        visitor.emulate_media(reduced_motion="reduce")
        yield visitor


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("h1")
    wait_idle(page)
    return page


def stops(page: Page) -> Iterator[dict[str, Any]]:
    """Where the Tab key leads, from the top of the page to its end."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None:
            return
        yield at
    raise AssertionError("the Tab key finds no end")


def tab_to(page: Page, **wanted: str) -> None:
    """Press Tab until the keyboard is on what has that role or tag and name."""
    for at in stops(page):
        if all(at[key] and wanted[key] in at[key] for key in wanted):
            return
    raise AssertionError(f"the Tab key does not lead to {wanted}")


def press_until_gone(page: Page, keys: str, name: str, tries: int = 4) -> None:
    """As `driver.press` does with the mouse: in a page's first moments nothing may reach the server."""
    button = page.get_by_role("button", name=re.compile(f"^{name}"))
    for _ in range(tries):
        page.keyboard.press(keys)
        with suppress(AssertionError):
            return expect(button).to_have_count(0, timeout=8_000)
    raise AssertionError(f"{keys} does nothing to {name}")


def test_every_stop_of_the_keyboard_is_seen_and_named_and_a_chart_has_two(page: Page, lab: Server) -> None:
    opened(page, f"{lab.url}/train").wait_for_selector(CURVES, state="attached")
    found = list(stops(page))
    assert [at for at in found if not at["seen"] or not at["name"].strip()] == []
    assert [at["tag"] for at in found if at["chart"]] == ["BUTTON", "BUTTON"]
    names = {at["name"] for at in found}
    assert {"Settings of plain-20", "Settings of res-56", "Depth of res-56"} <= names
    assert page.locator("[data-testid=stSidebarNavLink]").count() <= sum(at["tag"] == "A" for at in found)


def test_a_curve_is_hidden_and_the_tools_are_reached_by_arrow_keys(page: Page, lab: Server) -> None:
    opened(page, f"{lab.url}/train").wait_for_selector(CURVES, state="attached")
    page.locator(CURVES).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_function(f"{HIDDEN} > 0")
    assert page.locator(CURVES).nth(1).get_attribute("aria-pressed") == "false"
    assert page.evaluate("document.activeElement.ariaPressed") == "false"  # the keyboard is where it was
    tools = page.locator(".st-key-curves .modebar-btn")
    tools.first.focus()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.ariaLabel") == tools.last.get_attribute("aria-label")
    assert page.locator(".st-key-curves .modebar-btn[tabindex='0']").count() == 1


@pytest.mark.parametrize("name", ["Recipe", "Keyboard", "Settings of res-56"])
def test_escape_closes_a_popover_and_gives_the_focus_back(page: Page, lab: Server, name: str) -> None:
    button = opened(page, f"{lab.url}/train").get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    wait_idle(page)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    expect(button).to_be_focused()


def test_the_listed_shortcuts_train_stop_and_play(page: Page, lab: Server) -> None:
    opened(page, f"{lab.url}/gradients?nets=res-8&steps=4000&batch=8")
    page.get_by_role("button", name="Keyboard", exact=True).click()
    expect(page.locator(".keyboard kbd", has_text="Alt")).to_have_count(3)
    page.keyboard.press("Escape")
    press_until_gone(page, "Alt+t", "Train 1")
    expect(page.get_by_role("button", name="Stop 1 run")).to_be_visible()
    press_until_gone(page, "Alt+s", "Stop 1 run")
    opened(page, lab.url)
    player = page.locator(".resnet-player")
    before = player.locator("input").get_attribute("aria-valuetext")
    page.keyboard.press("Alt+p")  # one step on, for who has asked for less motion
    expect(player.locator("input")).not_to_have_attribute("aria-valuetext", before or "")


def test_nothing_moves_for_who_has_asked_for_less_motion(page: Page, lab: Server) -> None:
    opened(page, lab.url)
    moving = """[...document.querySelectorAll('.stApp, .stApp *')].filter((one) => {
      const { transitionProperty, animationIterationCount } = getComputedStyle(one);
      return transitionProperty !== 'none' || animationIterationCount.includes('infinite');
    }).map((one) => one.outerHTML.slice(0, 90))"""
    assert page.evaluate(moving) == []


def test_a_lesson_by_keyboard_alone(page: Page, lab: Server) -> None:
    opened(page, f"{lab.url}/degradation")
    title = page.locator("h1").inner_text()
    assert page.locator(".st-key-reveal").count() == 0
    tab_to(page, role="radio")
    page.keyboard.press("Space")
    expect(page.locator(".st-key-reveal")).to_be_visible()
    wait_idle(page)
    forward = page.locator(".st-key-ways a").last
    tab_to(page, tag="A", name=forward.inner_text().splitlines()[-1])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_have_text(title)
    assert not page.url.endswith("/degradation")
