"""The recipe's popover: presets, one group of fields at a time, what it will do."""

import re
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from resnet import catalog
from resnet.datasets import load_dataset
from resnet.nets.network import build_network
from resnet.runs.engine import Engine
from resnet.runs.tasks.train import Report
from resnet.specs import NetSpec, Recipe, run_id
from resnet.training.loop import train
from resnet.ui.bench import recipe as module
from resnet.ui.bench import recipe_fields, recipe_view
from resnet.ui.lab import train as page
from resnet.ui.parts import backend

Visit = Callable[..., AppTest]
PANE = {name: pane for pane, rows in module._ROWS.items() for row in rows for name in row}


def open_pane(app: AppTest, pane: str) -> AppTest:
    app.session_state["recipe"] = True
    app.session_state["recipe-pane"] = pane
    return app.run()


def recipe_of(app: AppTest) -> Recipe:
    assert not app.exception
    found: Recipe = app.session_state["bench"].bench.recipe
    address = {word: text[-1] if isinstance(text, list) else text for word, text in app.query_params.items()}
    assert found.to_query().items() <= address.items()
    return found


def change(app: AppTest, name: str, value: Any) -> AppTest:
    """Open the pane of a field and set it."""
    open_pane(app, PANE[name])
    kind = {str: app.selectbox, bool: app.toggle}.get(type(value), app.number_input)
    return kind(key=f"recipe-{name}").set_value(value).run()


def captions(app: AppTest) -> str:
    return " ".join(caption.value.replace("\\", "") for caption in app.caption)


def test_every_field_has_a_place_of_its_own() -> None:
    assert set(PANE) | {"extended"} == set(Recipe.model_fields)  # a run is extended by a button
    assert len(PANE) == sum(len(row) for rows in module._ROWS.values() for row in rows)


def test_every_field_reaches_the_bench_and_the_address(visit: Visit) -> None:
    values = {
        **{"level": "easy", "steps": 50, "batch": 16, "seed": 7, "seeds": 2, "record_every": 5, "evaluate_every": 20},
        **{"optimizer": "sgd", "lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.0001, "clip": 2.5},
        **{"label_smoothing": 0.1, "schedule": "one_cycle", "warmup": 5, "cutout": 8, "mixup": 0.4},
        **{"flip": False, "augment": False},
    }
    app = visit()
    for name, value in values.items():
        change(app, name, value)
    assert recipe_of(app) == Recipe(**values)


def test_another_data_set_without_levels_resets_the_level(visit: Visit) -> None:
    app = change(visit(nets="res-8", level="medium"), "data", "digits")
    assert recipe_of(app).to_query() == {"data": "digits"}
    assert app.selectbox(key="recipe-level").disabled
    assert not [warning.value for warning in app.warning if "level" in warning.value]


@pytest.mark.parametrize(
    ("words", "idle"),
    [
        ("", {"pixels", "momentum", "nesterov"}),
        ("optimizer=sgd", {"pixels"}),
        ("optimizer=sgd&momentum=0", {"pixels", "nesterov"}),
        ("optimizer=rmsprop&data=digits", {"pixels", "momentum", "nesterov", "level", "flip"}),
        ("optimizer=sgd&augment=no", {"pixels", "flip"}),
    ],
)
def test_what_does_not_belong_to_the_others_is_disabled(words: str, idle: set[str]) -> None:
    recipe = Recipe.parse(words)
    assert {name for name in PANE if not recipe_fields.belongs(name, recipe)} == idle


def test_what_does_not_fit_is_said_and_changes_nothing(visit: Visit) -> None:
    app = change(visit(), "cutout", 40)
    assert "cutout must be 0–32, the side of the images; got 40" in [warning.value for warning in app.warning]
    assert recipe_of(app) == Recipe()
    assert app.number_input(key="recipe-cutout").value == 0


def test_another_optimizer_has_no_nesterov_and_another_length_is_another_plan(visit: Visit) -> None:
    app = change(visit(optimizer="sgd", nesterov="yes", extended="100"), "optimizer", "adamw")
    assert recipe_of(app) == Recipe(optimizer="adamw", extended=100)
    assert recipe_of(change(app, "steps", 50)) == Recipe(optimizer="adamw", steps=50)


def test_a_preset_sets_all_but_data_length_and_seeds(visit: Visit) -> None:
    app = open_pane(visit(data="digits", steps="90", seed="4", seeds="3", mixup="0.5", extended="30"), "run")
    assert app.selectbox(key="recipe-preset").value is None
    app.selectbox(key="recipe-preset").set_value("warm-up-2015").run()
    expected = "data=digits&steps=90&seed=4&seeds=3&batch=128&optimizer=sgd&lr=0.1&schedule=step&warmup=40"
    assert recipe_of(app) == Recipe.parse(f"{expected}&weight_decay=0.0001")
    assert app.selectbox(key="recipe-preset").value == "warm-up-2015"


def test_each_preset_is_known_by_its_name_whatever_the_data() -> None:
    for name in catalog.RECIPES:
        taken = module.with_preset(Recipe(data="digits", steps=70, seed=2), name)
        assert module.named(taken) == name
        assert module.named(taken.but(lr=0.5)) is None


def test_the_schedule_is_told_in_a_sentence_and_notes_with_it(visit: Visit) -> None:
    app = open_pane(visit(schedule="step", lr="0.1", optimizer="sgd", warmup="500"), "schedule")
    assert "The warm-up is longer than the run: the learning rate never reaches 0.1." in captions(app)
    assert "From 2.0·10⁻⁴ in the first step to 0.08 in the last." in captions(app)


def pictures_in(app: AppTest) -> int:
    return sum(len(re.findall("<img[^>]*pixelated", html.value)) for html in app.get("html"))


def test_images_come_when_a_worker_has_made_them(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    answer: Future[np.ndarray] = Future()
    asked = []
    monkeypatch.setattr(backend, "ask", lambda function, recipe: asked.append((function, recipe)) or answer)
    app = open_pane(visit(mixup="0.3", lr="0.1", label_smoothing="0.1", cutout="6"), "images")
    assert "The images come as soon as a worker has made them." in captions(app)
    assert pictures_in(app) == 0
    assert set(asked) == {(recipe_view.augmented, Recipe(mixup=0.3, cutout=6))}
    answer.set_result(np.zeros((8, 3, 32, 32), np.uint8))
    app.run()
    assert pictures_in(app) == 8
    assert "as the nets will see them" in captions(app)


def test_no_images_are_asked_for_while_nobody_looks(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "ask", lambda *_: pytest.fail("nobody looks at images"))
    open_pane(visit(), "run")


def finished(engine: Engine, recipe: Recipe) -> str:
    """Train a net by that recipe here, as a worker would report it; its run."""
    net = NetSpec.parse("res-8-w4")
    run = run_id(net, recipe, engine.device)
    engine.store.claim(run, net, recipe, engine.device, "test")
    report = Report(lambda message: engine.store.record("test", [{"run": run, **message}]))
    for step in train(build_network(net, recipe.seed, 1), load_dataset("digits"), recipe):
        report.add(step)
    report.send()
    engine.store.finish("test", run, "done", states={})
    return run


@pytest.mark.parametrize("clip", [0.0, 1e-6, 1_000.0])
def test_a_row_says_in_how_many_steps_gradients_were_clipped(waiting_engine: Engine, clip: float) -> None:
    recipe = Recipe(data="digits", steps=4, batch=16, evaluate_every=4, clip=clip)
    run = waiting_engine.store.runs([finished(waiting_engine, recipe)]).popitem()[1]
    expected = {0.0: "", 1e-6: "; gradients clipped in 100 % of the steps"}
    end = expected.get(clip, "; gradients clipped in 0 % of the steps")
    assert page.of_run(run).endswith(end)
    assert ("clipped" in page.of_run(run)) == bool(clip)
    flags = waiting_engine.store.profiles(run.id, "clipped")[1]
    assert flags.shape == ((4, 1) if clip else (0, 0))
