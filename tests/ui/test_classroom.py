"""The class: a word of the link that goes with a visitor from page to page, until one leaves."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resnet.runs.store import class_work, classes
from resnet.ui.parts import class_line, panels, visitors
from tests.ui.test_off_bench import button
from tests.ui.trainer import Trainer

Visit = Callable[..., AppTest]
ENGINE = Trainer
PAIR = "plain-20,res-20"


def line(app: AppTest) -> str:
    assert not app.exception
    return " ".join(one.proto.body for one in app.sidebar.get("html") if "Class " in one.proto.body)


def warnings(app: AppTest) -> str:
    return " ".join(one.value.replace("\\", "") for one in app.main.warning)


def board(engine: Trainer, word: str) -> set[str]:
    nets = {run.id: str(run.net) for run in engine.store.recent(20)}
    return {nets[own.run] for own in class_work.runs(engine.store, word)}


def test_the_class_of_a_link_goes_along_to_other_pages_and_says_who_is_here(visit: Visit) -> None:
    ann = visit("train", **{"class": "9B"})
    assert "Class 9b · 1 here" in line(ann)
    assert ann.query_params["class"] == "9b"
    visit("build", **{"class": "9b"})
    visit("train", **{"class": "9a"})
    assert visitors.in_room("9b") == 2
    ann.switch_page("../../../pages/lab/build.py")
    del ann.query_params["class"]  # as a change of page does
    assert "Class 9b · 2 here" in line(ann.run())
    assert ann.query_params["class"] == "9b"


def test_without_a_class_nothing_is_said_of_one(visit: Visit) -> None:
    app = visit("train")
    assert line(app) == ""
    assert "class" not in app.query_params
    assert button(app, "class-leave") is None


def test_who_leaves_is_in_no_class_though_the_browser_still_sends_its_word_and_may_come_back(visit: Visit) -> None:
    app = visit("train", **{"class": "9b"})
    button(app, "class-leave").click()
    app.run()
    assert line(app) == ""
    assert "class" not in app.query_params
    app.query_params["class"] = "9b"  # a click that was on its way
    assert line(app.run()) == ""
    assert "class" not in app.query_params
    app.run()
    app.query_params["class"] = "9b"
    assert "Class 9b" in line(app.run())


@pytest.mark.parametrize("word", ["9 b", "x" * 41, "a/b"])
def test_a_word_that_is_no_class_is_one_sentence_and_the_page_stands(word: str, visit: Visit) -> None:
    app = visit("train", **{"class": word})
    assert "This link leads to no class: a class is one word of letters, digits and dashes" in warnings(app)
    assert "class" not in app.query_params
    assert app.title[0].value == "Does a deeper net learn better?"


def test_what_is_trained_in_a_class_is_noted_there_and_nothing_else(visit: Visit, waiting_engine: Trainer) -> None:
    button(visit("train", nets="plain-8"), "train").click().run()
    app = visit("train", nets=PAIR, **{"class": "9b"})
    assert board(waiting_engine, "9b") == set()
    button(app, "train").click().run()
    assert board(waiting_engine, "9b") == {"plain-20", "res-20"}
    sweep = visit("sweep", nets="res-20", depths=["14"], **{"class": "9b"})
    next(one for one in sweep.main.button if one.key == "sweep-train").click().run()
    assert board(waiting_engine, "9b") == {"plain-20", "res-20", "plain-14", "res-14"}


def test_a_board_that_is_full_is_said_and_the_run_trains_all_the_same(
    visit: Visit, waiting_engine: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_work, "LIMITS", classes.LIMITS.__class__(max_class_runs=1))
    app = visit("train", nets=PAIR, **{"class": "9b"})
    button(app, "train").click().run()
    assert len(board(waiting_engine, "9b")) == 1
    assert len(waiting_engine.statuses()) == 2
    assert "The class 9b is full" in warnings(app)


def test_the_line_of_a_class_is_news_when_somebody_comes(visit: Visit) -> None:
    visit("train", **{"class": "9b"})
    panel = next(shown for shown in panels._kept if shown.draw is class_line._drawn and shown.arguments == ("9b",))
    before = panels.drawn(panel).content["line"]
    visit("train", **{"class": "9b"})
    assert (before, panels.drawn(panel).content["line"]) == ("Class 9b · 1 here", "Class 9b · 2 here")


def test_a_teachers_link_works_once_and_leaves_the_address(visit: Visit, waiting_engine: Trainer) -> None:
    classes.open_class(waiting_engine.store, "9b", "teacher")
    key = classes.teacher_key(waiting_engine.store, "9b", "teacher")
    app = visit("train", **{"class": "9b", "teacher-key": key})
    assert "teacher-key" not in app.query_params
    assert classes.teaches(waiting_engine.store, "9b", app.session_state["visitor"].name)
    late = visit("train", **{"class": "9b", "teacher-key": key})
    assert "This teacher's link was used already" in warnings(late)
    assert not classes.teaches(waiting_engine.store, "9b", late.session_state["visitor"].name)


def linked() -> None:
    """A page that shows its link."""
    import streamlit as st

    from resnet.ui.app import carried
    from resnet.ui.bench import session
    from resnet.ui.parts import classroom, teaching

    teaching.follow()
    session.follow_address("train", carried.WORDS)
    classroom.follow()
    st.text(session.link())


@pytest.mark.usefixtures("waiting_engine")
def test_a_link_leads_into_the_class_and_not_into_its_teachers_mode() -> None:
    app = AppTest.from_function(linked)
    for word, text in {"class": "9b", "teach": "1", "slide": "6.1", "course": "6a", "nets": "res-8"}.items():
        app.query_params[word] = text
    link = checked(app.run()).text[0].value
    assert "class=9b" in link
    assert "nets=res-8" in link
    assert not [word for word in ("teach", "slide", "course") if f"{word}=" in link]


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app
