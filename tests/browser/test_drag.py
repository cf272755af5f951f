"""A depth slider under the finger in Chromium: what is painted on the way is the real probe of that depth."""

import base64
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from resnet.runs.tasks import step0
from resnet.specs import NetSpec, Recipe
from tests.browser.driver import Server, wait_idle

pytestmark = pytest.mark.browser
SHOWN = """() => {
  const node = document.querySelector('[data-key=profiles]');
  const waits = document.querySelector('.resnet-waits') !== null;
  return { waits, traces: node.data.map(({ name, y }) => ({ name, y })) };
}"""

DRAWN = """(name) => document.querySelector('.resnet-waits') === null
    && document.querySelector('[data-key=profiles]')?.data?.[1]?.name === name"""


def slider(page: Page, place: int) -> Locator:
    return (
        page.locator(f'[data-net="{place}"]')
        .locator("xpath=ancestor::*[contains(@class, 'st-key-net-')]")
        .locator(".resnet-depth input")
    )


def drag_to(page: Page, place: int, share: float) -> None:
    """Move the mouse, which is down, to that share of the slider."""
    box = slider(page, place).bounding_box()
    assert box
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


def values(y: Any) -> np.ndarray:
    return np.frombuffer(base64.b64decode(y["bdata"]), f"<{y['dtype']}") if isinstance(y, dict) else np.array(y)


def test_every_frame_of_a_drag_is_the_real_probe_of_its_depth(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/gradients?nets=plain-8-w4,res-8-w4")
    expect(page.locator(".nets .state", has_text="step 0")).to_have_count(2, timeout=60_000)
    page.wait_for_function(DRAWN, arg="res-8-w4")
    wait_idle(page)
    drag_to(page, 1, 0.02)
    page.mouse.down()
    seen: dict[str, np.ndarray] = {}
    for share in np.linspace(0.02, 0.3, 11):
        drag_to(page, 1, float(share))
        name = page.locator('[data-net="1"] b').inner_text()
        page.wait_for_function(DRAWN, arg=name)
        shown = page.evaluate(SHOWN)
        assert [trace["name"] for trace in shown["traces"]] == ["plain-8-w4", name]
        seen[name] = values(shown["traces"][1]["y"])
    assert "nets=plain-8-w4,res-8-w4" in page.url.replace("%2C", ",")
    page.mouse.up()
    expect(page.locator(".nets th").nth(1)).to_have_text(name)
    page.wait_for_url(f"**nets=plain-8-w4%2C{name}**")
    assert len(seen) > 7
    for name, shown in seen.items():
        real = step0.profiles(NetSpec.parse(name), Recipe(), False, 32)["output_gradient"]
        np.testing.assert_allclose(shown, real, rtol=1e-6)


def test_after_two_hundred_positions_in_one_drag_the_last_one_is_shown(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/gradients?nets=plain-8-w4,res-8-w4")
    page.wait_for_function(DRAWN, arg="res-8-w4", timeout=60_000)
    wait_idle(page)
    drag_to(page, 1, 0.02)
    page.mouse.down()
    for share in 0.15 - 0.13 * np.cos(np.linspace(0, 6 * np.pi + 1, 200)):  # there and back, three times and a half
        drag_to(page, 1, float(share))
    name = page.locator('[data-net="1"] b').inner_text()
    assert name != "res-8-w4"
    page.wait_for_function(DRAWN, arg=name)
    shown = values(page.evaluate(SHOWN)["traces"][1]["y"])
    real = step0.profiles(NetSpec.parse(name), Recipe(), False, 32)["output_gradient"]
    np.testing.assert_allclose(shown, real, rtol=1e-6)
    page.mouse.up()
    page.wait_for_url(f"**nets=plain-8-w4%2C{name}**")
    wait_idle(page)
    assert page.evaluate(SHOWN)["traces"][1]["name"] == name


def test_a_depth_that_is_not_measured_yet_shows_no_other_one(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/gradients?nets=res-8&seed=77")
    expect(page.locator(".nets .state", has_text="step 0")).to_have_count(1, timeout=60_000)
    wait_idle(page)
    page.evaluate(
        """() => resnetLab.events.addEventListener('ask', (event) => event.stopImmediatePropagation(), true)"""
    )
    page.evaluate("""() => {
      const send = WebSocket.prototype.send;
      WebSocket.prototype.send = function (text) { if (!String(text).includes('"drag"')) send.call(this, text); };
    }""")
    drag_to(page, 0, 0.02)
    page.mouse.down()
    drag_to(page, 0, 0.5)
    expect(page.locator(".resnet-waits")).to_have_text("measuring …")
    expect(page.locator('[data-net="0"] b')).not_to_have_text("res-8")
    assert float(page.locator("[data-key=profiles]").evaluate("node => getComputedStyle(node).opacity")) < 0.2
    page.mouse.up()
    expect(page.locator(".resnet-waits")).to_have_count(0)
    expect(page.locator(".nets th")).to_have_text(page.locator('[data-net="0"] b').inner_text())


def test_the_drawing_and_the_button_follow_before_release(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/build?nets=res-8")
    drawing = page.locator(".resnet-plot").first
    expect(drawing).to_contain_text("stage 1: 1 block")
    wait_idle(page)
    before = page.locator(".st-key-train button").first.text_content() or ""
    drag_to(page, 0, 0.02)
    page.mouse.down()
    drag_to(page, 0, 0.4)
    name = page.locator('[data-net="0"] b').inner_text()
    expect(drawing).to_contain_text(name)
    expect(page.locator(".counts td").first).to_have_text(name)
    expect(page.locator(".st-key-train button").first).not_to_have_text(before)
    assert "nets=res-8" in page.url
    drag_to(page, 0, 0.0)  # back to where it began
    page.mouse.up()
    expect(page.locator(".st-key-train button").first).to_have_text(before)
    expect(page.locator('[data-net="0"] b')).to_have_text("res-8")
    expect(drawing).to_contain_text("stage 1: 1 block")


def test_the_steps_of_a_run_are_played_and_stepped_by_keys(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/train?nets=res-8-w4&steps=60&data=digits")
    page.get_by_role("button", name="Train 1 net").click()
    expect(page.get_by_role("button", name="Train again")).to_be_visible(timeout=60_000)
    page.goto(f"{lab.url}/gradients?nets=res-8-w4&steps=60&data=digits")
    player = page.locator(".resnet-player")
    expect(player.locator("output")).to_have_text("step 0", timeout=60_000)
    page.wait_for_function("() => [...resnetLab.parts.keys()].some((name) => name.endsWith('profiles@60'))")
    page.wait_for_function("() => document.querySelector('[data-key=profiles]')?.data")
    first = page.evaluate(SHOWN)["traces"][0]["y"]
    player.locator("button").click()
    expect(player.locator("output")).to_have_text("step 60")
    expect(page.locator(".nets .state").first).to_have_text("step 60")
    page.wait_for_url("**step=60**")
    assert page.evaluate(SHOWN)["traces"][0]["y"] != first
    player.locator("input").press("ArrowLeft")
    expect(page.locator(".nets .state").first).to_have_text("step 50")
    page.keyboard.press(" ")
    expect(player.locator("output")).to_have_text("step 60")
