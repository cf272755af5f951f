"""Every page in Firefox, where it is installed: it is drawn, says no error, and hears the keyboard."""

from collections.abc import Iterator

import pytest

from resnet.ui.app import pages
from tests.browser.driver import Server
from tests.browser.firefox import Firefox, firefox

pytestmark = pytest.mark.browser
DRAWN = "document.querySelector('[data-testid=stMain] h1')?.innerText"
BROKEN = "document.querySelectorAll('[data-testid=stException]').length"
WIDE = "document.documentElement.scrollWidth > innerWidth"
RANGE = "document.querySelector('[data-testid=stSidebar] .resnet-range')"
RIGHT = "\ue014"  # WebDriver's name of the key


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox(tmp_path_factory.mktemp("firefox")) as running:
        yield running


def test_every_page_is_drawn_in_firefox(fox: Firefox, lab: Server) -> None:
    wrong = []
    for record in pages.PAGES:
        fox.goto(f"{lab.url}/{'' if record is pages.START else record.name}?nets=plain-8,res-8&steps=20")
        fox.wait_for(DRAWN)
        if fox.evaluate(f"{BROKEN} || {WIDE}"):
            wrong.append(record.name)
    assert wrong == []
    assert fox.errors == []


def test_keys_move_a_depth_slider_in_firefox(fox: Firefox, lab: Server) -> None:
    fox.goto(f"{lab.url}/train?nets=plain-8")
    fox.wait_for(f"{RANGE}?.ariaValueText === 'plain-8'")
    fox.evaluate(f"{RANGE}.focus()")
    fox.press(RIGHT)
    fox.wait_for(f"{RANGE}.ariaValueText === 'plain-10' && location.search.includes('plain-10')")


def test_the_inks_of_the_theme_are_colours_in_firefox(fox: Firefox, lab: Server) -> None:
    fox.goto(f"{lab.url}/train?nets=plain-8")
    fox.wait_for("document.querySelector('[data-testid=stSidebar] .net b')")
    colour = fox.evaluate("getComputedStyle(document.querySelector('[data-testid=stSidebar] .net b')).color")
    assert colour != fox.evaluate("getComputedStyle(document.querySelector('.stApp')).color")
