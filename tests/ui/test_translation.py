"""Every word on screen passes through the one translation function."""

import gettext
import re
import string

import pytest

from resnet import i18n
from resnet.commands.locale import strings, template
from resnet.ui.app import pages


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


def test_every_place_of_a_text_has_a_name() -> None:
    for message in template():
        for text in strings(message.id):
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
