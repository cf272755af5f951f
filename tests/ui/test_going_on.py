"""Pause, go on, start again and more steps in the side bar."""

import re
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from resnet.runs.store import Store
from resnet.runs.tasks import saving
from resnet.specs import NetSpec, Recipe, run_id
from tests.ui.test_off_bench import Visit, bench, button
from tests.ui.trainer import Trainer

PAIR = "plain-20,res-20"
RECIPE = Recipe(steps=400)
ID = {name: run_id(NetSpec.parse(name), RECIPE, "cpu") for name in ("plain-20", "res-20")}


class Pausing(Trainer):
    """It keeps how runs were asked for, and has a checkpoint of what trains at the step that it is told."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.at: dict[str, int] = {}

    def submit(self, net: NetSpec, recipe: Recipe, visitor: str, **how: object) -> str:  # type: ignore[override]
        key = run_id(net, recipe, self.device)
        self.asked.append((key, how))
        self.store.claim(
            key, net, recipe, self.device, "trainer", on=not how.get("afresh"), after=str(how.get("after", ""))
        )
        return key

    def pause(self, run_id: str) -> None:
        self.end(run_id, "paused")

    def end(self, key: str, status: str) -> None:
        step = self.at.get(key, 120)
        checkpoint = {"step": step, "tensors": b"x", "states": {}}
        self.store.finish("trainer", key, status, checkpoint=checkpoint)  # type: ignore[arg-type]


@pytest.fixture
def waiting_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pausing:
    engine = Pausing(Store(tmp_path / "runs.sqlite"))
    monkeypatch.setattr("resnet.runs.engine.engine._shared", engine)
    st.cache_data.clear()
    return engine


def training(visit: Visit, **words: str) -> AppTest:
    app = visit("train", nets=PAIR, **words)
    button(app, "train").click().run()
    assert not app.exception
    return app


def test_paused_runs_go_on(visit: Visit, waiting_engine: Pausing) -> None:
    app = training(visit)
    button(app, "pause").click().run()
    assert set(waiting_engine.statuses().values()) == {"paused"}
    assert (button(app, "pause"), button(app, "stop")) == (None, None)
    go_on = button(app, "train")
    assert re.fullmatch(r"Go on: 2 runs · about .+", go_on.label)
    assert "Goes on exactly where it was, before step 120." in go_on.help
    waiting_engine.asked.clear()
    go_on.click().run()
    assert dict(waiting_engine.asked) == {key: {} for key in ID.values()}  # nothing says that it starts afresh
    assert set(waiting_engine.statuses().values()) == {"queued"}
    assert len(waiting_engine.store.checkpoints(ID.values())) == 2


def test_they_start_again_when_that_is_wanted(visit: Visit, waiting_engine: Pausing) -> None:
    app = training(visit)
    button(app, "pause").click().run()
    again = button(app, "afresh")
    assert again.help.startswith("2 runs begin at step 0")
    again.click().run()
    assert set(waiting_engine.statuses().values()) == {"queued"}
    assert waiting_engine.store.checkpoints(ID.values()) == {}


@pytest.mark.parametrize("status", ["paused", "stopped", "failed"])
def test_one_run_that_ended_early_says_from_which_step_it_goes_on(
    status: str, visit: Visit, waiting_engine: Pausing
) -> None:
    app = training(visit)
    waiting_engine.store.finish("trainer", ID["res-20"], "done")
    waiting_engine.at[ID["plain-20"]] = 137
    waiting_engine.end(ID["plain-20"], status)
    assert re.fullmatch(r"Go on from step 137 · .+", button(app.run(), "train").label)


def test_of_some_that_go_on_and_others_that_do_not_both_are_counted(visit: Visit, waiting_engine: Pausing) -> None:
    app = training(visit)
    waiting_engine.end(ID["plain-20"], "stopped")
    waiting_engine.stop(ID["res-20"])
    found = button(app.run(), "train")
    assert re.fullmatch(r"Go on: 2 runs · about .+", found.label)
    assert "The others start from step 0." in found.help


def test_what_others_wait_for_cannot_be_paused(visit: Visit, waiting_engine: Pausing) -> None:
    ann, _bob = training(visit), visit("train", nets=PAIR)
    assert button(ann.run(), "pause") is None
    assert button(ann, "stop").label == "Stop waiting for 2 runs"


def test_of_runs_that_others_share_only_the_own_ones_are_paused(visit: Visit, waiting_engine: Pausing) -> None:
    ann, _bob = training(visit), visit("train", nets="res-20")
    button(ann.run(), "pause").click().run()
    assert waiting_engine.statuses() == {"plain-20": "paused", "res-20": "queued"}


def test_a_net_that_is_too_large_cannot_be_paused_while_it_trains(
    visit: Visit, waiting_engine: Pausing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "LARGEST", 1_000)
    app = training(visit)
    assert not button(app, "pause").disabled  # they still wait
    for key in ID.values():
        waiting_engine.store.record("trainer", [{"run": key, "kind": "started"}])
    found = button(app.run(), "pause")
    assert found.disabled
    assert "too large for a checkpoint" in found.help


def more_steps(visit: Visit, engine: Pausing, monkeypatch: pytest.MonkeyPatch, **words: str) -> AppTest:
    """Both nets are done, and the popover for more steps is open."""
    app = training(visit, **words)
    for key, _how in list(engine.asked):
        engine.at[key] = 400
        engine.end(key, "done")
    engine.asked.clear()
    monkeypatch.setattr("resnet.ui.bench.going_on.widgets.lazy_popover", lambda *_arguments, **_options: _Open())
    return app.run()


class _Open:
    """A popover that is open; AppTest opens none."""

    def __enter__(self) -> bool:
        return True

    def __exit__(self, *_error: object) -> None: ...


def test_runs_at_a_constant_rate_get_more_steps_and_become_the_longer_ones(
    visit: Visit, waiting_engine: Pausing, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = more_steps(visit, waiting_engine, monkeypatch, schedule="constant")
    assert "it becomes the run that had 800 steps from the start" in " ".join(one.value for one in app.sidebar.caption)
    assert re.fullmatch(r"Go on to step 800 · about .+", button(app, "extend").label)
    button(app, "extend").click().run()
    recipe = RECIPE.but(schedule="constant")
    assert bench(app).recipe == recipe.but(steps=800)
    nets = [NetSpec.parse(name) for name in ("res-20", "plain-20")]
    longer, shorter = ([run_id(net, own, "cpu") for net in nets] for own in (recipe.but(steps=800), recipe))
    assert dict(waiting_engine.asked) == {key: {"after": old} for key, old in zip(longer, shorter, strict=True)}
    assert waiting_engine.store.checkpoints(longer) == dict.fromkeys(longer, 400)


def test_a_schedule_that_had_come_to_its_end_says_what_it_does(
    visit: Visit, waiting_engine: Pausing, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = more_steps(visit, waiting_engine, monkeypatch)
    said = " ".join(one.value for one in app.sidebar.caption).replace("\\", "")
    assert "had fallen almost to zero at step 400; it goes on at 0.0015, as in the schedule of 800 steps." in said
    button(app, "extend").click().run()
    assert bench(app).recipe == RECIPE.but(steps=800, extended=400)


def test_what_was_extended_once_says_that_it_starts_anew(
    visit: Visit, waiting_engine: Pausing, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = more_steps(visit, waiting_engine, monkeypatch, extended="200")
    assert "with another length the runs start from step 0" in " ".join(one.value for one in app.sidebar.caption)
    assert re.fullmatch(r"Train 800 steps anew · about .+", button(app, "extend").label)
    assert "begin at step 0" in button(app, "extend").help
    button(app, "extend").click().run()
    assert [how for _key, how in waiting_engine.asked] == [{"after": ""}] * 2


def test_one_cycle_has_come_to_its_end(visit: Visit, waiting_engine: Pausing, monkeypatch: pytest.MonkeyPatch) -> None:
    app = more_steps(visit, waiting_engine, monkeypatch, schedule="one_cycle")
    assert "cannot be extended" in " ".join(one.value for one in app.sidebar.caption)
    assert button(app, "extend") is None
