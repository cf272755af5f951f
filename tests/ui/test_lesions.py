"""The Lesions page with recorded runs and made-up answers: what it asks, shows, and keeps in the address."""

import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from resnet.analyses.cuts import Lesion
from resnet.runs.engine import Engine
from resnet.runs.errors import EngineError
from resnet.runs.store import LAST, Run
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.lab.lesions import controls, measured
from resnet.ui.parts import backend, nets_table, plot, subjects
from tests.runs.recorded import recorded

NETS = "plain-20,res-20,res-14"
WORDS = {"nets": NETS, "steps": "30"}


class Answers:
    """Answers that are there at once, or never: 40 right answers less for each deleted block."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Lesion, ...], int, bool, int]] = []
        self.slow: Callable[[list[Lesion]], bool] = lambda _lesions: False

    def __call__(self, _function: Any, net: Any, _recipe: Any, _run: Any, *rest: Any, step: int) -> "Future[list[int]]":
        lesions, images, anew = rest
        answer: Future[list[int]] = Future()
        self.asked.append((str(net), tuple(lesions), images, anew, step))
        if not self.slow(lesions):
            answer.set_result([450 - 40 * len(lesion.deleted) for lesion in lesions])
        return answer


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    made = Answers()
    monkeypatch.setattr(backend, "ask_trained", made)
    monkeypatch.setattr(nets_table, "engine_note", lambda: True)
    return made


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """The figures that the page has drawn last, by the keys of their charts."""
    figures: dict[str, dict[str, Any]] = {}
    told = lambda key, data, **_picks: figures.update({key: json.loads(data["figure"])})  # noqa: E731
    monkeypatch.setattr(plot, "_mount", told)
    return figures


@pytest.fixture
def page(visit: Callable[..., AppTest], waiting_engine: Engine, answers: Answers) -> Callable[..., AppTest]:
    """The page with runs of all nets on the bench."""

    def opened(*names: str, **words: str) -> AppTest:
        for name in names or NETS.split(","):
            recorded(waiting_engine.store, name, device=waiting_engine.device)
        app = visit("lesions", **WORDS, **words)
        assert not app.exception
        return app

    return opened


def text(app: AppTest) -> str:
    return " ".join(
        element.value for kind in ("markdown", "caption", "info") for element in app.main.get(kind)
    ).replace("\\", "")


def test_nets_that_came_with_the_app_are_called_recorded(
    page: Callable[..., AppTest], waiting_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page()
    assert app.selectbox(key="lesioned").options == NETS.split(",")
    assert "recorded" not in text(app)
    of_rows = waiting_engine.store.runs

    def as_recorded(ids: Any) -> dict[str, Run]:
        runs = of_rows(ids)
        return {key: replace(run, recorded="CPU" if "plain" in str(run.net) else "") for key, run in runs.items()}

    monkeypatch.setattr(waiting_engine.store, "runs", as_recorded)
    app.run()
    assert app.selectbox(key="lesioned").options == ["plain-20, recorded", "res-20", "res-14"]
    assert "Came with the app, recorded on CPU." in text(app)
    bench = Bench.from_query(WORDS)
    notes = {str(one.net): one.note for one in subjects.on_bench(bench, backend.runs(bench))}
    assert notes == {"plain-20": "after 30 steps, recorded", "res-20": "after 30 steps", "res-14": "after 30 steps"}


def test_without_a_trained_net_the_page_says_what_to_press(visit: Callable[..., AppTest]) -> None:
    app = visit("lesions", **WORDS)
    assert not app.exception
    assert "press **Train** in the side bar first" in text(app)
    assert not app.multiselect


def test_only_trained_nets_are_offered_and_the_twin_stands_beside(page: Callable[..., AppTest]) -> None:
    app = page("plain-20", "res-20", lesioned="res-20")
    assert app.selectbox(key="lesioned").options == ["plain-20", "res-20"]
    assert "**res-20** as it is: **90 %** right" in text(app)
    assert "**plain-20** as it is: **90 %** right" in text(app)


@pytest.mark.parametrize(("net", "beside"), [("res-14", 2), ("res-20", 2), ("plain-20", 1)])
def test_beside_a_net_stands_its_twin_or_one_of_the_other_kind(net: str, beside: int) -> None:
    bench = Bench.from_query({"nets": "res-14,res-20,plain-20"})
    assert controls.partner(bench, {name: place for place, name in enumerate(bench.names)}, net) == beside
    assert controls.partner(bench, {net: bench.names.index(net)}, net) is None


def test_deleted_blocks_come_from_the_address_and_go_back_there(
    page: Callable[..., AppTest], drawn: dict[str, dict[str, Any]]
) -> None:
    app = page(lesioned="res-20", cut="2.1")
    assert app.multiselect(key="cut").value == ["2.1"]
    assert "**res-20** without stage 2, block 1: **82 %** right" in text(app)
    assert "**plain-20** without" not in text(app)  # it has no such block to delete
    app.multiselect(key="cut").set_value(["1.2", "3.3"]).run()
    assert app.query_params["cut"] == ["1.2", "3.3"]
    assert "**plain-20** without stage 1, block 2; stage 3, block 3: **74 %** right" in text(app)
    deleted = next(trace for trace in drawn["lesion-blocks"]["data"] if trace["name"] == "deleted")
    assert deleted["customdata"] == ["1.2", "3.3"]


def test_another_net_keeps_the_blocks_that_it_has(page: Callable[..., AppTest]) -> None:
    app = page(lesioned="res-20")
    app.multiselect(key="cut").set_value(["1.3", "2.1"]).run()
    app.selectbox(key="lesioned").set_value("res-14").run()
    assert not app.exception
    assert app.multiselect(key="cut").value == ["2.1"]
    app.session_state["cut"] = ["1.1", "3.3"]  # as after a click on a bar of the net beside it
    app.run()
    assert not app.exception
    assert app.multiselect(key="cut").value == ["1.1"]


def test_a_click_deletes_a_block_and_another_one_puts_it_back(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, Any] = {"bars": type("Told", (), {"picked": "2.1"}), "cut": ["1.1"]}
    monkeypatch.setattr(controls.st, "session_state", state)
    controls.toggle("bars")
    assert state["cut"] == ["1.1", "2.1"]
    controls.toggle("bars")
    assert state["cut"] == ["1.1"]


def test_a_swap_and_a_shuffle_move_blocks(page: Callable[..., AppTest], answers: Answers) -> None:
    app = page(lesioned="res-20")
    app.selectbox(key="swap").set_value("2.2").run()
    assert "with 2 blocks moved" in text(app)
    assert ("res-20", ("stage2.block2", "stage2.block3")) in {
        (net, lesions[0].order[5:3:-1]) for net, lesions, *_rest in answers.asked
    }
    app.selectbox(key="swap").set_value("").run()
    app.slider(key="shuffle").set_value(7).run()
    assert "with 7 blocks moved" in text(app)
    app.number_input(key="draw").set_value(3).run()
    orders = {lesions[0].order for _net, lesions, *_rest in answers.asked if lesions[0].order}
    assert len(orders) >= 3


def test_norms_and_step_are_asked_for_where_the_run_has_kept_it(page: Callable[..., AppTest], answers: Answers) -> None:
    app = page(lesioned="res-20")
    assert {(anew, step) for *_net, anew, step in answers.asked} == {(False, LAST)}
    answers.asked.clear()
    app.segmented_control(key="norms").set_value("anew").run()
    assert {(anew, step) for *_net, anew, step in answers.asked} == {(True, LAST)}
    answers.asked.clear()
    app.select_slider(key="lesion-step").set_value(10).run()
    assert {(anew, step) for *_net, anew, step in answers.asked} == {(True, 10)}


def test_all_that_is_chosen_can_stand_in_the_address(page: Callable[..., AppTest], answers: Answers) -> None:
    words = {"norms": "Estimated anew", "lesion-step": "10", "swap": "2.2 ↔ 2.3", "shuffle": "7", "draw": "4"}
    app = page(lesioned="res-20", beside="res-14", **words)
    assert (app.slider(key="shuffle").value, app.number_input(key="draw").value) == (7, 4)
    assert app.selectbox(key="swap").value == "2.2"
    assert {net for net, *_rest in answers.asked} == {"res-20", "res-14"}
    assert {(anew, step) for *_net, anew, step in answers.asked} == {(True, 10)}
    assert "blocks moved" in text(app)


def test_bars_come_in_as_they_are_answered_and_the_sentence_at_the_end(
    page: Callable[..., AppTest], answers: Answers, drawn: dict[str, dict[str, Any]]
) -> None:
    answers.slow = lambda lesions: any("stage3.block3" in lesion.deleted for lesion in lesions)
    app = page(lesioned="res-20", beside="None")
    (bars,) = [trace for trace in drawn["lesion-bars"]["data"] if trace["type"] == "bar"]
    assert 0 < len(bars["customdata"]) < 9
    assert "in the mean with one block deleted" not in text(app)
    answers.slow = lambda _lesions: False
    app.run()
    (bars,) = [trace for trace in drawn["lesion-bars"]["data"] if trace["type"] == "bar"]
    assert len(bars["customdata"]) == 9
    assert "**res-20**: 90 % right, **82 %** in the mean with one block deleted" in text(app)


def test_every_question_is_small_and_all_blocks_are_asked_for_once() -> None:
    net = NetSpec.parse("res-56")
    found = measured.parts(net)
    alone = [lesion.deleted[0] for part in found if part.kind == "single" for lesion in part.lesions]
    assert len(alone) == len(set(alone)) == sum(net.blocks)
    assert max(len(part.lesions) for part in found) <= measured.PIECE


def test_an_answer_that_fails_is_one_sentence(page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(lesioned="res-20")

    def fails(*_asked: Any, step: int) -> "Future[list[int]]":
        answer: Future[list[int]] = Future()
        answer.set_exception(EngineError("The workers were lost."))
        return answer

    monkeypatch.setattr(backend, "ask_trained", fails)
    app.multiselect(key="cut").set_value(["1.2"]).run()
    assert not app.exception
    assert [told.value.replace("\\", "") for told in app.main.warning] == ["The workers were lost."]
