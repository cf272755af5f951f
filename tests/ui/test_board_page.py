"""The cells of the board are trained on demand, after the guess, and shown step by step beside their gradients."""

import json
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from resnet.charts.frames import laid_over
from resnet.findings.board import NONE
from resnet.runs.engine import Engine
from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe, run_id
from resnet.ui.lab.board import cells, learning, tracks, training
from resnet.ui.parts import backend, nets_table, plot

Visit = Callable[..., AppTest]
RECIPE = Recipe(steps=50, schedule="constant")
NETS = ["plain-8", "res-8", "plain-8-nobn", "res-8-nobn"]
ROW = cells.Row("relu", "he", "original")
MEASURE_AHEAD = cells.measure_ahead
FACTORS = (2.0, 1.0, 1e-6, 0.0)


class Trainer(Engine):
    """An engine that takes runs, and records and ends them when it is told; it never trains."""

    after: dict[str, str]

    def submit(self, net: NetSpec, recipe: Recipe, visitor: str, after: str = "") -> str:
        key = run_id(net, recipe, self.device)
        self.store.claim(key, net, recipe, self.device, "trainer")
        self.after = {**getattr(self, "after", {}), str(net): after}
        return key

    def stop(self, run_id: str) -> None:
        self.store.finish("trainer", run_id, "stopped")

    def come(self, name: str, losses: Sequence[float], recipe: Recipe = RECIPE, factor: float = 0.5) -> str:
        """Record steps 0, 1, … with these losses; a gradient that changes by `factor` every ten."""
        key = self.submit(NetSpec.parse(name), recipe, "test")
        values = np.array([factor, 1.0], "<f4").tobytes()
        reports: list[dict[str, Any]] = [
            {"step": step, "loss": loss, "accuracy": 0.1, "lr": 0.1, "seconds": 1.0, "evaluation": None,
             "profiles": {} if step % 10 else {"output_gradient": values}}
            for step, loss in enumerate(losses)
        ]  # fmt: skip
        self.store.record("trainer", [{"kind": "steps", "run": key, "steps": reports}])
        return key

    def end(
        self, name: str, losses: Sequence[float], status: Any = "done", recipe: Recipe = RECIPE, factor: float = 0.5
    ) -> None:
        self.store.finish("trainer", self.come(name, losses, recipe, factor), status)


@pytest.fixture
def waiting_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trainer:
    engine = Trainer(Store(tmp_path / "runs.sqlite"))
    monkeypatch.setattr("resnet.runs.engine.engine._shared", engine)
    monkeypatch.setattr(nets_table, "engine_note", lambda: True)
    monkeypatch.setattr(cells, "measure", measure)
    monkeypatch.setattr(cells, "measure_ahead", lambda *_board: None)
    monkeypatch.setattr(cells, "choose_depth", lambda: 8)
    monkeypatch.setattr(cells, "choose_rows", lambda: [ROW])
    st.cache_data.clear()
    return engine


def measure(rows: Sequence[cells.Row], depth: int, recipe: Recipe) -> tuple[dict[NetSpec, np.ndarray], int]:
    nets = [row.net(column, depth) for row in rows for column in cells.COLUMNS]
    return {net: np.array([change, 1.0]) for net, change in zip(nets, FACTORS, strict=True)}, 32


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What the charts of the page show, by their keys."""
    shown: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(plot, "_mount", lambda key, data, **_more: shown.update({key: json.loads(data["figure"])}))
    return shown


def revealed(visit: Visit, **words: str) -> AppTest:
    app = visit("board", nets="res-8", **words)
    app.button(key="reveal").click().run()
    assert not app.exception
    return app


def button(app: AppTest, key: str) -> Any:
    return next((one for one in app.main.button if one.key == key), None)


def said(app: AppTest) -> str:
    texts = [*(one.value for kind in ("markdown", "caption") for one in app.main.get(kind)),
             *(one.proto.body for one in app.main.get("html"))]  # fmt: skip
    return re.sub(r"<style>.*?</style>|<[^>]*>", " ", " ".join(texts), flags=re.DOTALL)


def falling(last: float, steps: int = 51) -> list[float]:
    return np.linspace(math.log(10), last, steps).tolist()


def asked(now: bool = False, steps: int = 50) -> learning.Asked:
    return learning.Asked((ROW,), 8, FACTORS, RECIPE.but(steps=steps), now)


def test_nothing_of_the_training_is_told_before_the_guess(
    visit: Visit, waiting_engine: Trainer, figures: dict[str, dict[str, Any]]
) -> None:
    waiting_engine.end("res-8", falling(0.5))
    app = visit("board", nets="res-8")
    assert not app.exception
    assert not figures
    assert button(app, "board-train") is None
    assert "loss" not in said(app)


def test_the_button_trains_every_cell_at_a_constant_rate_and_stop_ends_them(
    visit: Visit, waiting_engine: Trainer
) -> None:
    app = revealed(visit, length="100", batch="16")
    assert re.fullmatch(r"Train the cells · 4 runs · about \d+ s", button(app, "board-train").label)
    button(app, "board-train").click().run()
    queue = waiting_engine.store.recent(10)
    assert sorted(str(run.net) for run in queue) == sorted(NETS)
    assert {run.recipe for run in queue} == {Recipe(steps=100, batch=16, schedule="constant")}
    assert button(app, "board-train") is None
    assert "4 runs wait" in said(app)
    button(app, "board-stop").click().run()
    assert {run.status for run in waiting_engine.store.recent(10)} == {"stopped"}
    assert button(app, "board-train").label.startswith("Train the cells · 4 runs")


def test_the_cells_are_measured_while_one_still_guesses(
    visit: Visit, waiting_engine: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(cells, "measure_ahead", MEASURE_AHEAD)
    monkeypatch.setattr(backend, "step0_profiles", lambda net, _recipe, images: asked.append(str(net)))
    visit("board", nets="res-8")
    assert asked == NETS


@pytest.mark.parametrize(
    ("guess", "said_of_it"),
    [
        (3, "1 of 1 right."),  # of the four its gradient alone is 0 at the first block
        (2, "0 of 1 right. Your surprise: in “ReLU · He, fan-out” res-8-nobn changes most; it vanishes (exactly 0"),
        (NONE, "You guessed: none of the four."),
    ],
)
def test_one_guess_a_row_is_scored_by_the_gradient_that_changes_most(
    visit: Visit, waiting_engine: Trainer, guess: int, said_of_it: str
) -> None:
    app = visit("board", nets="res-8")
    (menu,) = [one for one in app.main.selectbox if str(one.key).startswith("guess-")]
    assert menu.label == "ReLU · He, fan-out"
    menu.set_value(guess).run()
    button(app, "reveal").click().run()
    assert said_of_it in said(app).replace("*", "").replace("\\", "")


def test_a_bench_with_several_seeds_and_a_schedule_trains_one_run_a_cell() -> None:
    recipe = training.recipe_of(Recipe(steps=400, extended=200, seeds=3, seed=7, record_every=50, lr=0.1), 50)
    assert recipe == Recipe(steps=50, schedule="constant", seed=7, lr=0.1, record_every=10)
    assert training.recipe_of(Recipe(record_every=5), 50).record_every == 5


def test_what_was_trained_stands_at_once_beside_the_gradient(
    visit: Visit, waiting_engine: Trainer, figures: dict[str, dict[str, Any]]
) -> None:
    for name, last in zip(NETS, (2.3, 0.5, 2.3, 2.3), strict=True):
        waiting_engine.end(name, falling(last))
    app = revealed(visit, length="50")
    assert button(app, "board-train") is None
    text = " ".join(said(app).split())
    assert (
        "Learning after 50 steps, by the gradient at step 0. Within a factor of 10: 1 of 2 cells; beyond it: 0 of 2. "
        "That is too little to say that the two go together." in text
    )
    mean = float(np.mean(falling(0.5)[-20:]))
    assert f"gradient ×1 → ÷2 loss {mean:.2f} · learns" in text
    assert "gradient exactly 0 → ÷2 loss 2.30 · no better than chance" in text
    names = [trace["name"] for trace in figures["board-learning"]["data"]]
    assert names[1::2] == ["plain, batch norm", "residual, batch norm", "plain, no norm", "residual, no norm"]


def test_every_frame_shows_the_losses_and_gradients_of_its_step(waiting_engine: Trainer) -> None:
    waiting_engine.end("res-8", falling(0.5))
    content = learning.drawn(asked(now=True))
    assert json.loads(content["steps@"]) == [0, 10, 20, 30, 40, 50]
    whole = json.loads(content["scatter@"])
    for step, loss in ((0, falling(0.5)[0]), (10, np.mean(falling(0.5)[:11])), (40, np.mean(falling(0.5)[21:41]))):
        marks = laid_over(whole, json.loads(content[f"scatter@{step}"]))["data"][3]
        assert numbers(marks["y"]) == pytest.approx([loss], rel=1e-6)
        assert numbers(marks["x"]) == pytest.approx([0.5 if step else FACTORS[1]])
    still = json.loads(learning.drawn(asked())["scatter@"])
    assert numbers(still["data"][3]["x"]) == [FACTORS[1]]
    assert content["said@10"] == "Too early to say at step 10."
    assert "3 cells have not come so far." in content["said@50"]


def numbers(packed: Any) -> list[float]:
    from base64 import b64decode

    return np.frombuffer(b64decode(packed["bdata"]), packed["dtype"]).tolist()


def test_a_run_at_work_is_drawn_as_far_as_it_has_come(waiting_engine: Trainer) -> None:
    waiting_engine.end("res-8", falling(0.5))
    waiting_engine.come("plain-8", falling(2.0, 31))
    content = learning.drawn(asked())
    assert "plain-8: step 30 of 50" in content["going"]
    assert "2 cells have not come so far." in content["said@30"]
    assert "3 cells have not come so far." in content["said@40"]


def test_a_run_that_diverged_has_learned_nothing_from_then_on(waiting_engine: Trainer) -> None:
    waiting_engine.end("res-8", falling(0.5))
    waiting_engine.end("plain-8", falling(1.0, 26), "diverged")
    content = learning.drawn(asked())
    assert "diverged" in content["cells@30"]
    assert "diverged" not in content["cells@20"]
    assert content["said@20"].startswith("After 20 steps all of 2 cells learn.")
    assert content["said@50"].startswith(
        "Learning after 50 steps, by the gradient at step 0. Within a factor of 10 is every"
    )


def test_the_first_steps_of_a_longer_run_are_those_of_a_short_one(waiting_engine: Trainer) -> None:
    waiting_engine.end("res-8", falling(0.5, 101), recipe=RECIPE.but(steps=100))
    content = learning.drawn(asked())
    assert json.loads(content["steps@"])[-1] == 50
    nets = asked().nets
    assert [str(net) for net, _recipe in training.missing(nets, RECIPE)] == ["plain-8", "plain-8-nobn", "res-8-nobn"]
    assert len(training.missing(nets, RECIPE.but(steps=200))) == 4


def test_longer_runs_go_on_where_the_longest_shorter_ones_ended(
    visit: Visit, waiting_engine: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, middle = (
        run_id(NetSpec.parse("res-8"), RECIPE.but(steps=steps), waiting_engine.device) for steps in (50, 100)
    )
    known = {short: 50, middle: 100}
    monkeypatch.setattr(
        waiting_engine.store, "checkpoints", lambda ids: {key: known[key] for key in ids if key in known}
    )
    button(revealed(visit, length="200"), "board-train").click().run()
    assert waiting_engine.after == {**dict.fromkeys(NETS, ""), "res-8": middle}


def test_the_chosen_step_and_length_stay_in_the_address(visit: Visit, waiting_engine: Trainer) -> None:
    waiting_engine.end("res-8", falling(0.5))
    waiting_engine.end("plain-8-nobn", falling(2.3), factor=1e-3)
    app = revealed(visit, **{"length": "50", "factor": "Step shown", "board-step": "20"})
    assert "after 20 steps" in said(app)
    assert "at that step" in said(app)


def test_equal_cells_are_equal_whatever_their_numbers(waiting_engine: Trainer) -> None:
    waiting_engine.end("res-8", [math.log(10)] * 5 + [math.nan] * 46)
    (run,) = waiting_engine.store.recent(1)
    first, second = (tracks.at(tracks._read(run, 50), 1, run.net, 0.5, [0, 10, 50]) for _ in range(2))
    assert first == second
    assert first is not None
