"""The menu: the first page of every group, and the others of the group that is open."""

from collections.abc import Callable, Mapping, Sequence

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from resnet.ui.app import pages

Told = list[list[str]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """The titles that stand in the menu, each time that the browser is told of one."""
    found: Told = []
    navigation = st.navigation

    def tell(sections: Mapping[str, Sequence[st.Page]], **more: bool) -> st.Page:
        found.append([page.title for own in sections.values() for page in own if page.visibility == "visible"])
        return navigation(sections, **more)

    monkeypatch.setattr(st, "navigation", tell)
    return found


def inside(group: str) -> list[str]:
    return [page.tab for page in pages.in_group(group)[1:]]


def test_the_menu_lists_the_pages_of_the_open_group_alone(visit: Callable[..., AppTest], told: Told) -> None:
    visit("equations", nets="res-8")
    assert inside("gradients")
    assert set(inside("gradients")) <= set(told[-1])
    assert not set(inside("attribution")) & set(told[-1])


def test_a_page_without_a_group_shows_the_first_page_of_each(visit: Callable[..., AppTest], told: Told) -> None:
    visit("runs", nets="res-8")
    assert sorted(told[-1]) == sorted(page.title for page in pages.PAGES if pages.in_menu(page))


def test_the_menu_is_told_once_while_one_stays_in_a_group(visit: Callable[..., AppTest], told: Told) -> None:
    app = visit("equations", nets="res-8")
    told.clear()
    app.switch_page("../../../pages/lab/paths.py").run()
    assert len(told) == 1
    app.switch_page("../../../pages/lab/train.py").run()
    assert set(inside("train")) <= set(told[-1])
    assert not set(inside("gradients")) & set(told[-1])
