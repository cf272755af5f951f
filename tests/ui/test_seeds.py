"""Nets with several seeds: what is queued, counted, drawn and said of them."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from resnet import catalog
from resnet.charts.curves import View
from resnet.charts.profiles import profile_figure
from resnet.nets.structure import probed_names
from resnet.specs import NetSpec, Recipe, run_id
from resnet.specs.bench import Bench
from resnet.ui.bench import actions
from resnet.ui.lab import train
from resnet.ui.lab.gradients import profiles, seeds
from resnet.ui.parts import backend, durations, subjects
from resnet.ui.parts.seeds import missing
from tests.ui.test_sweep_page import button, said
from tests.ui.trainer import Trainer

Visit = Callable[..., AppTest]
ENGINE = Trainer
ONE = Recipe(steps=40)
THREE = ONE.but(seeds=3)
SEEDS = THREE.each()
BENCH = Bench.from_query({"nets": "plain-8,res-14", "steps": "40", "seeds": "3"})


def content(view: View | None = None, shown: str = train.BAND) -> tuple[list[dict[str, Any]], str, str]:
    """The traces of the Train page, its sentence and its rows."""
    found = train.drawn(BENCH, view or View(), shown)
    words = re.sub(r"<[^>]*>", " ", found["rows"])
    return json.loads(found["curves"])["data"], found["!sentence"].replace("\\", ""), words


def test_the_runs_of_a_bench_are_those_of_every_net_and_seed(waiting_engine: Trainer) -> None:
    wanted = {run_id(net, recipe, "cpu") for net in BENCH.nets for recipe in SEEDS}
    assert (len(backend.ids(BENCH)), set(backend.ids(BENCH))) == (6, wanted)
    waiting_engine.end("plain-8", 0.5, SEEDS[2])
    waiting_engine.end("res-14", 0.5, SEEDS[0])
    by_seed = {str(net): list(runs) for net, runs in backend.seed_runs(BENCH).items()}
    assert by_seed == {"plain-8": [2], "res-14": [0]}
    assert [str(net) for net in backend.runs(BENCH)] == ["res-14"]  # of the first seed


def test_what_is_missing_is_trained_seed_by_seed(waiting_engine: Trainer) -> None:
    waiting_engine.end("res-14", 0.5, SEEDS[0])
    waiting_engine.stop(waiting_engine.step("plain-8", 2.0, SEEDS[1]))
    named = [(str(net), recipe.seed) for net, recipe in missing(BENCH.nets, BENCH.recipe)]
    assert named == [("plain-8", 0), ("res-14", 1), ("plain-8", 1), ("res-14", 2), ("plain-8", 2)]
    shallow_first = [str(net) for net, _recipe in missing(BENCH.nets, THREE, shortest=True)]
    assert shallow_first == ["plain-8", "plain-8", "res-14", "plain-8", "res-14"]


def test_three_seeds_take_three_times_as_long(waiting_engine: Trainer) -> None:
    one, three = (durations.seconds_to_train(BENCH.nets[:1], recipe) for recipe in (ONE, THREE))
    assert three == pytest.approx(3 * one / waiting_engine.slots, rel=0.7)
    assert durations.seconds_to_train(BENCH.nets, THREE) > 2 * durations.seconds_to_train(BENCH.nets, ONE)


def test_the_button_trains_every_seed_and_then_offers_the_next_ones(visit: Visit, waiting_engine: Trainer) -> None:
    app = visit("train", **BENCH.to_query())
    trains = next(one for one in app.button if one.key == "train")
    assert trains.label.startswith("Train 6 runs · about ")
    trains.click().run()
    assert not app.exception
    assert {run.recipe for run in waiting_engine.store.recent(10)} == set(SEEDS)
    for run in waiting_engine.store.recent(10):
        waiting_engine.end(str(run.net), 0.5, run.recipe)
    assert actions.main_label(BENCH).startswith("Train again · seeds 3–5 · ")


def test_a_net_has_one_row_with_its_range_and_how_far_every_seed_is(waiting_engine: Trainer) -> None:
    for seed, loss in enumerate((0.5, 0.9)):
        waiting_engine.end("plain-8", loss, SEEDS[seed], right=0.8 + 0.1 * seed)
    waiting_engine.step("plain-8", 2.0, SEEDS[2], steps=10)
    _traces, _sentence, rows = content()
    assert "2 of 3 seeds done" in rows
    assert "loss 0.50–0.90, mean 0.70; test accuracy 80–90 %, mean 85 %" in rows
    assert "seed 0: done in 40 s · seed 1: done in 40 s · seed 2: step 10 of 40" in rows
    assert rows.count("not trained yet") == 3  # of the other net


def test_the_chart_has_a_mean_and_a_band_for_each_net_or_one_seed_on_demand(waiting_engine: Trainer) -> None:
    for seed, loss in enumerate((0.5, 0.9)):
        waiting_engine.end("plain-8", loss, SEEDS[seed])
    band, each, second = (content(shown=shown)[0] for shown in (train.BAND, train.EACH, "1"))
    assert [bool(trace.get("fill")) for trace in band].count(True) == 1
    assert sum(trace.get("opacity") == 0.6 for trace in each) == 2
    assert not any(trace.get("fill") for trace in [*each, *second])
    assert len(second) < len(each)


def test_an_order_is_counted_over_the_seeds_of_the_bench_and_those_found_beside_them(waiting_engine: Trainer) -> None:
    nets = {"plain-14": (2.30, 0.1), "res-14": (0.4, 0.9)}
    bench = Bench.from_query({"nets": ",".join(nets), "steps": "40", "seeds": "2"})
    for recipe in (*bench.recipe.each(), ONE.but(seed=7)):
        for name, (loss, right) in nets.items():
            waiting_engine.end(name, loss, recipe, right)
    told = train.of_bench(bench).replace("\\", "")
    assert "nothing was learned by plain-14 in 3 of 3 seeds; plain-14 ends above res-14 in 3 of 3 seeds" in told
    assert told.endswith("Seed 7, trained before, is counted too.")


def test_pages_that_look_at_one_seed_say_which(waiting_engine: Trainer) -> None:
    waiting_engine.end("res-14", 0.5, SEEDS[0])
    notes = [subject.note for subject in subjects.on_bench(BENCH, backend.runs(BENCH))]
    assert notes == ["untrained", "after 40 steps, seed 0 of 3"]
    alone = subjects.on_bench(BENCH.but(recipe=ONE), backend.runs(BENCH))
    assert alone[1].note == "after 40 steps"


def test_the_seeds_of_a_net_off_the_bench_are_told_apart(visit: Visit, waiting_engine: Trainer) -> None:
    app = visit("train", nets="plain-8", steps="40", seeds="2")
    next(one for one in app.button if one.key == "train").click().run()
    app.query_params["nets"] = "res-20"
    app.session_state["bench"].bench = Bench.from_query({"nets": "res-20", "steps": "40"})
    app.run()
    texts = " ".join(one.proto.body for one in app.sidebar.get("html"))
    assert "plain-8, seed 0: waiting" in texts
    assert "plain-8, seed 1: waiting" in texts


PROBE = "output_gradient"


def record(engine: Trainer, name: str, recipe: Recipe, rows: dict[int, float]) -> None:
    """What a run has recorded, the same value in all layers."""
    net = NetSpec.parse(name)
    key = engine.submit(net, recipe, "test")
    layers = len(probed_names(net, catalog.PROBES[PROBE].of))
    steps = [
        {"step": step, "loss": 1.0, "accuracy": 0.5, "lr": 0.1, "seconds": 1.0, "evaluation": None,
         "profiles": {PROBE: np.full(layers, value, "<f4").tobytes()}}
        for step, value in rows.items()
    ]  # fmt: skip
    engine.store.record("trainer", [{"kind": "steps", "run": key, "steps": steps}])


def begin(images: int) -> profiles.Start:
    """Step 0 of the first seed, measured as 1 everywhere on so many images."""
    layers = [len(probed_names(entry.net, catalog.PROBES[PROBE].of)) for entry in BENCH.entries]
    return profiles.Start((BENCH.nets,), images, [{PROBE: np.ones(count, "f4")} for count in layers])


def test_profiles_over_seeds_have_their_geometric_mean_and_a_band(waiting_engine: Trainer) -> None:
    for recipe, last in zip(SEEDS, (2.0, 4.0, 8.0), strict=True):
        record(waiting_engine, "plain-8", recipe, {0: 100.0, 10: last})
    plain, residual = seeds.histories(BENCH, PROBE, begin(32), divided=False)
    np.testing.assert_allclose(plain.values[:, 0], [100 ** (2 / 3), 4], rtol=1e-6)  # the first seed's 0 is measured
    assert (plain.low is not None, plain.high is not None) == (True, True)
    np.testing.assert_allclose(np.stack([plain.low, plain.high])[:, 1, 0], [2, 8])  # type: ignore[list-item]
    assert residual.low is None
    step, profile = profiles.at(plain, 10)
    assert (step, profile.seeds) == (10, 3)
    assert [trace.fill for trace in profile_figure([profile], PROBE).data] == ["toself", None]


def test_each_seed_is_divided_by_its_own_start(waiting_engine: Trainer) -> None:
    for recipe, value in zip(SEEDS, (2.0, 4.0, 8.0), strict=True):
        record(waiting_engine, "plain-8", recipe, {10: value})
    plain, _residual = seeds.histories(BENCH, PROBE, begin(32), divided=True)
    np.testing.assert_allclose(np.stack([plain.values, plain.low, plain.high]), 1)  # type: ignore[list-item]


def test_step_0_of_another_batch_is_not_mixed_in(waiting_engine: Trainer) -> None:
    for recipe in SEEDS:
        record(waiting_engine, "plain-8", recipe, {0: 100.0, 10: 2.0})
    part, _residual = seeds.histories(BENCH, PROBE, begin(8), divided=False)
    assert part.values[0, 0] == 1
    assert list(part.seeds if part.seeds is not None else []) == [1, 3]


def test_the_gradients_page_says_what_lines_and_bands_are() -> None:
    assert seeds.about(ONE, log=True) == ""
    assert "geometric mean" in seeds.about(THREE, log=True)
    assert "lowest to highest" in seeds.about(THREE, log=True)
    assert "geometric" not in seeds.about(THREE, log=False)
    assert "middle half" in seeds.about(ONE.but(seeds=5), log=True)
    assert "seed 0" in seeds.about(THREE, log=True)


def test_a_menu_chooses_the_seeds_only_where_there_are_several(visit: Visit, waiting_engine: Trainer) -> None:
    app = visit("train", **BENCH.to_query(), spread="Seed 1")
    assert app.selectbox(key="spread").value == "1"
    assert app.selectbox(key="spread").options == ["Band", "Each seed", "Seed 0", "Seed 1", "Seed 2"]
    assert "band" not in said(app).replace("Band", "")  # one seed is drawn
    assert "band: from the lowest to the highest seed" in said(visit("train", **BENCH.to_query()))
    alone = visit("train", nets="plain-8", steps="40")
    assert not [box for box in alone.selectbox if box.key == "spread"]
    assert button(alone, "sweep-train") is None


def test_runs_that_came_with_the_app_are_told_beside_the_button_and_in_the_table(
    visit: Visit, waiting_engine: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("plain-8", "res-14"):
        for recipe in SEEDS:
            waiting_engine.end(name, 0.5, recipe)
    assert "Came with" not in said_beside(visit("train", nets="plain-8,res-14", steps="40", seeds="3"))
    of_rows = waiting_engine.store.runs
    monkeypatch.setattr(
        waiting_engine.store,
        "runs",
        lambda ids: {key: replace(run, recorded="CPU, 2026") for key, run in of_rows(ids).items()},
    )
    app = visit("train", nets="plain-8,res-14", steps="40", seeds="3")
    assert "Came with the app, recorded on CPU, 2026." in said_beside(app)
    assert "3 of 3 seeds, recorded: CPU, 2026" in content()[2]


def said_beside(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.sidebar.caption).replace("\\", "")
