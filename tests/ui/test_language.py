"""Which language a visitor reads: everybody their own, from the first text of a page to the last."""

import gettext
import threading
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resnet import i18n
from resnet.ui.app import language


class Marked(gettext.NullTranslations):
    """Every text says in which language it is."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._mark = language

    def gettext(self, message: str) -> str:
        return f"{self._mark}|{message}"


@pytest.fixture
def _two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(i18n.LANGUAGES, "xx", "Other")
    monkeypatch.setattr(i18n, "_catalog", Marked)


def title(app: AppTest) -> str:
    return str(app.title[0].value)


@pytest.mark.usefixtures("_two_languages")
def test_visitors_read_their_own_language_side_by_side_and_may_change_it(visit: Callable[..., AppTest]) -> None:
    one, other = visit("train", lang="xx"), visit("train")
    assert [title(app)[:3] for app in (one, other)] == ["xx|", "en|"]
    one.button(key="add").click().run()  # the callback and the page both follow
    assert [title(app)[:3] for app in (one, other.run())] == ["xx|", "en|"]
    one.query_params["lang"] = "en"
    other.query_params["lang"] = "xx"
    assert [title(app.run())[:3] for app in (one, other)] == ["en|", "xx|"]


def test_a_language_that_a_thread_speaks_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_language", lambda: "en")
    thread = threading.Thread(target=i18n.speak, args=["xx"])
    thread.start()
    thread.join()
    assert i18n.language() == "en"


def test_it_is_looked_up_once_in_a_run(visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def found() -> str:
        asked.append("asked")
        return "en"

    monkeypatch.setattr(language, "language", found)
    monkeypatch.setattr(i18n, "_language", found)
    visit("build")
    assert asked == ["asked"]
