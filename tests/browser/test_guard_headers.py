"""What the running server says with every answer, and what Chromium makes of it."""

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page

from resnet.ui.app.server import PLOTLY
from tests.browser.driver import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["", "train", "_stcore/health", "nonsense", "_stcore/nonsense", "media/none", PLOTLY])
def test_every_answer_says_that_its_type_is_meant_and_who_may_frame_it(path: str, lab: Server) -> None:
    try:
        with urllib.request.urlopen(f"{lab.url}/{path}", timeout=20) as answer:
            headers = answer.headers
    except urllib.error.HTTPError as error:
        headers = error.headers
        error.close()
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert headers.get_all("Referrer-Policy") == ["same-origin"]
    assert headers.get_all("Content-Security-Policy") == ["frame-ancestors 'self'"]


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", True), ("localhost", False)])
def test_a_page_of_the_same_host_may_frame_the_lab_and_another_may_not(
    host: str, shown: bool, page: Page, lab: Server
) -> None:
    page.route(
        f"{lab.url.replace('127.0.0.1', host)}/outer",
        lambda route: route.fulfill(
            content_type="text/html", body=f'<iframe src="{lab.url}/" width="1200" height="900"></iframe>'
        ),
    )
    page.goto(f"{lab.url.replace('127.0.0.1', host)}/outer")
    inner = page.frame_locator("iframe").locator('[data-testid="stSidebar"]')
    if shown:
        inner.wait_for(timeout=40_000)
    else:
        page.wait_for_function("() => performance.getEntriesByType('resource').length > 0", timeout=40_000)
        page.wait_for_timeout(2_000)
        assert inner.count() == 0
