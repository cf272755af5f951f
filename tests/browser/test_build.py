"""The Build pages in Chromium: the drawing follows the slider, tells its layers, and the code that is saved runs."""

import types
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import Server, wait_idle

pytestmark = pytest.mark.browser


def test_the_drawing_follows_the_depth_slider_and_steps_by_a_block(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/build?nets=res-20-bottleneck,plain-8")
    drawing = page.locator(".resnet-plot").first
    expect(drawing).to_contain_text("stage 1: 2 blocks")
    wait_idle(page)
    page.locator(".resnet-depth input").first.press("ArrowRight")
    expect(drawing).to_contain_text("stage 1: 3 blocks")
    page.wait_for_url("**nets=res-23-bottleneck**")


def test_pointing_at_a_block_tells_its_layer(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/block?nets=res-20")
    blocks = page.locator(".resnet-plot").first
    expect(blocks).to_contain_text("3×3, 8")
    blocks.scroll_into_view_if_needed()
    box = blocks.locator(".annotation-text", has_text="3×3, 8").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(blocks.locator(".hoverlayer")).to_contain_text("stage1.block2.branch.conv1")


def test_the_saved_code_runs_and_the_saved_notebook_is_one(page: Page, lab: Server, tmp_path: Path) -> None:
    page.goto(f"{lab.url}/layers?nets=res-8-w4-preact")
    with page.expect_download() as saved:
        page.get_by_role("button", name="PyTorch code").click()
    assert saved.value.suggested_filename == "res-8-w4-preact.py"
    saved.value.save_as(tmp_path / "net.py")
    module = types.ModuleType("net")
    exec(compile((tmp_path / "net.py").read_text(), "net.py", "exec"), module.__dict__)
    assert sum(p.numel() for p in module.Net().parameters()) > 0
    with page.expect_download() as notebook:
        page.get_by_role("button", name="Notebook").click()
    assert notebook.value.suggested_filename == "res-8-w4-preact.ipynb"


def test_what_is_counted_for_goes_to_the_next_page_and_stands_in_its_address(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/build?nets=resnet-18&image=imagenet")
    expect(page.locator(".counts")).to_contain_text("1,814.1 M")
    wait_idle(page)
    page.locator('[data-testid="stSidebarNavLink"]', has_text="Layer table").click()
    expect(page.get_by_text("Sum: 11,689,512 parameters")).to_be_visible()
    page.wait_for_url("**image=imagenet**")


def test_a_named_net_comes_to_the_bench_by_one_click(page: Page, lab: Server) -> None:
    page.goto(f"{lab.url}/named?nets=res-8")
    page.get_by_role("button", name="ResNet-1202", exact=True).click()
    page.wait_for_url("**res-1202-w16-s1**")
    page.locator('[data-testid="stSidebarNavLink"]', has_text="Build").click()
    expect(page.locator(".resnet-plot").first).to_contain_text("…194…")
    assert "res-1202-w16-s1" in page.url
    assert page.locator('[data-testid="stException"], [role="dialog"]').count() == 0
