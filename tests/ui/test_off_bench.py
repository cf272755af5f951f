"""Runs that a visitor has started and whose nets have left the bench; benches that were replaced as a whole."""

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resnet.specs import NetSpec, Recipe, run_id
from resnet.specs.bench import Bench
from resnet.ui.bench import session
from resnet.ui.parts import durations
from tests.ui.dragging import sliders
from tests.ui.trainer import Trainer

Visit = Callable[..., AppTest]
RECIPE = Recipe(steps=400)


ENGINE = Trainer


def button(app: AppTest, key: str):  # type: ignore[no-untyped-def]
    """The button of that key with its label as people read it, or None."""
    found = next((one for one in app.button if one.key == key), None)
    if found:
        found.label = found.label.replace("\\", "")
    return found


def bench(app: AppTest) -> Bench:
    assert not app.exception
    found: Bench = app.session_state["bench"].bench
    return found


def said(app: AppTest) -> str:
    """The captions of the side bar, and what the browser keeps up to date there."""
    texts = [*(caption.value for caption in app.sidebar.caption), *(one.proto.body for one in app.sidebar.get("html"))]
    return re.sub(r"\\|<[^>]*>", "", " ".join(texts))


def leave_training(visit: Visit, page: str = "train") -> AppTest:
    """Train plain-20 and res-20, then move plain-20 to 22."""
    app = visit(page, nets="plain-20,res-20")
    button(app, "train").click().run()
    sliders(app)[0].rest(22)
    return app


def test_a_net_that_is_moved_while_it_trains_is_shown_and_counted(visit: Visit, waiting_engine: Trainer) -> None:
    app = leave_training(visit)
    assert waiting_engine.statuses() == {"plain-20": "queued", "res-20": "queued"}
    assert "plain-20: waiting" in said(app)
    assert "res-20: waiting" not in said(app)
    assert button(app, "stop").label == "Stop 2 runs"


def test_stop_ends_what_is_off_the_bench_too(visit: Visit, waiting_engine: Trainer) -> None:
    app = leave_training(visit)
    button(app, "stop").click().run()
    assert set(waiting_engine.statuses().values()) == {"stopped"}
    assert "plain-20" not in said(app.run())
    assert button(app, "stop") is None


def test_one_run_off_the_bench_is_stopped_alone(visit: Visit, waiting_engine: Trainer) -> None:
    app = leave_training(visit)
    key = run_id(NetSpec.parse("plain-20"), RECIPE, "cpu")
    button(app, f"off-stop-{key}").click().run()
    assert waiting_engine.statuses() == {"plain-20": "stopped", "res-20": "queued"}
    assert "plain-20" not in said(app.run())


def test_what_still_trains_is_known_on_the_next_page_and_goes_back_on_the_bench(visit: Visit) -> None:
    app = leave_training(visit)
    app.query_params.clear()
    app.switch_page("../../../pages/lab/build.py").run()
    assert "plain-20: waiting" in said(app)
    button(app, f"off-back-{run_id(NetSpec.parse('plain-20'), RECIPE, 'cpu')}").click().run()
    assert bench(app).to_query()["nets"] == "plain-22,res-20,plain-20"
    assert "plain-20: waiting" not in said(app.run())


def test_a_run_of_another_recipe_brings_its_recipe_back(visit: Visit) -> None:
    app = visit("train", nets="plain-20,res-20")
    button(app, "train").click().run()
    app.session_state["bench"].put(bench(app).but(recipe=Recipe(seed=5)))
    app.run()
    assert "plain-20: waiting" in said(app)
    assert "res-20: waiting" in said(app)
    button(app, f"off-back-{run_id(NetSpec.parse('res-20'), RECIPE, 'cpu')}").click().run()
    assert bench(app) == Bench.from_query({"nets": "plain-20,res-20"})
    assert "waiting" not in said(app.run())


def test_when_only_runs_off_the_bench_are_left_there_is_a_stop_and_the_next_thing_to_do(
    visit: Visit, waiting_engine: Trainer
) -> None:
    app = leave_training(visit)
    waiting_engine.stop(run_id(NetSpec.parse("res-20"), RECIPE, "cpu"))
    app.run()
    assert button(app, "stop").label == "Stop 1 run"
    assert button(app, "train").label.startswith("Train 2 nets")


def test_the_runs_of_other_visitors_are_not_listed_here(visit: Visit, waiting_engine: Trainer) -> None:
    waiting_engine.submit(NetSpec.parse("plain-14"), RECIPE, "somebody else")
    assert "plain-14" not in said(visit("train", nets="res-8"))


def test_the_estimate_counts_what_the_workers_have_to_do_before(visit: Visit, waiting_engine: Trainer) -> None:
    net = NetSpec.parse("res-8-w4")
    alone = durations.seconds_to_train([net], RECIPE)
    for depth in (20, 32, 44):
        waiting_engine.submit(NetSpec.parse(f"res-{depth}"), RECIPE, "somebody else")
    durations.ahead.clear()
    assert len(durations.ahead("cpu")) == 3
    with_them = durations.seconds_to_train([net], RECIPE)
    assert with_them >= min(durations.ahead("cpu")) + alone if waiting_engine.slots <= 3 else with_them == alone


def start_with_a_bench(visit: Visit) -> AppTest:
    return visit(nets="res-8,plain-8", steps="30")


def test_start_offers_the_bench_of_a_link_beside_the_demo(visit: Visit, waiting_engine: Trainer) -> None:
    app = start_with_a_bench(visit)
    assert button(app, "demo").label.startswith("Train the four nets · about")
    assert button(app, "own-bench").label.startswith("Train res-8 and plain-8 · about")
    button(app, "own-bench").click().run()
    assert bench(app) == Bench.from_query({"nets": "res-8,plain-8", "steps": "30"})
    assert waiting_engine.statuses() == {"res-8": "queued", "plain-8": "queued"}
    assert button(visit(), "own-bench") is None


def test_the_demo_keeps_the_bench_of_a_link_one_click_away(visit: Visit) -> None:
    app = start_with_a_bench(visit)
    button(app, "demo").click().run()
    assert bench(app) == Bench()
    assert button(app, "bench-before").label == "Back to res-8 and plain-8"
    button(app, "bench-before").click().run()
    assert bench(app) == Bench.from_query({"nets": "res-8,plain-8", "steps": "30"})
    assert button(app.run(), "bench-before").label == "Back to plain-20 and 3 more"


def test_the_browsers_back_brings_the_bench_of_the_link_back(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    app = start_with_a_bench(visit)
    button(app, "demo").click().run()
    monkeypatch.setattr(session, "went_back", lambda: True)
    app.switch_page("../../../pages/lab/start.py")
    app.query_params.clear()
    app.query_params["nets"] = Bench().to_query()["nets"]  # what Streamlit has written there while it left
    app.run()
    assert bench(app) == Bench.from_query({"nets": "res-8,plain-8", "steps": "30"})


def test_a_fault_beside_its_sound_net_keeps_the_old_bench(visit: Visit) -> None:
    app = visit("faults", nets="res-8,plain-8", steps="30")
    assert button(app, "bench-before") is None
    button(app, "compare-fault").click().run()
    assert bench(app).to_query()["nets"] != "res-8,plain-8"
    button(app, "bench-before").click().run()
    assert bench(app).to_query() == {"nets": "res-8,plain-8", "steps": "30"}


def test_a_pair_of_nets_in_place_of_the_others_replaces_the_bench_and_a_step_of_a_widget_does_not() -> None:
    demo, pair = Bench(), Bench.from_query({"nets": "plain-20,res-20-preact"})
    assert session.replaced(demo, pair)
    assert session.replaced(Bench.from_query({"nets": "res-8"}), demo)
    for step in (demo.add(), demo.remove(0), demo.add().twin(4), demo.but(recipe=RECIPE.but(seed=1))):
        assert not session.replaced(demo, step)


def test_a_step_of_a_widget_is_no_replaced_bench(visit: Visit) -> None:
    app = visit()
    sliders(app)[0].rest(44)
    button(app, "add").click().run()
    assert button(app, "bench-before") is None
