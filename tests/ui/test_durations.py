"""How long a button says that training will take."""

from concurrent.futures import Future
from typing import Any

import pytest

from resnet.runs.engine import Engine
from resnet.runs.engine.device import keep_speed, speed_before
from resnet.runs.tasks import speed
from resnet.specs import NetSpec, Recipe
from resnet.training.estimates import FITTED, Speed, seconds
from resnet.ui.parts import durations, nets_table

NET, RECIPE = NetSpec.parse("res-20"), Recipe(steps=100)


class Asked:
    """In the place of the questions: the promises of what was asked."""

    def __init__(self) -> None:
        self.answers: list[Future[Any]] = []

    def ask(self, asker: Any, function: Any) -> Future[Any]:
        assert asker.ahead, "nobody may wait for it"
        assert function is speed.measured
        self.answers.append(Future())
        return self.answers[-1]


@pytest.fixture
def asked(waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr(waiting_engine, "questions", asked)
    monkeypatch.setattr(waiting_engine, "state", "ready")
    forget()
    return asked


def forget() -> None:
    for cached in (durations._speed, durations._faster, durations.ahead):
        cached.clear()


def test_a_device_is_measured_once_and_estimates_follow(asked: Asked, waiting_engine: Engine) -> None:
    assert durations.seconds_alone(NET, RECIPE) == seconds(NET, RECIPE)  # of the fitted CPU until it is known
    found = Speed(per_layer=0.01, images=2.0)
    (answer,) = asked.answers
    answer.set_result(found)
    forget()
    assert durations.seconds_alone(NET, RECIPE) == seconds(NET, RECIPE, speed=found) > 2 * seconds(NET, RECIPE)
    assert len(asked.answers) == 1
    assert speed_before(waiting_engine.store, "cpu") == found


def test_what_was_measured_beside_a_training_or_failed_is_not_kept(
    asked: Asked, waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    durations.seconds_alone(NET, RECIPE)
    asked.answers[0].set_exception(RuntimeError("out of memory"))
    forget()
    durations.seconds_alone(NET, RECIPE)
    monkeypatch.setattr(Engine, "busy", property(lambda engine: True))
    asked.answers[1].set_result(Speed(9.0, 9.0))
    assert speed_before(waiting_engine.store, "cpu") is None
    forget()
    assert durations.seconds_alone(NET, RECIPE) == seconds(NET, RECIPE, speed=FITTED)
    assert len(asked.answers) == 2  # while nets train nothing is measured


def test_the_last_runs_correct_what_the_steps_said(
    asked: Asked, waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_speed(waiting_engine.store, "cpu", Speed(per_layer=1e-3, images=1.0))
    known = seconds(NET, RECIPE, speed=Speed(per_layer=1e-3, images=1.0))

    class Done:
        net, recipe, device, status, seconds = NET, RECIPE, "cpu", "done", 3 * known

    monkeypatch.setattr(waiting_engine.store, "recent", lambda count: [Done()])
    assert durations.seconds_alone(NET, RECIPE) == pytest.approx(3 * known)
    assert not asked.answers


def test_a_device_that_was_not_found_is_named(waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_engine, "_device", {"type": "cpu", "label": "CPU", "count": 1, "missing": "cuda:1"})
    assert nets_table.device_sentence().endswith("cuda:1, which RESNET_DEVICE names, was not found.")
    waiting_engine._device["missing"] = ""
    assert "RESNET_DEVICE" not in nets_table.device_sentence()
