"""A lesson in a class: a teacher at a projector, one student at a laptop, one at a telephone."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from playwright.sync_api import Browser, Page, expect

from resnet.runs.store import Store, class_work, short_links
from resnet.specs import NetSpec, Recipe, run_id
from resnet.ui.app import addresses, cookie
from tests.browser.driver import Server, page_of

pytestmark = pytest.mark.browser
HELD = "The answer appears when the teacher reveals it."
NEWS = 60_000  # milliseconds: with all cores busy elsewhere the server looks for news more seldom


@pytest.fixture
def room(browser: Browser) -> Iterator[tuple[Page, Page, Page]]:
    with ExitStack() as stack:
        sizes = ((1024, 768), (1280, 800), (390, 844))
        teacher, ann, bob = (stack.enter_context(page_of(browser, "", *size)) for size in sizes)
        yield teacher, ann, bob


def guess(page: Page, answer: str) -> None:
    page.get_by_role("radiogroup", name=re.compile("Your guess")).get_by_text(answer).click()


def counts(page: Page) -> list[str]:
    return page.locator(".guesses .count").all_text_contents()


def trained(lab: Server, page: Page, name: str, loss: float) -> None:
    """A run that this visitor has trained in the class."""
    value = next(one["value"] for one in page.context.cookies(lab.url) if one["name"] == cookie.NAME)
    visitor = hashlib.sha256(value.encode()).hexdigest()[:32]
    net, recipe = NetSpec.parse(name), Recipe(steps=40)
    key = run_id(net, recipe, "cpu")
    steps = [{"step": step, "loss": loss, "accuracy": 0.5, "lr": 0.1, "seconds": float(step), "profiles": {},
              "evaluation": (loss, 0.75) if step == 40 else None} for step in range(1, 41)]  # fmt: skip
    with closing(Store(lab.home / "runs.sqlite")) as store:
        store.claim(key, net, recipe, "cpu", "test")
        store.record("test", [{"kind": "steps", "run": key, "steps": steps}])
        store.finish("test", key, "done")
        class_work.add_runs(store, "9b", [key], visitor)


def test_a_lesson_with_a_teacher_and_two_students(room: tuple[Page, Page, Page], lab: Server) -> None:
    teacher, ann, bob = room
    open_lesson(teacher, lab.url)
    join(lab, ann, bob)
    guess(ann, "It vanishes")
    expect(ann.get_by_text(HELD)).to_be_visible()
    expect(ann.locator(".guesses .count")).to_have_text(["1", "0", "0"])
    assert counts(bob) == []  # who has not guessed shall not see what others think
    guess(bob, "It explodes")
    for page in (ann, bob):
        expect(page.locator(".guesses .count")).to_have_text(["1", "0", "1"], timeout=NEWS)
    expect(teacher.get_by_text("2 guesses in class 9b")).to_be_visible(timeout=NEWS)
    bob.reload()
    expect(bob.locator(".guesses .count")).to_have_text(["1", "0", "1"])
    teacher.get_by_role("button", name="Reveal the answer to the class").click()
    for page in (ann, bob):
        expect(page.get_by_text(HELD)).to_have_count(0, timeout=NEWS)
    teacher.keyboard.press("ArrowRight")
    expect(teacher).to_have_url(re.compile(r"slide=6\.2"))
    look_at_the_board(lab, *room)
    expect(ann.get_by_text("Class 9b · 3 here")).to_be_visible(timeout=NEWS)
    ann.get_by_role("button", name="Leave").click()
    expect(ann.get_by_role("button", name="Enter the class")).to_be_visible()
    assert "class=" not in ann.url
    assert "Traceback" not in lab.log.read_text()


def open_lesson(teacher: Page, url: str) -> None:
    """Be the teacher of the class, with the lesson on the projector."""
    teacher.goto(f"{url}/class_board?class=9b")
    teacher.get_by_role("button", name="Teacher").click()
    teacher.get_by_role("button", name="I am the teacher").click()
    expect(teacher.get_by_text("You are the teacher")).to_be_visible()
    teacher.goto(f"{url}/vanishing?class=9b&teach=1")
    expect(teacher.get_by_text("0 guesses in class 9b")).to_be_visible()
    expect(teacher.get_by_test_id("stExpandSidebarButton")).to_be_visible()  # the side bar is away
    assert teacher.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert teacher.evaluate("document.documentElement.scrollWidth") <= 1024


def join(lab: Server, *students: Page) -> None:
    with closing(Store(lab.home / "runs.sqlite")) as store:
        link = short_links.shorten(store, "vanishing?class=9b")
    for student in students:
        student.goto(f"{lab.url}/{addresses.GO}/{link}")
        expect(student.get_by_text("0 guesses in class 9b")).to_be_visible()


def look_at_the_board(lab: Server, teacher: Page, ann: Page, bob: Page) -> None:
    """The runs of both come by themselves; on the projector type is larger, in the chart too."""
    teacher.goto(f"{lab.url}/class_board?class=9b&teach=1")
    ann.goto(f"{lab.url}/class_board?class=9b")
    for page in (teacher, ann):
        expect(page.get_by_text("No run yet")).to_be_visible()
    trained(lab, ann, "res-8", 0.5)
    trained(lab, bob, "plain-8", 0.75)
    for page in (teacher, ann):
        expect(page.locator(".class-runs tbody tr")).to_have_count(2, timeout=NEWS)
    expect(ann.locator(".class-runs .own")).to_contain_text("you")
    assert teacher.locator(".class-runs .own").count() == 0
    ticks = [page.locator(".resnet-plot .xtick text").first for page in (teacher, ann)]
    for tick in ticks:
        expect(tick).to_be_visible()
    large, usual = (tick.evaluate("tick => parseFloat(getComputedStyle(tick).fontSize)") for tick in ticks)
    assert large == 1.25 * usual
