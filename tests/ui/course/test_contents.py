"""Start and the course's contents lead to the lesson where one stopped."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resnet.lessons import lessons


def links(app: AppTest) -> list[str]:
    return [one.proto.label for one in app.main.get("page_link")]


def word(count: int) -> str:
    """The address of a visitor who has seen the answers of so many lessons, without a guess."""
    return "-".join(f"{lesson.number}z" for lesson in lessons()[:count])


@pytest.mark.parametrize("page", ["start", "course"])
@pytest.mark.parametrize(("seen", "begins"), [(0, "Begin with"), (1, "Go on with"), (3, "Go on with")])
def test_the_next_lesson_is_one_click_away(visit: Callable[..., AppTest], page: str, seen: int, begins: str) -> None:
    upcoming = lessons()[seen]
    app = visit(page, **({"course": word(seen)} if seen else {}))
    assert not app.exception
    assert links(app)[0] == f"**{begins} lesson {upcoming.number}: {upcoming.title}**"


def test_at_the_end_start_leads_to_the_contents(visit: Callable[..., AppTest]) -> None:
    app = visit("start", course=word(len(lessons())))
    assert not app.exception
    assert links(app)[0].startswith("**Course**: all lessons")


def test_a_lesson_that_was_left_out_is_not_what_comes_next(visit: Callable[..., AppTest]) -> None:
    app = visit("course", course=f"{lessons()[2].number}a")
    assert lessons()[3].title in links(app)[0]
