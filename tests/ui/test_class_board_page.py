"""The class board: who enters a class, what stands on its board, and what happens there by itself."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from resnet.runs.store import class_work, classes
from resnet.specs import Recipe
from resnet.ui.classroom.class_board import panel, runs
from resnet.ui.parts import panels
from tests.ui.conftest import MAIN
from tests.ui.trainer import SHORT, Trainer

ENGINE = Trainer
Figures = dict[str, dict[str, Any]]


@pytest.fixture
def come(waiting_engine: Trainer) -> Callable[..., AppTest]:
    """A new visitor of the board."""

    def open_page(word: str = "9b", **words: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        app.switch_page("../../../pages/classroom/class_board.py")
        for name, text in {**({"class": word} if word else {}), **words}.items():
            app.query_params[name] = text
        return checked(app.run())

    return open_page


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    texts = [one.proto.body for one in app.main.get("html")]
    texts += [one.value for kind in ("caption", "info", "markdown", "warning") for one in app.main.get(kind)]
    return re.sub(r"<style>.*?</style>|<[^>]*>|\\", " ", " ".join(texts), flags=re.S)


def train(engine: Trainer, visitor: str, name: str, loss: float, recipe: Recipe = SHORT, **how: Any) -> str:
    key = engine.step(name, loss, recipe, **how)
    engine.store.finish("trainer", key, "done")
    class_work.add_runs(engine.store, "9b", [key], visitor)
    return key


def test_who_is_in_no_class_enters_one_here(come: Callable[..., AppTest]) -> None:
    app = come("")
    assert "A class is a word in the link" in said(app)
    app.text_input(key="class-word").set_value("9 b")
    form(app)
    assert "A class is one word of letters" in said(app)
    app.text_input(key="class-word").set_value("9B")
    form(app)
    assert app.query_params["class"] == "9b"
    assert "No run yet" in said(app)


def form(app: AppTest) -> None:
    next(one for one in app.main.button if "Enter" in one.label).click().run()
    checked(app)


def test_all_runs_of_the_class_are_points_and_rows_and_own_ones_are_marked(
    come: Callable[..., AppTest], waiting_engine: Trainer, figures: Figures
) -> None:
    train(waiting_engine, "ann", "plain-8", 0.9)
    train(waiting_engine, "bob", "res-8", 0.3)
    classes.set_name(waiting_engine.store, "9b", "bob", "<Bob>")
    me = come()
    train(waiting_engine, me.session_state["visitor"].name, "res-14", 1.2)
    checked(me.run())
    found = {trace["name"]: trace for trace in figures["class-runs"]["data"]}
    assert (found["plain others"]["x"], found["residual others"]["x"], found["residual own"]["x"]) == ([8], [8], [14])
    text = said(me)
    assert "3 runs have ended by this recipe." in text
    assert "Training loss of twins with the same seed: plain above residual in 1 of 1 pairs." in text
    rows = re.findall(r"<tbody>(.*)</tbody>", html(me))[0].split("</tr>")
    assert [re.search(r"(plain|res)-\d+", row)[0] for row in rows[:3]] == ["res-14", "res-8", "plain-8"]  # type: ignore[index]
    assert "class=own" in rows[0]
    assert "you" in rows[0]
    assert "&lt;Bob&gt;" in rows[1]
    assert "ann" not in html(me)


def html(app: AppTest) -> str:
    return " ".join(one.proto.body for one in app.main.get("html"))


def test_recipes_are_not_mixed_and_the_one_most_used_comes_first(
    come: Callable[..., AppTest], waiting_engine: Trainer, figures: Figures
) -> None:
    long = Recipe(steps=60)
    train(waiting_engine, "ann", "res-56", 0.1, long)
    for seed in (0, 1):
        train(waiting_engine, "ann", "res-8", 0.4, SHORT.but(seed=seed))
    app = come()
    assert figures["class-runs"]["data"][0]["x"] == [8, 8]
    assert "1 run is by another recipe" in said(app)
    app.selectbox(key="class-recipe").set_value(runs.word_of(long)).run()
    assert figures["class-runs"]["data"][0]["x"] == [56]


def test_error_is_shown_in_percent(come: Callable[..., AppTest], waiting_engine: Trainer, figures: Figures) -> None:
    train(waiting_engine, "ann", "res-8", 0.4, right=0.75)
    come(measure="error")
    assert figures["class-runs"]["data"][0]["y"] == [25.0]


def test_a_run_that_ends_comes_by_itself_and_another_recipe_draws_the_page_anew(
    come: Callable[..., AppTest], waiting_engine: Trainer
) -> None:
    train(waiting_engine, "ann", "res-8", 0.4)
    come()
    shown = next(one for one in reversed(panels._kept) if one.draw is panel.drawn)
    before = dict(panels.drawn(shown).content)
    train(waiting_engine, "bob", "res-14", 0.4)
    after = dict(panels.drawn(shown).content)
    assert {key for key in after if after[key] != before[key]} == {"chart", "said", "rows"}
    train(waiting_engine, "bob", "res-14", 0.4, Recipe(steps=60))
    assert panels.drawn(shown).content["!recipes"] != before["!recipes"]


def test_before_the_first_run_has_ended_the_chart_is_empty(
    come: Callable[..., AppTest], waiting_engine: Trainer, figures: Figures
) -> None:
    class_work.add_runs(waiting_engine.store, "9b", [waiting_engine.step("res-14", 1.0, steps=12)], "ann")
    app = come()
    assert figures["class-runs"]["data"] == []
    assert "1 run is waiting or training." in said(app)


def test_what_has_not_ended_is_a_row_and_no_point(
    come: Callable[..., AppTest], waiting_engine: Trainer, figures: Figures
) -> None:
    train(waiting_engine, "ann", "res-8", 0.4)
    class_work.add_runs(waiting_engine.store, "9b", [waiting_engine.step("res-14", 1.0, steps=12)], "ann")
    app = come()
    assert figures["class-runs"]["data"][0]["x"] == [8]
    assert "1 run is waiting or training." in said(app)
    assert "running" in said(app)


def test_a_typed_name_stands_beside_the_runs_and_a_wrong_one_is_a_sentence(
    come: Callable[..., AppTest], waiting_engine: Trainer
) -> None:
    app = come()
    train(waiting_engine, app.session_state["visitor"].name, "res-8", 0.4)
    app.text_input(key="class-name").set_value("Ann").run()
    assert "Ann" in html(checked(come()))
    app.text_input(key="class-name").set_value("a\u0000b").run()
    assert "A name has at most 24 printable characters" in said(checked(app))
    assert classes.name_of(waiting_engine.store, "9b", app.session_state["visitor"].name) == "Ann"


def test_the_first_who_says_so_is_the_teacher_and_has_a_link_for_a_second_browser(
    come: Callable[..., AppTest], waiting_engine: Trainer
) -> None:
    app = come()
    app.button(key="class-open").click().run()
    assert "You are the teacher" in said(checked(app))
    assert "This class has a teacher." in said(come())
    app.button(key="class-key").click().run()
    link = app.main.get("code")[0].value
    key = link.partition("teacher-key=")[2]
    other = come(**{"teacher-key": key})
    assert "You are the teacher" in said(other)


def test_runs_of_the_bench_from_before_are_added(come: Callable[..., AppTest], waiting_engine: Trainer) -> None:
    waiting_engine.end("res-8", 0.4)
    waiting_engine.step("plain-8", 0.4, steps=12)
    app = come(nets="plain-8,res-8", steps="40")
    assert app.button(key="class-add").label == "Add 1 run of the bench"
    app.button(key="class-add").click().run()
    assert "1 run has ended by this recipe." in said(checked(app))
    assert not [one for one in app.main.button if one.key == "class-add"]


def test_the_file_has_all_runs_by_any_recipe_and_no_hash(waiting_engine: Trainer) -> None:
    train(waiting_engine, "ann", "res-8", 0.4)
    train(waiting_engine, "ann", "res-8", 0.4, Recipe(steps=60, lr=0.01))
    class_work.add_runs(waiting_engine.store, "9b", [waiting_engine.step("res-14", 1.0, steps=12)], "ann")
    lines = runs.csv_bytes("9b").decode().splitlines()
    assert len(lines) == 4
    assert sum("steps=60 lr=0.01" in line for line in lines) == 1
    (running,) = [line.split(",") for line in lines if "running" in line]
    assert running[6:9] == ["running", "", ""]
    assert classes.member(waiting_engine.store, "9b", "ann") not in "".join(lines)
