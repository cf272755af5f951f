"""Live curves in Chromium: they grow without a redraw of the page, and come back by themselves when they were lost."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe, run_id
from tests.browser.driver import Server, server, wait_idle
from tests.browser.proxy import proxy_to

pytestmark = pytest.mark.browser
Report = Callable[[int], None]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("live"), RESNET_FRAMES="http://localhost:*") as running:
        yield running


@pytest.fixture
def run(lab: Server, request: pytest.FixtureRequest) -> Iterator[tuple[str, Report]]:
    """The address of a bench with one net, and what reports steps of its run, as another program would."""
    recipe = Recipe(steps=300, seed=len(request.node.name))
    net = NetSpec.parse("res-8-w4")
    key = run_id(net, recipe, "cpu")
    with closing(Store(Path(lab.home) / "runs.sqlite")) as store:
        store.claim(key, net, recipe, "cpu", "another program")

        def report(step: int) -> None:
            about: dict[str, object] = {
                "loss": 2.0,
                "accuracy": 0.1,
                "lr": 0.1,
                "seconds": step / 10,
                "evaluation": None,
                "profiles": {},
            }
            store.record("another program", [{"kind": "steps", "run": key, "steps": [{"step": step, **about}]}])

        report(10)
        yield f"/train?nets=res-8-w4&steps=300&seed={recipe.seed}", report
        store.finish("another program", key, "stopped")


@contextmanager
def school(html: str) -> Iterator[str]:
    """The address of a page of another site; Chromium takes what a test puts in for a page of the open internet."""

    class Course(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Course) as outer:
        thread = threading.Thread(target=outer.serve_forever)
        thread.start()
        yield f"http://localhost:{outer.server_address[1]}/"
        outer.shutdown()
        thread.join()


def has_step(step: int) -> re.Pattern[str]:
    return re.compile(f"^step {step} of 300")


def test_news_come_without_a_redraw_of_the_page(page: Page, lab: Server, run: tuple[str, Report]) -> None:
    path, report = run
    page.goto(lab.url + path)
    expect(page.locator(".nets .state")).to_have_text(has_step(10))
    page.locator(".js-plotly-plot .main-svg").first.wait_for(state="attached")
    wait_idle(page)
    page.evaluate("""() => {
        window.redraws = 0;
        new MutationObserver(() => window.redraws++).observe(
            document.querySelector('[data-testid=stApp]'), { attributeFilter: ['data-test-script-state'] });
    }""")
    points = "() => document.querySelector('.js-plotly-plot').calcdata[0].length"
    before = page.evaluate(points)
    report(20)
    expect(page.locator(".nets .state")).to_have_text(has_step(20))
    page.wait_for_function(f"() => ({points})() > {before}")
    assert page.evaluate("() => window.redraws") == 0


def test_a_run_that_ends_is_told_by_the_whole_page(page: Page, lab: Server, run: tuple[str, Report]) -> None:
    path, _report = run
    page.goto(lab.url + path)
    expect(page.get_by_role("button", name="Stop 1 run")).to_be_visible()
    with closing(Store(Path(lab.home) / "runs.sqlite")) as store:
        (key,) = [one.id for one in store.recent(50) if one.status == "running"]
        store.finish("another program", key, "stopped")
    expect(page.get_by_role("button", name=re.compile("^Train 1 net"))).to_be_visible()
    expect(page.locator(".nets .state")).to_contain_text("stopped at step")


def test_who_loses_the_network_sees_the_live_curves_again(page: Page, lab: Server, run: tuple[str, Report]) -> None:
    path, report = run
    with proxy_to(lab.url) as (address, proxy):
        page.goto(address + path)
        expect(page.locator(".nets .state")).to_have_text(has_step(10))
        proxy.lose()
        report(20)
        page.wait_for_timeout(2_500)
        expect(page.locator(".nets .state")).to_have_text(has_step(10))
        proxy.lost = False  # Chromium makes a page wait that has tried in vain
        expect(page.locator(".nets .state")).to_have_text(has_step(20), timeout=90_000)
        report(30)
        expect(page.locator(".nets .state")).to_have_text(has_step(30))
        page.goto("about:blank")


def test_a_tab_that_slept_catches_up(page: Page, lab: Server, run: tuple[str, Report]) -> None:
    path, report = run
    page.goto(lab.url + path)
    expect(page.locator(".nets .state")).to_have_text(has_step(10))
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    report(20)
    page.wait_for_timeout(1_500)
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    expect(page.locator(".nets .state")).to_have_text(has_step(20))


def test_live_in_a_frame_of_another_site(browser: Browser, lab: Server, run: tuple[str, Report]) -> None:
    path, report = run
    with browser.new_context() as context:
        page = context.new_page()
        with school(f'<iframe src="{lab.url}{path}" width="1200" height="700"></iframe>') as course:
            page.goto(course)
            inside = page.frame_locator("iframe").locator(".nets .state")
            expect(inside).to_have_text(has_step(10))
            report(20)
            expect(inside).to_have_text(has_step(20))
