"""A class in Chromium: a fresh server, a deep link, two small nets trained to the end, a reload, stop, attribution."""

import re
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from resnet.runs.store import Store
from tests.browser.driver import Server, press, wait_idle

pytestmark = pytest.mark.browser
LINK = "nets=plain-8-w4,res-8-w4&steps=60"
LONG = "nets=plain-8,res-8&steps=9000"


def test_first_visitor_on_a_deep_link_trains_two_nets_and_sees_the_curves(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/train?{LINK}")
    press(page, "Train 2 nets")
    expect(page.get_by_role("button", name=re.compile("^Train again"))).to_be_visible(timeout=60_000)
    expect(page.locator(".nets .state").first).to_have_text(re.compile("done in"))
    lines = page.locator(".resnet-plot .scatterlayer .trace path.js-line")
    expect(lines).to_have_count(2)
    assert all(len(line.get_attribute("d") or "") > 100 for line in lines.all())
    expect(page.locator(".resnet-plot")).to_contain_text("plain-8-w4")
    assert page.locator('[data-testid="stException"], [role="dialog"]').count() == 0


def test_a_second_visitor_on_the_same_link_sees_the_same_run_and_its_attribution(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/attribution?{LINK}&images=2,4")
    expect(page.locator(".maps figure")).to_have_count(8, timeout=60_000)
    expect(page.locator(".maps .head").nth(1)).to_contain_text("after 60 steps")
    expect(page.locator(".maps .head").nth(3)).to_contain_text("untrained")
    loaded = page.locator(".maps img").evaluate_all("images => images.every((one) => one.naturalWidth > 0)")
    assert loaded


def test_a_run_goes_on_through_a_reload_and_stops_at_once(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/train?{LONG}")
    press(page, "Train 2 nets")
    running = page.locator(".nets .state", has_text=re.compile(r"step \d+ of 9000"))
    expect(running).to_have_count(2, timeout=60_000)
    page.reload()
    expect(running).to_have_count(2, timeout=30_000)
    assert "steps=9000" in page.url
    page.get_by_role("button", name="Stop 2 runs").click()
    expect(page.locator(".nets .state", has_text="stopped")).to_have_count(2, timeout=40_000)
    expect(page.get_by_role("button", name=re.compile("^Go on: 2 runs"))).to_be_visible()


def test_gradients_follow_the_depth_slider(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/gradients?nets=res-8-w4,plain-8-w4&seed=5")
    expect(page.locator(".nets .state", has_text="step 0")).to_have_count(2, timeout=60_000)
    wait_idle(page)
    slider = page.locator(".resnet-depth input").first
    slider.press("ArrowRight")
    expect(page.locator(".nets th").first).to_have_text("res-10-w4", timeout=40_000)
    page.wait_for_url("**nets=res-10-w4**")


def test_a_click_on_a_curves_label_hides_it_and_it_stays_hidden(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/train?{LINK}")
    lines = page.locator(".resnet-plot .scatterlayer .trace path.js-line")
    expect(lines).to_have_count(2, timeout=30_000)
    wait_idle(page)
    page.locator(".resnet-plot .annotation", has_text="plain-8-w4").click()
    expect(lines).to_have_count(1)
    page.get_by_role("button", name="View").click()
    page.get_by_text("Log scale").click()
    page.keyboard.press("Escape")
    wait_idle(page)
    expect(lines).to_have_count(1)
    page.locator(".resnet-plot .annotation", has_text="plain-8-w4").click()
    expect(lines).to_have_count(2)


def test_nothing_was_logged_and_no_run_is_left_at_work(lab: Server) -> None:
    log = lab.log.read_text()
    assert "Traceback" not in log
    assert "Warning" not in log
    with closing(Store(lab.home / "runs.sqlite")) as store:
        found = {run.status for run in store.recent(9)}
    assert "done" in found
    assert not found & {"queued", "running"}
