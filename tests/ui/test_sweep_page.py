"""The depth sweep: what is trained, what is drawn of it, and where its points lead."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from resnet.specs import Recipe
from resnet.specs.bench import Bench
from resnet.ui.lab import sweep
from tests.ui.trainer import Trainer

Visit = Callable[..., AppTest]
RECIPE = Recipe(steps=40)
DEPTHS = ["8", "14"]


ENGINE = Trainer


def page(visit: Visit, nets: str = "res-20", depths: list[str] | None = None, **words: Any) -> AppTest:
    app = visit("sweep", nets=nets, steps="40", depths=depths or DEPTHS, **words)
    assert not app.exception
    return app


def button(app: AppTest, key: str) -> Any:
    return next((one for one in app.main.button if one.key == key), None)


def said(app: AppTest) -> str:
    texts = [*(one.value for kind in ("markdown", "caption", "info", "warning") for one in app.main.get(kind)),
             *(one.proto.body for one in app.main.get("html"))]  # fmt: skip
    return re.sub(r"\\|\*|<[^>]*>", "", " ".join(texts))


def test_the_button_trains_twins_of_every_depth_the_shallow_ones_first(visit: Visit, waiting_engine: Trainer) -> None:
    app = page(visit)
    assert re.fullmatch(r"Train the sweep · 4 runs · about \d+ s", button(app, "sweep-train").label)
    button(app, "sweep-train").click().run()
    queue = sorted(waiting_engine.store.recent(10), key=lambda run: run.created)
    assert {str(run.net) for run in queue[:2]} == {"plain-8", "res-8"}
    assert {str(run.net) for run in queue[2:]} == {"plain-14", "res-14"}
    assert {run.recipe for run in queue} == {RECIPE}
    assert button(app, "sweep-train") is None
    assert button(app, "sweep-stop").label == "Stop 4 runs of this page"
    assert "4 runs wait" in said(app)


def test_stop_ends_the_sweep_and_what_was_stopped_can_be_trained(visit: Visit, waiting_engine: Trainer) -> None:
    app = page(visit)
    button(app, "sweep-train").click().run()
    button(app, "sweep-stop").click().run()
    assert {run.status for run in waiting_engine.store.recent(10)} == {"stopped"}
    assert "Stopped before the end: " in said(app)
    assert button(app, "sweep-train").label.startswith("Train the sweep · 4 runs")


def test_several_seeds_are_trained_seed_by_seed(visit: Visit, waiting_engine: Trainer) -> None:
    app = page(visit, seeds="3")
    assert button(app, "sweep-train").label.startswith("Train the sweep · 12 runs")
    button(app, "sweep-train").click().run()
    queue = sorted(waiting_engine.store.recent(20), key=lambda run: run.created)
    assert [run.recipe.seed for run in queue] == [0] * 4 + [1] * 4 + [2] * 4


def test_all_nets_follow_the_first_one_on_the_bench(visit: Visit, waiting_engine: Trainer) -> None:
    app = page(visit, nets="plain-56-nobn,res-20")
    button(app, "sweep-train").click().run()
    names = {str(run.net) for run in waiting_engine.store.recent(10)}
    assert names == {"plain-8-nobn", "res-8-nobn", "plain-14-nobn", "res-14-nobn"}


def test_runs_that_exist_already_are_points_at_once(
    visit: Visit, waiting_engine: Trainer, figures: dict[str, dict[str, Any]]
) -> None:
    waiting_engine.end("plain-8", 0.9, right=0.75)
    waiting_engine.end("res-14", 0.3)
    app = page(visit)
    loss = {trace["name"]: trace for trace in figures["sweep-loss"]["data"]}
    assert (loss["plain"]["x"], loss["plain"]["customdata"]) == ([8], ["plain-8"])
    assert (loss["residual"]["x"], loss["residual"]["customdata"]) == ([14], ["res-14"])
    (plain,) = [trace for trace in figures["sweep-error"]["data"] if trace["name"] == "plain"]
    assert "25.0 %" in plain["text"][0]
    assert button(app, "sweep-train").label.startswith("Train the sweep · 2 runs")


def test_a_run_at_work_is_a_ghost_with_its_progress_in_words(
    visit: Visit, waiting_engine: Trainer, figures: dict[str, dict[str, Any]]
) -> None:
    waiting_engine.step("plain-8", 2.2, steps=12)
    app = page(visit)
    (ghost,) = [trace for trace in figures["sweep-loss"]["data"] if "ghost" in trace["name"]]
    assert ghost["text"] == ["step 12 of 40"]
    assert not [trace for trace in figures["sweep-loss"]["data"] if trace["name"] == "plain"]
    assert "plain-8: step 12 of 40" in said(app)


def test_the_sentence_follows_the_runs(visit: Visit, waiting_engine: Trainer) -> None:
    assert "Press the button above" in said(page(visit))
    for name, loss, right in (
        ("plain-8", 0.5, 0.8),
        ("plain-14", 2.30, 0.1),
        ("res-8", 0.4, 0.8),
        ("res-14", 0.3, 0.9),
    ):
        waiting_engine.end(name, loss, right=right)
    text = said(page(visit))
    assert "In these runs (one seed each):" in text
    assert "Plain nets: nothing is learned at depth 14; lowest at depth 8 (0.50 nats)." in text
    assert "Residual nets: level at every depth that learns, 0.30 to 0.40 nats." in text
    assert "Twins: plain ends above residual at depth 14; they end level at depth 8." in text


def test_a_depth_is_opened_on_the_train_page_with_both_its_nets(
    visit: Visit, waiting_engine: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep.backend, "at_work_for_visitor", list)
    app = page(visit)
    app.selectbox(key="sweep-depth").set_value(14)
    button(app, "sweep-open-button").click().run()
    assert opened(app).recipe.steps == 40
    assert [str(net) for net in opened(app).nets] == ["plain-14", "res-14"]
    assert app.title[0].value == "Does a deeper net learn better?"


@pytest.mark.parametrize(("told", "names"), [("res-8", ["plain-8", "res-8"]), ("res-999", ["res-20"])])
def test_a_click_on_a_point_opens_its_twins_and_nothing_else(
    visit: Visit, waiting_engine: Trainer, told: str, names: list[str]
) -> None:
    app = page(visit)
    app.session_state[sweep._OPEN] = told
    app.run()
    assert [str(net) for net in opened(app).nets] == names


def opened(app: AppTest) -> Bench:
    assert not app.exception
    found: Bench = app.session_state["bench"].bench
    return found


def test_without_a_depth_the_page_says_what_to_do(visit: Visit) -> None:
    app = page(visit)
    app.multiselect(key="depths").set_value([]).run()
    assert "Choose at least one depth." in said(app)


def test_published_errors_are_grey_and_named_as_published(visit: Visit, figures: dict[str, dict[str, Any]]) -> None:
    text = said(page(visit))
    assert "In grey, published" in text
    assert "read off Fig. 6" in text
    colours = {trace["line"]["color"] for trace in figures["sweep-published"]["data"]}
    assert colours == {"#808890"}
