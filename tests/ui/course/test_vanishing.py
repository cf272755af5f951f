"""Lesson 6: gradients of step 0 come from the recordings where they are there, and wait for the guess."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from resnet.charts.frames import laid_over
from resnet.experiments import EXPERIMENTS
from resnet.findings.profiles import ratio
from resnet.lessons import vanishing as finding
from resnet.nets.structure import block_names
from resnet.runs.engine import Engine
from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe, run_id
from resnet.ui.course import experiment, vanishing
from tests.ui.course.conftest import answer, guess, said

Lesson = Callable[..., AppTest]
FACTORS = {"plain": 1e3, "residual": 9.0}


@pytest.fixture
def measured(answers: dict[str, Callable[..., Any]]) -> list[NetSpec]:
    """The nets that a worker was asked for; the gradients are made up by the kind of net."""
    asked: list[NetSpec] = []

    def profiles(net: NetSpec, *_how: Any) -> dict[str, np.ndarray]:
        asked.append(net)
        blocks = np.ones(sum(net.blocks) + 1, "f4")
        blocks[0] = FACTORS[net.block]
        return {"output_gradient": blocks, "activation_std": blocks}

    answers["profiles"] = profiles
    return asked


def recorded(store: Store, engine: Engine, name: str, words: str = "") -> np.ndarray:
    run = run_id(NetSpec.parse(name), Recipe.parse(words) if words else Recipe(), engine.device)
    values: np.ndarray = store.profiles(run, "output_gradient")[1][0]
    return values


def test_the_answer_is_the_recorded_gradient_and_waits_for_the_guess(
    lesson: Lesson, with_recordings: Engine, measured: list[NetSpec]
) -> None:
    app = lesson("vanishing")
    plain = ratio(recorded(with_recordings.store, with_recordings, "plain-56"))
    assert plain not in said(app)
    assert not measured
    text = said(guess(app, "vanishing", "vanishes"))
    right = finding.reveal(recorded(with_recordings.store, with_recordings, "plain-56"), np.ones(2), 56).right
    assert f"It {right}" in text
    assert f"changes by {plain} in plain-56" in text
    assert ratio(recorded(with_recordings.store, with_recordings, "plain-56-nobn-torchinit", "lr=0.001")) in text
    assert finding.not_enough(experiment.outcomes("healthy-gradient"), 10).split("**")[-1] in text
    assert 56 not in {net.depth for net in measured}  # only what was not recorded is asked for


def test_every_depth_has_a_frame_of_its_own(lesson: Lesson, measured: list[NetSpec]) -> None:
    app = lesson("vanishing", course="6a", **{"lesson-depth": "110"})
    assert "×1,000" in said(app)  # plain-110 was measured
    content = vanishing.depths_drawn()
    assert json.loads(content["steps@"]) == list(vanishing.DEPTHS)
    for depth in (8, 110):
        figure = laid_over(json.loads(content["profiles@"]), json.loads(content[f"profiles@{depth}"]))
        texts, last = figure["data"][0]["text"], block_names(NetSpec(depth=depth))[-1]
        assert (texts[0], texts[-1]) == ("plain, BN<br>stem", f"plain, BN<br>{last}")


def test_guesses_for_single_rows_are_counted(lesson: Lesson, measured: list[NetSpec]) -> None:
    app = lesson("vanishing")
    for row, word in (("residual", "healthy"), ("sigmoid", "explode")):
        next(one for one in app.main.segmented_control if one.key == f"row-vanishing-{row}").set_value(word).run()
    assert "1 of 2 are right" in said(guess(app, "vanishing", "explodes"))


def test_through_training_each_step_has_its_gradients_and_losses(lesson: Lesson, measured: list[NetSpec]) -> None:
    app = lesson("vanishing", course="6a", **{"vanishing-view": "training", "lesson-step": "400"})
    text = said(app)
    rows = EXPERIMENTS["healthy-gradient"].rows
    assert all(row.net in text for row in rows)
    assert text.count("no better than chance") == 2
    content = vanishing.training_drawn(vanishing.trained_bench())
    assert json.loads(content["steps@"])[0] == 0
    assert content["said@0"].count("too early to say") == len(rows)
    assert content["said@400"].count("<td>learns</td>") == 2


def test_tasks_look_at_the_visitors_bench(lesson: Lesson, measured: list[NetSpec]) -> None:
    nets = lesson("vanishing", course="6a", nets="plain-56,res-56")
    assert answer(nets, "vanishing", "factor") == "wrong: plain-56: ×1,000 from the last block to the first."
    assert answer(nets, "vanishing", "learned").startswith("wrong: No plain net of depth 56")
    assert answer(nets, "vanishing", "explodes").startswith("wrong: Not yet: res-56 (×9)")


def test_tasks_are_solved_by_such_nets(
    lesson: Lesson, measured: list[NetSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FACTORS, "plain", 5.0)
    monkeypatch.setitem(FACTORS, "residual", 500.0)
    nets = lesson("vanishing", course="6a", nets="plain-56,res-56")
    assert answer(nets, "vanishing", "factor").startswith("right: plain-56: ×5")
    assert answer(nets, "vanishing", "learned").startswith("right: It does not learn. plain-56: gradient ×5, at chance")
    assert answer(nets, "vanishing", "explodes") == "right: It explodes in res-56 (×500)."
