"""Words of charts neither overlap nor are cut, from a telephone to a wide screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driver import Server, page_of, server, wait_idle

pytestmark = pytest.mark.browser
APP = Path(__file__).parent / "apps" / "figures.py"
KINDS = 8
# Of every chart: pairs of words whose boxes share more than a pixel, and words that stand outside.
FAULTS = """() => [...document.querySelectorAll('.resnet-plot')].flatMap((plot) => {
  const edge = plot.getBoundingClientRect();
  const words = [...plot.querySelectorAll('.annotation-text, .xtitle, .ytitle, .xtick text, .ytick text')]
    .filter((word) => word.textContent && getComputedStyle(word).visibility !== 'hidden')
    .map((word) => ({ text: word.textContent, box: word.getBoundingClientRect() }))
    .filter(({ box }) => box.width);
  const outside = words.filter(({ box }) => box.left < edge.left - 1 || box.right > edge.right + 1
    || box.top < edge.top - 1 || box.bottom > edge.bottom + 1).map(({ text }) => `outside: ${text}`);
  const left = (a, b) => a.right <= b.left + 2;
  const above = (a, b) => a.bottom <= b.top + 4; // boxes have room for letters higher than these
  const apart = (a, b) => left(a, b) || left(b, a) || above(a, b) || above(b, a);
  const over = words.flatMap((one, place) => words.slice(place + 1)
    .filter((other) => !apart(one.box, other.box)).map((other) => `over: ${one.text} / ${other.text}`));
  return [...outside, ...over];
})"""


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("figures"), APP) as running:
        yield running


@pytest.mark.parametrize("width", [390, 640, 1024, 1280])
def test_no_words_of_a_chart_overlap_or_are_cut(browser: Browser, figures: Server, width: int) -> None:
    with page_of(browser, figures.url, width=width, height=800) as page:
        expect(page.get_by_text("all drawn")).to_be_visible(timeout=20_000)
        expect(page.locator(".resnet-plot .main-svg:first-child")).to_have_count(KINDS, timeout=20_000)
        wait_idle(page)
        assert page.evaluate(FAULTS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_name_below_the_plot_still_hides_its_curve(browser: Browser, figures: Server) -> None:
    with page_of(browser, figures.url, width=390, height=800) as page:
        plot = page.locator(".st-key-curves .js-plotly-plot")
        plot.locator(".annotation-text", has_text="res-32").click()
        node = "document.querySelector('.st-key-curves .js-plotly-plot')"
        page.wait_for_function(f"{node}._fullData.some(({{ visible }}) => visible === false)")
        assert plot.locator(".annotation-text s, .annotation-text [style*=line-through]").count() == 1
