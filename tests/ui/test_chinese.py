"""Every page in Chinese: no English sentence is left, and an address means the same in both languages."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from resnet import catalog
from resnet.lessons import lessons
from resnet.runs.store import recorded
from resnet.ui.app import pages
from resnet.ui.parts import address

Visit = Callable[..., AppTest]
SHOWN = ("title", "header", "subheader", "caption", "markdown", "info", "warning", "error", "success")
LABELLED = (
    *("button", "button_group", "toggle", "slider", "select_slider", "selectbox", "multiselect", "popover"),
    *("text_input", "number_input", "file_uploader", "expander", "checkbox", "download_button", "page_link"),
)
# What is no English text: code and formulas, addresses, names of nets, packages and variables, people and journals.
NAMES = [
    *(
        r"!\[[^]]*\]\([^)]*\)",
        r"`[^`]*`",
        r"\$[^$]+\$",
        r"https?://\S+",
        r"arXiv [\d.]+",
        r"\{[^}]*\}",
        r"[\w./-]+\.(py|zip|svg|png|html)",
    ),
    *(r"\b([Pp]lain|res|resnet)-?\d[\w.-]*", r"\bpip install \S+", r"--?[a-z][\w-]*", r"\b[A-Z][A-Z_]{3,}\b"),
]
WORDED = ("label", "help", "placeholder")
GUESSED = "-".join(f"{lesson.number}a" for lesson in lessons())  # so that lessons show their answers and tasks
SENTENCE = re.compile(r"(?:\b[A-Za-z]*[a-z]{2,}[,;]?\s+){2,}[a-z]{2,}\b")
KNOWN = {  # English that is meant: names of methods, and words of code and links
    *(record.label for record in (*catalog.METHODS.values(), *catalog.ACTIVATIONS.values())),
    *("Reading digits in natural images", "Gradient-based learning applied to document recognition"),
    *("UCI optical recognition of handwritten digits", "Coursera lecture"),
    "Learning multiple layers of features from tiny images",
    "call start\\(\\) first",  # of an engine that only tests leave like that
    *("English", "Grace Hopper", "ImageNet", "Fashion-MNIST", "Adam", "adam", "Xavier", "dropout"),
}


@pytest.fixture
def _recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came with the app is shown."""
    monkeypatch.delenv(recorded.VARIABLE)


def bare(text: str) -> str:
    """`text` without tags and without what is no text of a language."""
    text = re.sub(r"<(style|script|svg).*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    for name in (*map(re.escape, sorted(KNOWN, key=len, reverse=True)), *NAMES):
        text = re.sub(name, " · ", text)
    return text


def texts(app: AppTest) -> Iterator[str]:
    """All that a page shows: texts, labels, helps, options, HTML."""
    for kind in SHOWN:
        yield from (element.value for element in app.get(kind))
    for kind in LABELLED:
        for element in app.get(kind):
            yield from (getattr(element, name, "") or getattr(element.proto, name, "") for name in WORDED)
            yield from map(str, getattr(element, "options", []))
    yield from (element.proto.body for element in app.get("html"))


def drawn(figure: Any, name: str = "") -> Iterator[str]:
    """The words of a chart: titles, notes, hover texts."""
    if isinstance(figure, dict):
        for key, part in figure.items():
            yield from drawn(part, key)
    elif isinstance(figure, list):
        for part in figure:
            yield from drawn(part, name)
    elif isinstance(figure, str) and name in ("text", "ticktext", "hovertemplate", "hovertext"):
        yield figure


def english(text: str) -> str:
    """The English in a text: three words in a row, or a word where there is no Chinese at all; empty for none."""
    left = bare(text)
    found = SENTENCE.search(left) or (
        None if re.search("[\u4e00-\u9fff]", text) else re.search("[A-Za-z]*[a-z]{3,}", left)
    )
    return found[0] if found else ""


@pytest.mark.usefixtures("_recorded")
@pytest.mark.parametrize("page", [page.name for page in pages.PAGES])
def test_a_page_in_chinese_has_no_english_sentence(page: str, visit: Visit, figures: dict[str, dict[str, Any]]) -> None:
    app = visit(page, lang="zh", course=GUESSED)
    assert not app.exception
    found = [*texts(app), *drawn(list(figures.values()))]
    assert sum(bool(re.search("[\u4e00-\u9fff]", text)) for text in found) > 10
    assert [(english(text), text[:200]) for text in dict.fromkeys(found) if english(text)] == []


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    """The choices that the page of the last visit offers behind words of the address: word -> id -> label."""
    found: dict[str, dict[str, str]] = {}
    follow = address.follow

    def heard(word: str, options: dict[str, str], *rest: Any) -> str:
        found[word] = dict(options)
        return follow(word, options, *rest)

    monkeypatch.setattr(address, "follow", heard)
    return found


def test_labels_of_older_links_are_understood_on_every_page_in_both_languages(
    visit: Visit, offered: dict[str, dict[str, str]]
) -> None:
    """And the address then says the same in both: ids."""
    tried = set()
    for page in (page for page in pages.PAGES if page.words - tried):
        offered.clear()
        visit(page.name, nets="plain-8-w4,res-8-w4", seeds="2", lang="en")
        several = {word: options for word, options in offered.items() if len(options) > 1}
        last = {word: list(options.items())[-1] for word, options in several.items()}
        if not last.keys() - tried:
            continue
        tried |= last.keys()
        offered.clear()
        labels = {word: label for word, (_name, label) in last.items()}
        app = visit(page.name, nets="plain-8-w4,res-8-w4", seeds="2", lang="zh", **labels)
        for word in offered.keys() & last.keys():
            name = last[word][0]
            assert app.session_state[word] == name, (page.name, word)
            assert app.query_params[word] in (name, [name]), (page.name, word)
            assert len(set(offered[word].values())) == len(offered[word]), "two options with one label"
    assert {"quantity", "split", "x", "spread", "probe", "place", "rows", "kind", "fault", "like"} <= tried


def test_what_is_chosen_in_chinese_is_in_the_address_by_its_id(visit: Visit) -> None:
    app = visit("train", lang="zh")
    app.button_group(key="quantity").set_value("error").run()
    assert app.query_params["quantity"] in ("error", ["error"])
    other = visit("train", lang="en", quantity="error")
    assert other.session_state["quantity"] == "error"
    app.button_group(key="quantity").set_value("loss").run()
    assert "quantity" not in app.query_params


def test_the_language_is_changed_by_a_button_and_no_choice_is_lost(visit: Visit) -> None:
    app = visit("gradients", lang="en", nets="res-20-nobn", probe="gain")
    app.button(key="read-zh").click().run()
    assert app.query_params["lang"] in ("zh", ["zh"])
    assert (app.session_state["probe"], app.selectbox(key="probe").value) == ("gain", "gain")
    assert app.query_params["nets"] in ("res-20-nobn", ["res-20-nobn"])
    assert re.search("[\u4e00-\u9fff]", app.title[0].value)
    app.button(key="read-en").click().run()
    assert app.session_state["probe"] == "gain"
    assert not re.search("[\u4e00-\u9fff]", app.title[0].value)
