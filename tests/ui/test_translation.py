"""Every word on screen passes through the one translation function."""

import gettext
import re
import string
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract

from resnet import i18n
from resnet.ui.app import pages

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("resnet/**/*.py"), *ROOT.glob("pages/**/*.py")]
KEYWORDS = {"_": None, "N_": None, "plural": (1, 2), "C_": (2,)}


class Brackets(gettext.NullTranslations):
    """A language in which every text is itself in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"


@pytest.fixture
def _bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalog", lambda _language: Brackets())


def messages() -> Iterator[tuple[str, ...]]:
    for path in SOURCES:
        for _line, found, _comments, _context in extract("python", BytesIO(path.read_bytes()), KEYWORDS):
            yield (found,) if isinstance(found, str) else tuple(text for text in found if text)


def test_babel_finds_every_text_and_its_places_can_be_filled() -> None:
    found = list(messages())
    assert len(found) > 500
    for texts in found:
        for text in texts:
            fields = [name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None]
            assert all(fields), f"a place without a name in {text!r}"


def test_a_missing_catalog_falls_back_to_english() -> None:
    assert i18n._("Loss") == "Loss"
    assert i18n.plural("{count} net", "{count} nets", 2) == "2 nets"
    assert i18n.plural("{count} net", "{count} nets", 1) == "1 net"


def test_a_value_with_braces_is_not_filled_in_again() -> None:
    assert i18n._("net {name}", name="{steps}") == "net {steps}"


@pytest.mark.usefixtures("_bracketed")
@pytest.mark.parametrize("page", [page.name for page in pages.PAGES])
def test_every_title_label_help_and_button_of_a_page_is_translated(page: str, visit) -> None:  # type: ignore[no-untyped-def]
    app = visit(page)
    assert not app.exception
    texts = ("title", "subheader", "caption", "markdown", "info", "warning")
    inputs = ("text_input", "number_input", "file_uploader")
    choices = ("button", "button_group", "toggle", "slider", "select_slider", "selectbox", "multiselect")
    bare = []
    for kind in texts + inputs + choices:
        for element in app.get(kind):
            shown = [getattr(element, name, "") for name in ("label", "help")]
            shown += [element.value] if kind in texts else []
            bare += [text for text in shown if text and re.search("[A-Za-z]", text) and "⟦" not in text]
    assert not bare
