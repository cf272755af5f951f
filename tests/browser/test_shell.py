"""The frame around the pages in Chromium: addresses, history, the side bar, and nothing from elsewhere."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.driver import Server, wait_idle

pytestmark = pytest.mark.browser
NAMES = '[data-testid="stSidebar"] .net b'
FIRST_NET = '[data-testid="stSidebar"] [class*="st-key-net-"]'
DEMO = ["plain-20", "plain-56", "res-20", "res-56"]


def names(page: Page) -> list[str]:
    return page.locator(NAMES).all_text_contents()


def first_slider(page: Page) -> Locator:
    """The depth slider of the first net; sliders come onto the page in any order."""
    return page.locator(FIRST_NET).first.locator('input[type="range"]')


def wait_for_names(page: Page, expected: list[str]) -> None:
    """Until the side bar shows these nets and the address says the same."""
    page.wait_for_function(
        """([selector, expected]) => {
          const shown = [...document.querySelectorAll(selector)].map((name) => name.textContent).join();
          return shown === expected && new URLSearchParams(location.search).get('nets') === expected;
        }""",
        arg=[NAMES, ",".join(expected)],
        timeout=40_000,
    )


def path(page: Page) -> str:
    return urlsplit(page.url).path


def test_a_deep_link_shows_its_page_and_its_bench_to_a_new_visitor(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/build?nets=res-8,plain-8&steps=5")
    wait_for_names(page, ["res-8", "plain-8"])
    assert path(page) == "/build"
    assert parse_qs(urlsplit(page.url).query)["steps"] == ["5"]
    assert page.get_by_role("dialog").count() == 0


def test_keys_on_a_slider_change_the_address_and_back_undoes_them(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/build")
    wait_for_names(page, DEMO)
    slider = first_slider(page)
    slider.focus()
    for depth in (22, 24):
        slider.press("ArrowRight")
        wait_for_names(page, [f"plain-{depth}", *DEMO[1:]])
        page.wait_for_url(f"**plain-{depth}**")  # the name follows the key, the address what the server heard of it
        wait_idle(page)
    page.go_back()
    wait_for_names(page, ["plain-22", *DEMO[1:]])
    page.go_forward()
    wait_for_names(page, ["plain-24", *DEMO[1:]])


def test_a_burst_of_keys_ends_at_the_last_one(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/build")
    wait_for_names(page, DEMO)
    slider = first_slider(page)
    slider.focus()
    for _ in range(15):
        slider.press("ArrowRight")
    wait_for_names(page, ["plain-50", *DEMO[1:]])
    assert slider.get_attribute("aria-valuetext") == "plain-50"


def test_the_bench_goes_with_the_visitor_to_the_next_page_and_survives_a_reload(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/build?nets=res-8,plain-8&label1=mine")
    page.wait_for_selector(NAMES)
    page.get_by_role("link", name="Start", exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/" and "label1=mine" in url)
    assert names(page) == ["mine", "plain-8"]
    page.reload()
    page.wait_for_selector(NAMES)
    assert names(page) == ["mine", "plain-8"]


@pytest.mark.parametrize(
    ("address", "target", "sentence"),
    [
        ("/nonsense", "/", "There is no page at this address; this is the start page."),
        ("/a/b/c?x=1", "/", "There is no page at this address; this is the start page."),
        ("/build?nets=res-21", "/build", "depth must be an even number, 8–1202; got 21; try 20 or 22"),
        ("/build?nets=" + ",".join(["res-8"] * 7), "/build", "the bench has room for 6 nets; got 7"),
        ("/build?nets=" + "x" * 1_000_000, "/build", "This link is too long to be read"),
    ],
    ids=["unknown page", "unknown path", "wrong net", "seven nets", "a megabyte"],
)
def test_garbage_in_the_address_gives_one_sentence_and_a_usable_page(
    page: Page, lab: Server, address: str, target: str, sentence: str
) -> None:
    page.goto(lab.url + address)
    page.get_by_text(sentence).wait_for()
    wait_for_names(page, DEMO)
    assert path(page) == target
    assert page.get_by_text("Page not found").count() == 0
    first_slider(page).press("ArrowRight")
    wait_for_names(page, ["plain-22", *DEMO[1:]])
    page.get_by_text(sentence).wait_for(state="detached")


@pytest.mark.parametrize("where", ["train", "board"])  # board: of the group with the longest menu
def test_all_four_nets_fit_on_one_screen(page: Page, lab: Server, where: str) -> None:
    page.goto(f"{lab.url}/{where}")
    wait_for_names(page, DEMO)
    sliders = page.locator(".resnet-depth")
    sliders.nth(3).wait_for()
    wait_idle(page)
    boxes = [slider.bounding_box() for slider in sliders.all()]
    assert all(box is not None and box["y"] + box["height"] < 800 for box in boxes)


@pytest.mark.parametrize("place", [0, 3])
def test_the_widgets_of_a_net_open_whole(page: Page, lab: Server, place: int) -> None:
    page.goto(f"{lab.url}/build")
    wait_for_names(page, DEMO)
    page.locator('[class*="st-key-tune-"] button:visible').nth(place).click()
    remove = page.get_by_role("button", name="Remove")
    remove.wait_for()
    wait_idle(page)
    body = page.locator('[data-testid="stPopoverBody"]')
    assert body.evaluate("body => body.scrollHeight - body.clientHeight") <= 0
    box = body.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 800
    remove.click()
    wait_for_names(page, [name for at, name in enumerate(DEMO) if at != place])
