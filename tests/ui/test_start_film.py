"""The Start page plays the demo once its runs are there, and answers its question from their numbers."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from resnet.charts.film import PICTURES
from resnet.specs import Recipe
from resnet.specs.bench import Bench
from resnet.ui.lab.start import film
from resnet.ui.parts import playback
from tests.ui.trainer import Trainer

Visit = Callable[..., AppTest]
ENGINE = Trainer
ENDS = {"plain-20": 0.8, "plain-56": 2.3, "res-20": 0.3, "res-56": 0.29}


def said(app: AppTest) -> str:
    texts = [one.value for kind in ("markdown", "caption") for one in app.main.get(kind)]
    return " ".join(texts).replace("\\", "")


def test_without_runs_there_is_no_picture(visit: Visit, figures: dict[str, Any]) -> None:
    app = visit("start")
    assert not app.exception
    assert "curves" not in figures


def test_while_they_train_the_curves_grow_and_there_is_no_film(
    visit: Visit, waiting_engine: Trainer, figures: dict[str, Any]
) -> None:
    waiting_engine.step("res-20", 1.5, Recipe(), steps=100)
    app = visit("start")
    assert not app.exception
    assert next(trace["name"] for trace in figures["curves"]["data"]) == "res-20"
    assert json.loads(film.drawn(Bench())["steps@"]) == []


def test_the_film_ends_with_the_answer_and_says_where_it_was_recorded(
    visit: Visit, waiting_engine: Trainer, figures: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, loss in ENDS.items():
        waiting_engine.end(name, loss, Recipe(), right=0.1 if loss > 2 else 0.8)
    played: list[tuple[list[int], int, playback.Places]] = []
    monkeypatch.setattr(
        playback, "player", lambda _panel, steps, step, _last, places: played.append((steps, step, places))
    )
    app = visit("start")
    assert not app.exception
    ((steps, step, places),) = played
    assert (len(steps), steps[-1], step, places.once) == (PICTURES, 400, 400, True)
    assert "nothing was learned by plain-56" in said(app)
    assert "Came with" not in said(app)
    of_rows = waiting_engine.store.runs
    told = lambda ids: {key: replace(run, recorded="CPU, 2026") for key, run in of_rows(ids).items()}  # noqa: E731
    monkeypatch.setattr(waiting_engine.store, "runs", told)
    assert "start-profiles" not in figures
    assert film.drawn(Bench())["!origin"] == "Came with the app, recorded on CPU, 2026."


def test_recorded_gradients_play_beside_the_curves_and_are_told_step_by_step(
    visit: Visit, waiting_engine: Trainer, figures: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, loss in ENDS.items():
        waiting_engine.end(name, loss, Recipe(), right=0.1 if loss > 2 else 0.8)

    def profiles(run_id: str, _probe: str) -> tuple[np.ndarray, np.ndarray]:
        (run,) = waiting_engine.store.runs([run_id]).values()
        layers = np.ones((2, sum(run.net.blocks) + 1), np.float32)
        layers[:, 0] = run.net.depth, 0.5
        return np.array([0, 200]), layers

    monkeypatch.setattr(waiting_engine.store, "profiles", profiles)
    app = visit("start")
    assert not app.exception
    assert [trace["name"] for trace in figures["start-profiles"]["data"]] == list(ENDS)
    content = film.drawn(Bench())
    steps = json.loads(content["steps@"])
    assert all({f"curves@{step}", f"profiles@{step}", f"said@{step}"} <= content.keys() for step in steps)
    ratios = "plain-20 ×20, plain-56 ×56, res-20 ×20, res-56 ×56"
    early, late = (content[f"said@{step}"] for step in (195, 200))
    assert early == f"Gradient at the first block over that at the last, seed 0, step 0: {ratios}."
    assert late.endswith("step 200: plain-20 ÷2, plain-56 ÷2, res-20 ÷2, res-56 ÷2.")
