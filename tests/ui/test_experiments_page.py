"""The pages of experiments: what is trained, what is drawn and said of it, and where a row leads."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from resnet.experiments import EXPERIMENTS, Row, in_group
from resnet.runs.store import Run
from resnet.specs import NetSpec, run_id
from resnet.ui.lab.experiments import page
from resnet.ui.lab.experiments import panel as experiment_panel
from tests.ui.test_sweep_page import button, opened, said
from tests.ui.trainer import Trainer

Visit = Callable[..., AppTest]
ENGINE = Trainer
PAGES = {"experiments": "2015", "experiments_2016": "2016", "experiments_later": "later"}
EVERY = [(name, one.name) for name, group in PAGES.items() for one in in_group(group)]


def trained(engine: Trainer, name: str, losses: dict[str, float]) -> None:
    """End the runs of every seed of those rows at these losses."""
    experiment = EXPERIMENTS[name]
    for row in experiment.rows:
        if row.net in losses:
            for recipe in experiment.recipe(row).each():
                engine.step(row.net, losses[row.net], recipe, recipe.steps, right=0.1 if losses[row.net] > 2 else 0.8)
                engine.store.finish("trainer", run_id(row.spec, recipe, engine.device), "done")


@pytest.mark.parametrize(("name", "experiment"), EVERY, ids=lambda one: one)
def test_every_experiment_is_reached_by_a_link_and_says_what_to_do(
    name: str, experiment: str, visit: Visit, waiting_engine: Trainer
) -> None:
    app = visit(name, experiment=experiment)
    assert not app.exception
    known = EXPERIMENTS[experiment]
    assert app.title[0].value == known.question
    assert app.selectbox(key=f"experiment-of-{PAGES[name]}").value == experiment
    assert f"Train here · {len(known.runs())} runs · about " in button(app, "experiment-train").label
    text = said(app)
    assert "Nothing of this is trained yet" in text
    for row in known.rows:
        assert all(
            (f"{number.value:g} %" in text or f"{number.value:.2f} %" in text or number.value > 100)
            for number in row.numbers
        )


def test_train_here_queues_every_run_and_stop_stops_them(visit: Visit, waiting_engine: Trainer) -> None:
    app = visit("experiments_2016", experiment="preactivation")
    button(app, "experiment-train").click().run()
    queue = sorted(waiting_engine.store.recent(50), key=lambda run: run.created)
    assert [(str(run.net), run.recipe.seed) for run in queue][:5] == [
        ("res-56", 0), ("res-56-preact", 0), ("res-110", 0), ("res-110-preact", 0), ("res-56", 1)
    ]  # fmt: skip
    assert len(queue) == 12
    assert button(app, "experiment-train") is None
    button(app, "experiment-stop").click().run()
    assert {run.status for run in waiting_engine.store.recent(50)} == {"stopped"}
    assert "Train here · 12 runs" in button(app, "experiment-train").label


def test_points_table_and_sentence_follow_the_runs(
    visit: Visit, waiting_engine: Trainer, figures: dict[str, dict[str, Any]]
) -> None:
    losses = {"res-56": 0.3, "plain-56": 2.30, "res-56-gate": 0.35, "res-56-scale": 0.4, "res-56-exgate": 0.9}
    trained(waiting_engine, "shortcuts", losses)
    app = visit("experiments_2016", experiment="shortcuts")
    text = said(app)
    assert "Found here in every seed: 3 of 4 published orders; in none: 1." in text
    assert "scaling 0.5 / 0.5 and shortcut-only gate (bias −6): level with original in 3 of 3 seeds." in text
    assert "18 runs are missing." in text
    assert "differs: against original above in the paper, here level in 3 of 3" in text
    assert "12.35 % (ResNet-110)" in text
    assert "0.30 (0.30–0.30), n = 3" in text
    traces = figures["experiment-shortcuts"]["data"]
    measured = {
        key: x
        for trace in traces
        if "customdata" in trace
        for key, x in zip(trace["customdata"], trace["x"], strict=True)
    }
    assert measured == pytest.approx(losses)
    (published,) = [trace for trace in traces if trace.get("xaxis") == "x2"]
    assert len(published["x"]) == 11
    assert set(published["marker"]["symbol"]) == {"circle", "triangle-right"}
    assert published["marker"]["color"] == "#808890"
    assert "Train here · 18 runs" in button(app, "experiment-train").label


def test_the_depth_experiment_is_drawn_against_depth(
    visit: Visit, waiting_engine: Trainer, figures: dict[str, dict[str, Any]]
) -> None:
    trained(waiting_engine, "depth", {"plain-8": 0.4, "plain-56": 2.3, "res-56": 0.3})
    text = said(visit("experiments", experiment="depth"))
    assert "Plain nets: nothing is learned at depth 56 in 3 of 3 seeds; lowest at depth 8 (0.40 nats)" in text
    assert "Twins: plain ends above residual at depth 56 (3 of 3 seeds)." in text
    traces = {trace["name"]: trace["x"] for trace in figures["experiment-depth"]["data"]}
    assert traces == {"plain": [8, 56], "residual": [56]}
    assert {trace["name"] for trace in figures["experiment-published"]["data"]} == {
        "plain, read off Fig. 6", "ResNet, Table 6"
    }  # fmt: skip


def test_other_later_work_is_linked(visit: Visit, waiting_engine: Trainer) -> None:
    app = visit("experiments_later")
    assert "Other later work is measured on pages of its own" in said(app)
    labels = {link.proto.label for link in app.main.get("page_link")}
    assert {"Path lengths (Veit et al. 2016)",
            "Shattered gradients (Balduzzi et al. 2017)"} <= labels  # fmt: skip
    assert not any("Veit" in link.proto.label for link in visit("experiments").main.get("page_link"))


def test_a_row_goes_to_the_bench_with_the_one_it_is_compared_with(
    visit: Visit, waiting_engine: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment_panel.backend, "at_work_for_visitor", list)
    app = visit("experiments_later", experiment="no-norm")
    app.selectbox(key="row-no-norm").set_value("plain-20-nobn-torchinit")
    button(app, "experiment-open").click().run()
    assert [str(net) for net in opened(app).nets] == ["plain-8-nobn-torchinit", "plain-20-nobn-torchinit"]
    assert (opened(app).recipe.lr, opened(app).recipe.seeds) == (0.001, 3)
    assert app.title[0].value == "Does a deeper net learn better?"


def test_the_address_follows_the_menu_and_the_menu_the_address(visit: Visit, waiting_engine: Trainer) -> None:
    app = visit("experiments_2016")
    menu = app.selectbox(key="experiment-of-2016")
    assert (menu.value, app.query_params["experiment"]) == ("shortcuts", "shortcuts")
    menu.set_value("orders").run()
    assert app.query_params["experiment"] == "orders"
    assert app.title[0].value == EXPERIMENTS["orders"].question
    app.query_params["experiment"] = "preactivation"
    app.run()
    assert app.title[0].value == EXPERIMENTS["preactivation"].question
    app.query_params["experiment"] = "depth"  # of another page
    app.run()
    assert app.query_params["experiment"] == "preactivation"


@pytest.mark.parametrize(("told", "names"), [("res-56-ln", ["res-56", "res-56-ln"]), ("res-999", None)])
def test_a_click_on_a_point_does_the_same(
    told: str, names: list[str] | None, visit: Visit, waiting_engine: Trainer
) -> None:
    app = visit("experiments_later", experiment="healthy-gradient")
    app.session_state[page._OPEN] = told
    app.run()
    assert names is None or [str(net) for net in opened(app).nets] == names
    assert (app.title[0].value == "Does a deeper net learn better?") is bool(names)


def test_nets_of_different_recipes_do_not_go_together() -> None:
    experiment = EXPERIMENTS["warmup"]
    bench = page.bench_of(experiment, experiment.rows[1])
    assert [str(net) for net in bench.nets] == ["res-110"]
    assert bench.recipe.warmup == 0
    assert page.bench_of(experiment, experiment.rows[0]).recipe.warmup == 100
    other = replace(experiment, rows=(Row("res-8"), Row("res-14", words="warmup=100"), Row("res-20")))
    assert [str(net) for net in page.bench_of(other, other.rows[1]).nets] == ["res-14"]
    assert [str(net) for net in page.bench_of(other, other.rows[2]).nets] == ["res-8", "res-20"]


def test_recorded_runs_are_shown_and_can_be_trained_here(
    visit: Visit, waiting_engine: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(waiting_engine, "preactivation", {row.net: 0.3 for row in EXPERIMENTS["preactivation"].rows})
    known = waiting_engine.store.runs

    def as_recorded(ids: Any) -> dict[str, Run]:
        return {key: Run(**{**vars(run), "recorded": "CPU, 2026-11-28"}) for key, run in known(ids).items()}

    monkeypatch.setattr(waiting_engine.store, "runs", as_recorded)
    app = visit("experiments_2016", experiment="preactivation")
    assert "Came with the app, recorded on CPU, 2026-11-28." in said(app)
    assert "0.30 (0.30–0.30), n = 3" in said(app)
    assert "Train here · 12 runs" in button(app, "experiment-train").label


def test_nets_of_the_rows_are_on_the_page_by_the_name_of_the_row(visit: Visit, waiting_engine: Trainer) -> None:
    text = said(visit("experiments", experiment="bottleneck"))
    assert "bottleneck (27 blocks)" in text
    assert NetSpec.parse("res-83-bottleneck-optb").blocks == (9, 9, 9)


def test_each_cell_of_the_table_has_its_own_head_for_narrow_pages(waiting_engine: Trainer) -> None:
    for experiment in (EXPERIMENTS["shortcuts"], EXPERIMENTS["responses"]):
        html = experiment_panel.table(experiment, experiment_panel.results(experiment, {}))
        heads = [text.partition("<")[0] for text in html.split("<th>")[1:]]
        cells = [text.partition(":&ensp;")[0] for text in html.split("<small>")[1:]]
        assert cells == heads[1:] * len(experiment.rows)
