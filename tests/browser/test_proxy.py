"""Behind a proxy that takes its prefix off, as notebook servers do, in Chromium: nothing leaves the prefix."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from resnet.ui.app.server import PLOTLY
from tests.browser.driver import Server
from tests.browser.proxy import proxy_to

pytestmark = pytest.mark.browser
PREFIX = "/user/ann/proxy/8501"
CHART = ".js-plotly-plot .main-svg"


@pytest.fixture(scope="module")
def proxy(lab: Server) -> Iterator[str]:
    """The address of the lab behind the proxy."""
    with proxy_to(lab.url, PREFIX) as (address, _proxy):
        yield address


@pytest.mark.parametrize("path", ["/build?nets=res-8", "/build/?nets=res-8"])
def test_charts_are_drawn_below_the_prefix(path: str, page: Page, proxy: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(proxy + path)
    page.locator(CHART).first.wait_for(state="attached", timeout=60_000)
    assert urlsplit(page.url).path == f"{PREFIX}/build"
    (library,) = (name for name in asked if "/plotly-" in name)
    assert library == f"{PREFIX}/{PLOTLY}"
    assert page.get_by_text("BidiComponent Error").count() == 0


@pytest.mark.parametrize("path", ["/nonsense", "/a/b/c", "/a%2Fb", "/nonsense/"])
def test_an_unknown_page_leads_to_the_start_page_below_the_prefix(path: str, page: Page, proxy: str) -> None:
    page.goto(proxy + path)
    page.get_by_text("There is no page at this address; this is the start page.").wait_for(timeout=40_000)
    assert urlsplit(page.url).path == f"{PREFIX}/"
