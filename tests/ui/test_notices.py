"""One sentence on top of the page stays until the visitor does something else."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from resnet.ui.parts import panels, widgets


def page() -> None:
    import streamlit as st

    from resnet.ui.parts import widgets

    widgets.show_notices()
    st.button("stop", key="stop", on_click=widgets.notify, args=["others wait for it"])
    st.button("news", key="news", on_click=widgets.keep_notices)


def told(app: AppTest) -> list[str]:
    assert not app.exception
    return [warning.value for warning in app.warning]


def test_a_page_that_is_drawn_anew_by_itself_keeps_what_it_has_said() -> None:
    app = AppTest.from_function(page).run()
    assert told(app) == []
    app.button(key="stop").click().run()
    for _time in range(2):
        assert told(app) == ["others wait for it"]
        app.button(key="news").click().run()
    assert told(app) == ["others wait for it"]
    assert told(app.run()) == []  # a click of the visitor


def test_news_draw_a_page_anew_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    mounted: list[dict[str, Any]] = []
    monkeypatch.setattr(panels, "_mount", lambda **words: mounted.append(words))
    panels.begin()
    panels.follow()
    assert mounted[0]["on_news_change"] is widgets.keep_notices
