"""The live chart in Chromium: it must be the same chart before and after an update."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driver import Server, page_of, server, wait_idle

pytestmark = pytest.mark.browser
APP = Path(__file__).parent / "apps" / "charts.py"
NODE = ".st-key-live-curves .js-plotly-plot"
STILL = ".st-key-still .js-plotly-plot"
UPDATES = "Number(document.body.innerText.match(/update (\\d+)/)?.[1] ?? 0)"


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("charts"), APP) as running:
        yield running


@pytest.fixture
def page(browser: Browser, charts: Server) -> Iterator[Page]:
    with page_of(browser) as visitor:
        visitor.requests = []  # type: ignore[attr-defined]
        visitor.on("request", lambda request: visitor.requests.append(request.url))  # type: ignore[attr-defined]
        visitor.goto(charts.url)
        visitor.wait_for_selector(f"{NODE} .main-svg .scatterlayer path.js-line")
        yield visitor


def wait_for_updates(page: Page, more: int) -> None:
    seen = page.evaluate(UPDATES)
    page.wait_for_function(f"{UPDATES} >= {seen + more}", timeout=20_000)


def zoom_in(page: Page) -> list[float]:
    """Drag over the middle of the chart, as a person does; returns the x range that follows."""
    box = page.locator(f"{NODE} .nsewdrag").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=5)
    page.mouse.up()
    page.wait_for_function(f"document.querySelector('{NODE}').layout.xaxis.autorange === false")
    return x_range(page)


def x_range(page: Page) -> list[float]:
    found: list[float] = page.evaluate(f"[...document.querySelector('{NODE}').layout.xaxis.range]")
    return found


def points(page: Page) -> int:
    return int(page.evaluate(f"document.querySelector('{NODE}')._fullData[0].y.length"))


def tick_colour(page: Page) -> str:
    return str(page.evaluate(f"getComputedStyle(document.querySelector('{NODE} .xtick text')).fill"))


def test_zoom_and_hidden_curve_are_kept_in_the_same_node_through_ten_updates(page: Page) -> None:
    page.evaluate(f"document.querySelector('{NODE}').mark = 'mine'")
    zoomed = zoom_in(page)
    page.locator(f"{NODE} .legendtoggle").last.click()
    page.wait_for_function(f"document.querySelector('{NODE}')._fullData[1].visible === 'legendonly'")
    before = points(page)
    wait_for_updates(page, 10)
    assert points(page) >= before + 9
    assert page.evaluate(f"document.querySelector('{NODE}').mark") == "mine"
    assert x_range(page) == zoomed
    assert page.evaluate(f"document.querySelector('{NODE}')._fullData.map(trace => trace.visible)") == [
        True,
        "legendonly",
    ]


@pytest.mark.parametrize(("hidden", "left"), [(0, [True]), (1, ["legendonly"])])
def test_a_curve_stays_as_it_is_when_another_one_leaves(page: Page, hidden: int, left: list[object]) -> None:
    page.locator(f"{NODE} .legendtoggle").nth(hidden).click()
    page.wait_for_function(f"document.querySelector('{NODE}')._fullData[{hidden}].visible === 'legendonly'")
    page.locator(".st-key-alone label").first.click()
    page.wait_for_function(f"document.querySelector('{NODE}')?._fullData.length === 1")
    wait_for_updates(page, 2)
    assert page.evaluate(f"document.querySelector('{NODE}')._fullData.map(trace => trace.visible)") == left


def test_an_update_takes_nothing_off_the_screen(page: Page) -> None:
    page.evaluate(f"""() => {{
      window.removed = 0;
      window.emptied = 0;
      const node = document.querySelector('{NODE}');
      new MutationObserver((records) => records.forEach((record) => record.removedNodes.forEach((lost) => {{
        if (lost.contains?.(node) || lost.querySelector?.('.main-svg') || lost.classList?.contains('main-svg'))
          window.removed += 1;
      }}))).observe(document.body, {{ childList: true, subtree: true }});
      const look = () => {{
        if (!node.querySelector('.scatterlayer path.js-line')) window.emptied += 1;
        requestAnimationFrame(look);
      }};
      look();
    }}""")
    wait_for_updates(page, 10)
    assert page.evaluate("[window.removed, window.emptied]") == [0, 0]


def test_text_follows_the_theme_and_the_zoom_stays(page: Page) -> None:
    zoomed, light = zoom_in(page), tick_colour(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"getComputedStyle(document.querySelector('{NODE} .xtick text')).fill !== '{light}'")
    text = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).color")
    assert tick_colour(page) == text
    assert x_range(page) == zoomed


def test_a_chart_that_is_not_updated_follows_the_width_of_its_place(page: Page) -> None:
    page.wait_for_selector(f"{STILL} .main-svg")
    page.set_viewport_size({"width": 700, "height": 800})
    page.wait_for_function(f"""() => {{
      const node = document.querySelector('{STILL}');
      return node.clientWidth < 690 && node.querySelector('.main-svg').clientWidth === node.clientWidth;
    }}""")
    assert page.evaluate("document.documentElement.scrollWidth") <= 700


def test_the_library_is_fetched_once_and_nothing_comes_from_elsewhere(page: Page, charts: Server) -> None:
    wait_for_updates(page, 2)
    requests: list[str] = page.requests  # type: ignore[attr-defined]
    assert [url for url in requests if "plotly" in url] == [
        url for url in dict.fromkeys(requests) if url.endswith(".min.js") and "plotly" in url
    ]
    assert {urlsplit(url).hostname for url in requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}


def test_the_picture_has_the_name_of_its_chart(page: Page) -> None:
    page.hover(f"{NODE} .nsewdrag")
    assert page.locator(f"{NODE} .modebar-btn[data-title^=Share]").count() == 0
    with page.expect_download() as download:
        page.locator(f"{NODE} .modebar-btn[data-title$=PNG]").click()
    assert download.value.suggested_filename == "resnet-lab-live-curves.png"


def test_a_chart_whose_figure_is_the_same_is_left_alone(page: Page) -> None:
    page.wait_for_selector(f"{STILL} .main-svg")
    page.evaluate(f"document.querySelector('{STILL}').on('plotly_afterplot', () => (window.redrawn = true))")
    wait_idle(page)
    wait_for_updates(page, 3)
    assert page.evaluate("window.redrawn") is None
    assert page.evaluate(f"document.querySelector('{STILL}').clientHeight") == 200
