"""What the pages show before, during and after training, with real workers and two small nets."""

import base64
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from resnet import catalog
from resnet.charts.frames import laid_over
from resnet.datasets import load_dataset
from resnet.findings.board import NONE, factor
from resnet.findings.profiles import kind as profile_kind
from resnet.findings.training import run_sentence
from resnet.nets.structure import probed_names
from resnet.runs.engine import Engine
from resnet.runs.engine import engine as engines
from resnet.runs.store import State, Store
from resnet.runs.tasks import export, maps, mistakes, step0
from resnet.specs import NetSpec, Recipe, run_id
from resnet.specs.bench import Bench
from resnet.ui.app import pages
from resnet.ui.lab.attribution import playing
from resnet.ui.lab.board import cells, guessing, training
from resnet.ui.lab.gradients import ahead, panel, profiles
from resnet.ui.parts import backend, plot
from tests.ui.conftest import MAIN
from tests.ui.dragging import sliders

NETS = "plain-8-w4,res-8-w4"
RECIPE = Recipe(steps=20, record_every=5, evaluate_every=10)
ASK_AHEAD = playing.ask_ahead


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, data_home: object) -> Iterator[Engine]:
    """An engine that has trained both nets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESNET_HOME", str(data_home))
        engine = Engine(Store(tmp_path_factory.mktemp("pages") / "runs.sqlite"), workers=1)
        engine.start()
        patch.setattr(engines, "_shared", engine)
        ids = [engine.submit(NetSpec.parse(name), RECIPE, "test") for name in NETS.split(",")]
        end = time.monotonic() + 180
        while time.monotonic() < end and {run.status for run in engine.store.runs(ids).values()} != {"done"}:
            time.sleep(0.1)
        assert {run.status for run in engine.store.runs(ids).values()} == {"done"}
        yield engine
        engine.close()


@pytest.fixture
def visit(trained: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.setattr(engines, "_shared", trained)
    monkeypatch.setattr(ahead, "MOST", 8)  # the worker has other tests to answer
    monkeypatch.setattr(playing, "ask_ahead", lambda _asked: None)
    monkeypatch.setattr(cells, "measure_ahead", lambda *_board: None)

    def open_page(page: str, nets: str = NETS, **words: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.switch_page(f"../../../pages/{pages.named(page).file}.py")
        for word, text in {"nets": nets, **RECIPE.to_query(), **words}.items():
            app.query_params[word] = text
        app.run()
        assert not app.exception
        return app

    return open_page


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """The figures that pages have drawn last, by the keys of their charts."""
    figures: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(plot, "_mount", lambda key, data, **_more: figures.update({key: json.loads(data["figure"])}))
    return figures


def values_of(trace: dict[str, Any]) -> np.ndarray:
    """The y values of a curve as they travel to the browser."""
    y = trace["y"]
    return np.frombuffer(base64.b64decode(y["bdata"]), y["dtype"]) if isinstance(y, dict) else np.array(y, dtype=float)


def words_of(app: AppTest) -> str:
    """All text of the page's body, HTML tags removed."""
    kinds = ("html", "markdown", "caption", "info", "warning", "subheader")
    texts = [str(element.value if hasattr(element, "value") else element.proto.body) for kind in kinds
             for element in app.main.get(kind)]  # fmt: skip
    return re.sub(r"<style>.*?</style>|<[^>]*>", " ", " ".join(texts), flags=re.DOTALL).replace("\\", "")


def state_of(trained: Engine, net: NetSpec) -> State:
    run = trained.store.runs([run_id(net, RECIPE, "cpu")]).popitem()[1]
    return State(run.id, run.finished or 0.0)


def button(app: AppTest, key: str) -> object:
    return next(one for one in app.button if one.key == key)


def test_train_says_what_each_net_has_done_and_what_the_shortcut_did(
    visit: Callable[..., AppTest], trained: Engine
) -> None:
    text = words_of(visit("train"))
    for name in ("plain-8-w4", "res-8-w4"):
        curves = trained.store.curves(run_id(NetSpec.parse(name), RECIPE, "cpu"))
        assert run_sentence(curves.result(RECIPE)) in text
    assert "**In this run (one seed):**" in text
    assert "**Shortcut**: " in text
    assert "Depth" not in text  # both have the same


def test_train_before_training_says_what_to_press(visit: Callable[..., AppTest]) -> None:
    app = visit("train", nets="res-10-w4")
    assert "not trained yet" in words_of(app)
    assert re.match(r"Train 1 net · about \d+ s", button(app, "train").label)


def test_when_all_is_trained_the_button_offers_another_seed(visit: Callable[..., AppTest]) -> None:
    app = visit("build")
    assert button(app, "again").label.startswith("Train again · seed 1")


def test_train_again_queues_the_next_seed_and_stop_ends_it(visit: Callable[..., AppTest], trained: Engine) -> None:
    app = visit("train", steps="2000")
    button(app, "train").click()
    app.run()
    assert button(app, "stop").label == "Stop 2 runs"
    button(app, "stop").click()
    app.run()
    end = time.monotonic() + 20
    while time.monotonic() < end and any(run.status in ("queued", "running") for run in trained.store.recent(9)):
        time.sleep(0.1)
    assert {run.status for run in trained.store.recent(2)} == {"stopped"}
    assert "stopped" in words_of(app.run()).lower()


def test_gradients_measure_the_nets_at_step_0_before_any_training(visit: Callable[..., AppTest]) -> None:
    text = words_of(visit("gradients", nets="res-14-w4,plain-14-w4"))
    assert len(re.findall(r"w4\s+step 0", text)) == 2
    assert text.count("towards the input") + text.count("stays level") == 2
    assert "Press Train in the side bar" in text


def test_who_was_taught_that_gradients_vanish_reads_what_they_do_here(visit: Callable[..., AppTest]) -> None:
    dead = "plain-20-w4-nobn-sigmoid"
    text = words_of(visit("gradients", nets=f"{NETS},{dead}"))
    assert re.search(rf"It vanishes in {dead} \(÷[^)]*\)\. It arrives in plain-8-w4 .* and res-8-w4 ", text)
    assert f"Train {dead} to see whether it goes with learning." in text


def test_a_net_that_stands_twice_has_its_profile_twice(visit: Callable[..., AppTest]) -> None:
    text = words_of(visit("gradients", nets="res-14-w4,res-14-w4"))
    assert len(re.findall(r"res-14-w4( \(2\))?\s+step 0", text)) == 2


@pytest.mark.parametrize(("asked", "shown"), [("15", 15), ("9999", 20), ("soon", 0), ("0", 0)])
def test_gradients_show_the_recorded_step_of_the_link_or_the_nearest(
    visit: Callable[..., AppTest], asked: str, shown: int
) -> None:
    text = words_of(visit("gradients", step=asked))
    assert len(re.findall(rf"w4\s+step {shown}\b", text)) == 2
    assert "All layers through training" in text


def test_every_frame_of_the_playback_is_what_the_runs_recorded(trained: Engine) -> None:
    bench, probe = Bench.from_query({"nets": NETS, **RECIPE.to_query()}), "output_gradient"
    begin = profiles.Start((), 32, [trained.call(step0.profiles, net, RECIPE).result(60) for net in bench.nets])
    content = panel.drawn(bench, panel.View(probe), begin)
    whole = json.loads(content["profiles@"])
    assert json.loads(content["steps@"]) == [0, 5, 10, 15, 20]
    for step in (5, 10, 15, 20):
        figure = laid_over(whole, json.loads(content[f"profiles@{step}"]))
        for net, trace in zip(bench.nets, figure["data"], strict=True):
            steps, values = trained.store.profiles(run_id(net, RECIPE, trained.device), probe)
            np.testing.assert_allclose(values_of(trace), values[list(steps).index(step)], rtol=1e-6)
        assert f"step {step}" in content[f"rows@{step}"]


def test_step_0_of_a_run_is_the_profile_measured_before_it(visit: Callable[..., AppTest], trained: Engine) -> None:
    net = NetSpec.parse("res-8-w4")
    before = trained.call(step0.profiles, net, RECIPE).result(60)
    before.pop("loss")
    assert set(before) == set(catalog.PROBES) - {"update_to_weight"}
    for probe, values in before.items():
        steps, recorded = trained.store.profiles(run_id(net, RECIPE, trained.device), probe)
        assert steps[0] == 0
        assert recorded[0] == pytest.approx(values, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("method", ["Saliency", "Integrated gradients", "Grad-CAM", "Occlusion", "DeepLift"])
def test_attribution_explains_every_net_and_an_untrained_control(visit: Callable[..., AppTest], method: str) -> None:
    text = words_of(visit("attribution", method=method, images="3, 8"))
    for part in ("after 20 steps", "control: res-8-w4", "untrained, for comparison", "Energy inside the object"):
        assert part in text
    assert len(re.findall(r"\d+ % inside|this map is zero everywhere", text)) == 6


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        ("1, two", "write the numbers of test images, as in 3, 17"),
        ("1 2 3 4 5 6 7 8 9", "at most 8 images at once; got 9"),
        ("5000", "test images have the numbers 0–999; got 5000"),
    ],
)
def test_wrong_image_numbers_give_one_sentence_and_the_first_images(
    visit: Callable[..., AppTest], images: str, sentence: str
) -> None:
    text = words_of(visit("attribution", images=images))
    assert sentence in text
    assert "0 · " in text


def test_digits_have_no_mask_and_say_nothing_about_energy(visit: Callable[..., AppTest]) -> None:
    app = visit("attribution", data="digits", images="0")
    assert "Energy" not in words_of(app)
    assert next(toggle for toggle in app.toggle if toggle.key == "outline").disabled


def test_build_counts_the_nets_and_compares_twins(visit: Callable[..., AppTest]) -> None:
    text = words_of(visit("build", nets="res-20-w16,plain-20-w16,res-20-w16-optb"))
    assert "res-20-w16 and plain-20-w16 have the same 269,722 parameters" in text
    assert "res-20-w16-optb has 2,752 parameters more than plain-20-w16" in text


def test_the_layer_table_lists_every_layer_at_depth_1202(visit: Callable[..., AppTest]) -> None:
    app = visit("layers", nets="res-1202-w16")
    assert "19,421,274" in words_of(app)
    operations = app.dataframe[0].value["operation"]
    assert (operations == "conv").sum() + (operations == "linear").sum() == 1202


def test_the_start_page_names_the_device_and_the_demo(visit: Callable[..., AppTest]) -> None:
    app = visit("start")
    assert "Trains on CPU, 1 net at a time." in words_of(app)
    assert button(app, "demo").label.startswith("Train the four nets · about")


def test_a_run_too_large_for_the_machine_is_refused_with_the_largest_that_fits(visit: Callable[..., AppTest]) -> None:
    app = visit("train", nets="res-1202-w64-s1", batch="512")
    button(app, "train").click()
    app.run()
    text = words_of(app)
    assert "res-1202-w64-s1 with batch 512 needs about 433.5 GB" in text


def test_a_damaged_file_of_runs_is_one_sentence_on_every_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visit: Callable[..., AppTest]
) -> None:
    (tmp_path / "runs.sqlite").write_bytes(b"not a database" * 500)
    monkeypatch.setenv("RESNET_HOME", str(tmp_path))
    monkeypatch.setattr(engines, "_shared", None)
    app = visit("train")
    assert "is damaged or no file of runs; move it away" in app.error[0].value.replace("\\", "")
    assert (tmp_path / "runs.sqlite").read_bytes().startswith(b"not a database")


VARIANTS = (
    "res-8-w4-gelu-c12-softmax,res-10-imagenet-w4-optc,res-11-bottleneck-w4-gate-p0.5-preact-gn,plain-10-imagenet-w4"
)


# Pages that draw every net.
OF_ALL = {"train", "gradients", "build", "block", "attribution", "scores", "shattered", "mistakes"}
CHART = {
    "train": "curves",
    "gradients": "profiles",
    "build": "nets",
    "block": "blocks",
    "scores": "scores",
    "sanity": "sanity",
    "shattered": "correlation",
    "paths": "paths",
    "mistakes": "confusion-1",
}  # the last one of a page


@pytest.mark.parametrize("page", [page.name for page in pages.PAGES])
def test_every_page_shows_nets_of_every_family(
    visit: Callable[..., AppTest], drawn: dict[str, dict[str, Any]], page: str
) -> None:
    words = {"scores": {"score-images": "10"}, "attribution": {"images": "3"}}
    app = visit(page, nets=VARIANTS, **words.get(page, {}))
    assert not [warning.value for warning in app.main.warning]
    names = app.session_state["bench"].bench.names
    shown = [name for name in names if name in words_of(app) + json.dumps(drawn)]
    assert len(shown) == len(names) or page not in OF_ALL
    assert page not in CHART or CHART[page] in drawn
    assert "NaN" not in json.dumps(drawn)


def test_a_method_without_a_rule_for_a_net_says_so(visit: Callable[..., AppTest]) -> None:
    app = visit("attribution", nets=VARIANTS, method="DeepLift", images="1")
    warning = next(element.value.replace("\\", "") for element in app.main.warning)
    assert "DeepLift has no rule for parts of res-8-w4-c12-gelu-softmax (GELU, Softmax inside the net)" in warning
    assert "plain-10-imagenet-w4" not in warning


def test_a_net_that_does_not_fit_into_the_memory_is_refused_in_one_sentence(
    visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resnet.training.estimates.budget", lambda _slots=1: 1e9)
    for page in ("gradients", "attribution"):
        app = visit(page, nets="res-152-imagenet-bottleneck-w64")
        assert any("needs about" in element.value for element in app.main.warning)


def test_the_net_on_the_page_can_be_taken_away_as_onnx(trained: Engine) -> None:
    import onnx

    net = NetSpec.parse("res-8-w4")
    call = trained.call(export.onnx_file, net, RECIPE, state_of(trained, net))
    onnx.checker.check_model(onnx.load_from_string(call.result(120)))


def test_the_board_opens_at_a_depth_at_which_a_gradient_explodes(visit: Callable[..., AppTest]) -> None:
    net = cells.Row("relu", "he", "original").net(("plain", "batch"), visit("board").slider(key="board-depth").value)
    assert profile_kind(backend.step0_profiles(net, RECIPE).result(60)["output_gradient"]) == "explode"


def test_the_board_is_guessed_revealed_and_scored(
    visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "_missed", Counter())
    monkeypatch.setattr(guessing, "_guessed", Counter())
    app = visit("board")
    app.slider(key="board-depth").set_value(20).run()
    app.selectbox(key="guess-plain-20").set_value(NONE).run()
    app.selectbox(key="guess-plain-20-torchinit").set_value(1).run()
    app.button(key="reveal").click().run()
    assert not app.exception
    text = words_of(app)
    assert "**1 of 2 right.** Your surprise: in “ReLU · PyTorch default” plain-20-nobn-torchinit changes most" in text
    assert "Surprise of the day on this server: “ReLU · PyTorch default, depth 20”, guessed wrong 1 of 1 times." in text
    app.selectbox(key="board-cell").set_value(NetSpec.parse("plain-20-nobn-sigmoid")).run()
    app.button(key="board-to-bench").click().run()
    assert app.query_params["nets"] in (
        "plain-20-nobn-sigmoid,res-20-nobn-sigmoid",
        ["plain-20-nobn-sigmoid,res-20-nobn-sigmoid"],
    )


def test_the_cells_of_the_board_are_trained_and_their_gradients_are_those_that_were_measured(
    visit: Callable[..., AppTest], trained: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = cells.Row("relu", "he", "original")
    monkeypatch.setattr(cells, "choose_depth", lambda: 8)
    monkeypatch.setattr(cells, "choose_rows", lambda: [row])
    monkeypatch.setattr(training, "LENGTHS", (2,))
    app = visit("board")
    app.button(key="reveal").click().run()
    app.button(key="board-train").click().run()
    recipe = training.recipe_of(RECIPE, 2)
    nets = [row.net(column, 8) for column in cells.COLUMNS]
    keys = [run_id(net, recipe, trained.device) for net in nets]
    end = time.monotonic() + 60
    while time.monotonic() < end and {run.status for run in trained.store.runs(keys).values()} != {"done"}:
        time.sleep(0.05)
    app.run()
    assert not app.exception
    assert "Too early to say at step 2." in words_of(app)
    for net, key in zip(nets, keys, strict=True):
        steps, values = trained.store.profiles(key, "output_gradient")
        measured = backend.step0_profiles(net, recipe, images=recipe.batch).result(60)["output_gradient"]
        assert steps.tolist() == [0, 2]
        assert factor(values[0]) == pytest.approx(factor(measured), rel=1e-3)


def test_the_board_offers_other_depths_activations_and_orders(visit: Callable[..., AppTest]) -> None:
    app = visit("board")
    app.slider(key="board-depth").set_value(8).run()
    app.multiselect(key="board-activation").set_value(["tanh"]).run()
    app.multiselect(key="board-order").set_value(["original", "preact"]).run()
    app.button(key="reveal").click().run()
    assert not app.exception
    assert [str(net) for net in app.selectbox(key="board-cell").options][:2] == ["plain-8-tanh", "res-8-tanh"]
    assert "res-8-preact-nobn-tanh" in " ".join(map(str, app.selectbox(key="board-cell").options))


@pytest.mark.parametrize(
    ("nets", "beside"),
    [
        ("res-20-w4-preact", "res-20-w4"),
        ("res-20-w4", "res-20-w4-preact"),
        ("res-20-w4,res-20-w4-preact", None),
        ("res-20-w4,res-14-w4-preact-gn", None),
    ],
)
def test_the_equations_hold_for_one_net_and_not_for_the_other_and_it_is_said_why(
    visit: Callable[..., AppTest], nets: str, beside: str | None
) -> None:
    text = words_of(visit("equations", nets=nets))
    holds, not_exact = text.index("Both equations hold to rounding."), text.index("The equations do not hold exactly")
    assert holds < text.index("Why exact:") < not_exact < text.index("Why not exact")
    assert "Something follows the addition" in text
    added = re.findall(r"\*\*([^*]+), not on the bench\*\*", text)
    assert added == ([beside] if beside else [])


def test_a_plain_net_shows_the_product_instead(visit: Callable[..., AppTest]) -> None:
    text = words_of(visit("equations", nets="plain-20-w4"))
    assert "per block in the mean" in text
    assert "A plain net is a product" in text


def test_a_stage_without_an_inner_block_says_so(visit: Callable[..., AppTest]) -> None:
    app = visit("equations", nets="res-8-w4-preact")
    assert any("no block behind its change of size" in element.value for element in app.main.info)


def test_shattered_gradients_give_a_number_for_every_net(visit: Callable[..., AppTest]) -> None:
    text = words_of(visit("shattered"))
    assert re.search(r"plain-8-w4 \*\*0\.\d\d\*\*, res-8-w4 \*\*0\.\d\d\*\*", text)
    app = visit("shattered", between="3")
    assert any("write two different numbers" in element.value for element in app.main.warning)


def test_path_lengths_are_for_residual_nets(visit: Callable[..., AppTest]) -> None:
    assert "90 % of the gradient come through paths of" in words_of(visit("paths"))
    app = visit("paths", nets="plain-8-w4")
    assert any("a plain net has one path" in element.value for element in app.main.info)


@pytest.mark.parametrize("probe", list(catalog.PROBES))
def test_every_probe_is_shown_before_and_after_training(
    visit: Callable[..., AppTest], drawn: dict[str, dict[str, Any]], probe: str
) -> None:
    record = catalog.PROBES[probe]
    for nets in (NETS, "res-10-w4"):
        app = visit("gradients", nets=nets, probe=record.short)
        assert app.selectbox(key="probe").value == probe
        assert len(re.findall(r"w4\s+step 0", words_of(app))) == len(nets.split(","))
        assert drawn["profiles"]["layout"]["yaxis"]["title"]["text"] == f"{record.label}, {record.unit}"
        curves = [trace for trace in drawn["profiles"]["data"] if trace["name"] in nets and "lines" in trace["mode"]]
        for name, curve in zip(nets.split(","), curves, strict=True):
            assert len(values_of(curve)) == len(probed_names(NetSpec.parse(name), record.of))
    assert "Press Train" in words_of(app)


def test_values_can_be_shown_relative_to_where_the_signal_begins(
    visit: Callable[..., AppTest], drawn: dict[str, dict[str, Any]]
) -> None:
    app = visit("gradients", probe=catalog.PROBES["output_gradient"].short)
    whole = [values_of(trace) for trace in drawn["profiles"]["data"]]
    app.toggle(key="divided").set_value(True).run()
    assert not app.exception
    for values, trace in zip(whole, drawn["profiles"]["data"], strict=True):
        assert values_of(trace) == pytest.approx(values / values[-1], rel=1e-5)  # a gradient begins at the output


def test_the_next_depths_of_a_drag_are_measured_ahead(visit: Callable[..., AppTest], trained: Engine) -> None:
    from resnet.ui.parts import backend

    app = visit("gradients", nets="res-30-w4,plain-8-w4")
    sliders(app)[0].rest(32)

    def measured(depth: int) -> bool:
        with backend.peeking():
            return backend.step0_profiles(NetSpec.parse(f"res-{depth}-w4"), RECIPE).done()

    end = time.monotonic() + 60
    while time.monotonic() < end and not all(map(measured, (28, 30, 34, 36))):
        time.sleep(0.05)
    assert all(map(measured, (28, 30, 34, 36)))


def test_the_nearest_depths_are_asked_first() -> None:
    from resnet.ui.lab.gradients import ahead

    bench = Bench.from_query({"nets": "res-30-w4,plain-8-w4"})
    asked = [(place, depth) for _distance, place, depth in ahead.questions(bench, ahead.NEAR)]
    assert asked == [(0, 28), (0, 32), (1, 10), (0, 26), (0, 34), (1, 12)]
    far = [(place, depth) for _distance, place, depth in ahead.questions(bench, ahead.FINE)]
    assert far[: len(asked)] == asked
    assert (0, 70) in far[len(asked) :]


def test_what_was_asked_ahead_ends_with_the_page(visit: Callable[..., AppTest]) -> None:
    app = visit("gradients")
    wait = app.session_state["ahead"]
    app.run()
    assert not wait.ended
    app.switch_page("../../../pages/lab/train.py").run()
    assert wait.ended
    app.switch_page("../../../pages/lab/gradients.py").run()
    assert app.session_state["ahead"] is not wait
    assert not app.session_state["ahead"].ended


def test_a_dead_net_says_where_it_died_and_depth_1202_stays_usable(visit: Callable[..., AppTest]) -> None:
    text = words_of(visit("gradients", nets="plain-110-nobn-torchinit"))
    assert "exactly 0 in" in text
    assert "The forward signal is dead: from activation" in text
    text = words_of(visit("gradients", nets="plain-1202-w4"))
    assert "not finite in" in text
    assert "overflows" in text


@pytest.mark.parametrize("method", list(catalog.METHODS))
def test_every_method_explains_every_net_and_an_untrained_control(visit: Callable[..., AppTest], method: str) -> None:
    record = catalog.METHODS[method]
    app = visit("attribution", method=record.label, images="3, 8")
    assert app.selectbox(key="method").value == method
    assert len(re.findall(r"\d+ % inside|this map is zero everywhere", words_of(app))) == 6


def test_one_image_is_explained_by_several_methods(visit: Callable[..., AppTest]) -> None:
    text = words_of(visit("attribution", rows="Methods", images="3"))
    for name in ("saliency", "integrated_gradients", "grad_cam", "occlusion", "deep_lift", "guided_backprop"):
        assert catalog.METHODS[name].label in text


def test_a_method_that_says_nothing_about_a_net_is_named_with_the_reason(visit: Callable[..., AppTest]) -> None:
    app = visit("attribution", nets="res-8-w4-tanh,res-8-w4", images="3")
    label = next(option for option in app.selectbox(key="method").options if option.startswith("Guided backprop"))
    assert "needs ReLU: not res-8-w4-tanh" in label
    app.selectbox(key="method").set_value("guided_backprop").run()
    assert "not drawn: without ReLU it is the plain gradient" in words_of(app)


def test_a_class_a_baseline_a_stage_and_a_style_can_be_chosen(visit: Callable[..., AppTest]) -> None:
    app = visit("attribution", method="Layer conductance", images="3")
    app.selectbox(key="explain").set_value("7").run()
    app.selectbox(key="baseline").set_value("blur").run()
    app.selectbox(key="at-stage").set_value(1).run()
    text = words_of(app)
    assert "Baseline: Blur." in text
    assert len(re.findall(rf"{load_dataset('shapes').classes[7]}:? \d+ %", text)) == 3  # the class that is explained
    app.selectbox(key="sign").set_value("absolute").run()
    assert "Red is strong, for or against the class" in words_of(app)
    maps = app.main.get("html")[-1].proto.body
    app.slider(key="opacity").set_value(0.5).run()
    assert not app.exception
    assert app.main.get("html")[-1].proto.body != maps


def test_the_weights_of_earlier_steps_can_be_explained(visit: Callable[..., AppTest]) -> None:
    last, earlier = (words_of(visit("attribution", images="3", **words)) for words in ({}, {"step": "5"}))
    assert "after 20 steps" in last
    assert "after 5 steps" in earlier
    assert last.replace("after 20", "after 5") != earlier


def test_the_maps_of_all_kept_steps_are_frames_once_they_are_computed(
    visit: Callable[..., AppTest], trained: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from resnet.ui.parts import panels

    monkeypatch.setattr(playing, "ask_ahead", ASK_AHEAD)
    app = visit("attribution", images="3", method="Saliency")
    (shown,) = (one for one in app.session_state["panels"] if one.draw is playing._drawn)
    end = time.monotonic() + 30
    while time.monotonic() < end and trained.questions.unanswered():
        time.sleep(0.05)
    content = panels.drawn(shown).content
    assert set(content) == {"steps@", *(f"maps@{step}" for step in (0, 1, 2, 5, 10, 15, 20))}
    for step in (5, 20):
        page = visit("attribution", images="3", method="Saliency", step=str(step))
        assert content[f"maps@{step}"] in page.main.get("html")[-1].proto.body


def test_no_weights_enter_the_pages_process(
    visit: Callable[..., AppTest], trained: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def state(*_arguments: object) -> None:
        raise AssertionError("the weights were read for a page")

    monkeypatch.setattr(trained.store, "state", state)
    app = visit("attribution", images="5", method="Saliency")
    app.slider(key="opacity").set_value(0.5).run()
    app.query_params["step"] = "10"
    assert "after 10 steps" in words_of(app.run())


def test_a_kept_step_is_the_net_after_so_many_updates(trained: Engine) -> None:
    from safetensors.torch import load

    from resnet.datasets import load_dataset
    from resnet.nets.network import build_network
    from resnet.runs.tasks.train import kept_steps
    from resnet.training.loop import train

    spec = NetSpec.parse("res-8-w4")
    run = run_id(spec, RECIPE, "cpu")
    assert trained.store.kept_steps(run) == [*kept_steps(20), 20] == [0, 1, 2, 5, 10, 15, 20]
    kept = {step: load(trained.store.state(run, step) or b"") for step in (0, 5)}
    start = build_network(spec, RECIPE.seed).state_dict()
    assert all((kept[0][name] == tensor).all() for name, tensor in start.items())
    steps = train(build_network(spec, RECIPE.seed), load_dataset("shapes"), RECIPE, keep=[5])
    state = next(step.state for step in steps if step.step == 5)
    assert state
    assert all((kept[5][name] == tensor).all() for name, tensor in state.items())


def test_scores_come_with_intervals_and_the_chance_level(visit: Callable[..., AppTest]) -> None:
    app = visit("scores")
    frame = app.dataframe[0].value
    assert set(frame["net"]) == {"plain-8-w4", "res-8-w4", "control: res-8-w4"}
    assert re.fullmatch(r"0\.\d\d \[0\.\d\d, 0\.\d\d\]", frame["Energy inside"][0])
    masks = load_dataset("shapes").test.masks
    assert masks is not None
    assert f"An even map has {100 * masks[:20].mean():.0f} % of its energy inside." in words_of(app)


def test_the_sanity_check_compares_methods_from_the_head_to_the_stem(visit: Callable[..., AppTest]) -> None:
    text = words_of(visit("sanity"))
    assert re.search(r"Saliency \*\*-?\d\.\d\d\*\*, Guided backprop \*\*-?\d\.\d\d\*\*, Grad-CAM", text)
    assert "stage3.block1" in text


def test_mistakes_are_counted_and_lead_to_the_maps(visit: Callable[..., AppTest], trained: Engine) -> None:
    app = visit("mistakes", order="Hardest")
    for name in NETS.split(","):
        accuracy = trained.store.curves(run_id(NetSpec.parse(name), RECIPE, trained.device)).test_accuracy[-1]
        assert f"{1000 * accuracy:.0f} of 1000 right" in words_of(app)
    button = next(one for one in app.button if str(one.key).startswith("mistake-"))
    button.click().run()
    assert app.session_state["images"] == str(button.key).removeprefix("mistake-")


def test_lesions_are_measured_on_the_trained_nets(visit: Callable[..., AppTest], trained: Engine) -> None:
    text = words_of(visit("lesions", lesioned="res-8-w4", cut="2.1"))
    net = NetSpec.parse("res-8-w4")
    found = trained.call(mistakes.predictions, net, RECIPE, state_of(trained, net)).result(60)
    right = (found.argmax(1) == load_dataset("shapes").test.labels)[:500].mean()
    assert re.search(r"\*\*res-8-w4\*\* without stage 2, block 1: \*\*\d+ %\*\* right", text)
    assert f"whole {100 * right:.0f} %." in text
    end = time.monotonic() + 60
    while not re.search("in the mean with one block deleted|as a whole is not surely above guessing", text):
        assert time.monotonic() < end
        time.sleep(0.2)
        text = words_of(visit("lesions", lesioned="res-8-w4"))


def test_own_pictures_begin_with_a_sample_and_offer_what_is_not_here(visit: Callable[..., AppTest]) -> None:
    app = visit("pictures")
    assert not app.main.info
    assert "plain-8-w4  after 20 steps" in words_of(app)
    assert "ResNet-18, 47 MB" in [button.label for button in app.button]


def test_own_pictures_are_explained_by_every_net_on_the_bench(visit: Callable[..., AppTest], tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), "#c9301c").save(tmp_path / "red.png")
    app = visit("pictures")
    app.file_uploader[0].set_value(("red.png", (tmp_path / "red.png").read_bytes(), "image/png")).run()
    assert not app.exception
    text = words_of(app)
    for name in NETS.split(","):
        shares = re.search(rf"{name}\s+after 20 steps", text)
        assert shares
    assert len(re.findall(r"[a-z]+ \d+ %", text)) >= 6  # the three most probable classes by both nets
    assert "The nets on the bench know these classes only" in text


def test_two_visitors_explain_the_same_run_at_once_and_see_what_one_sees(trained: Engine) -> None:
    spec = NetSpec.parse("res-8-w4")
    arguments = (spec, RECIPE, state_of(trained, spec), "integrated_gradients", [1, 2], "label")
    alone = trained.call(maps.explain, *arguments).result(60)
    pairs = [[trained.call(maps.explain, *arguments) for _visitor in range(2)] for _time in range(50)]
    for answer in (one for pair in pairs for one in pair):
        assert all((answer.result(60)[name] == values).all() for name, values in alone.items())
