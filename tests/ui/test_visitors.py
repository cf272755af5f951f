"""Runs belong to all who wait for them: one visitor's Stop ends nobody else's."""

import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace

import pytest
from streamlit.runtime.caching.cache_resource_api import clear_session_cache as clear_session_resource_cache
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import questions
from resnet.specs import NetSpec, Recipe, run_id
from resnet.specs.limits import LIMITS
from resnet.ui.bench import news
from resnet.ui.parts import panels, visitors
from resnet.ui.parts.visitors import Visitor
from tests.ui.dragging import sliders
from tests.ui.test_off_bench import Visit, button, said
from tests.ui.trainer import Trainer

ENGINE = Trainer

PAIR = "plain-20,res-20"


def training(visit: Visit) -> AppTest:
    """A visitor who has two nets trained."""
    app = visit("train", nets=PAIR)
    button(app, "train").click().run()
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    assert not app.exception
    return " ".join(warning.value.replace("\\", "") for warning in app.main.warning)


def close_all_tabs() -> None:
    """What Streamlit does when a tab was closed; the visitors of AppTest share one session's name."""
    clear_session_resource_cache("test session id")


def test_a_run_that_another_visitor_watches_goes_on_and_both_are_told(visit: Visit, waiting_engine: Trainer) -> None:
    ann = training(visit)
    assert button(ann, "stop").label == "Stop 2 runs"
    bob = visit("train", nets=PAIR)
    assert button(bob, "stop").label == "Stop waiting for 2 runs"
    assert "1 other watches" in said(bob)
    button(bob, "stop").click().run()
    assert set(waiting_engine.statuses().values()) == {"queued"}
    assert "You no longer wait for plain-20 and res-20: 1 other does." in told(bob)
    assert button(bob, "stop") is None
    assert "other watches" not in said(ann.run())
    assert button(ann, "stop").label == "Stop 2 runs"  # nobody else is left
    button(ann, "stop").click().run()
    assert set(waiting_engine.statuses().values()) == {"stopped"}
    assert told(ann) == ""
    assert button(bob.run(), "wait-again") is None
    assert button(bob, "train").label.startswith("Train 2 nets")


def test_the_buttons_of_who_looks_on_change_when_the_first_other_comes_or_the_last_one_leaves(
    visit: Visit, waiting_engine: Trainer
) -> None:
    """A button that ends the waiting must not stop a run for which nobody else is left."""
    training(visit)
    runs = tuple(run.id for run in waiting_engine.store.recent(20))
    seen = [drawn_anew_when_changed(runs)]
    bob = visit("train", nets=PAIR)
    seen.append(drawn_anew_when_changed(runs))
    cem = visit("train", nets=PAIR)
    seen.append(drawn_anew_when_changed(runs))
    for one in (bob, cem):
        button(one.run(), "stop").click().run()
        seen.append(drawn_anew_when_changed(runs))
    alone, together = seen[0], seen[1]
    assert alone != together
    assert seen == [alone, together, together, together, alone]  # a third one changes no button


def drawn_anew_when_changed(runs: tuple[str, ...]) -> str:
    return news._drawn(runs)[f"{panels.RERUN}runs"]


def test_who_starts_a_run_and_leaves_it_to_others_may_wait_for_it_again(visit: Visit, waiting_engine: Trainer) -> None:
    ann, bob = training(visit), visit("train", nets=PAIR)
    button(ann.run(), "stop").click().run()
    assert button(ann, "stop") is None
    assert button(ann, "again") is None
    button(ann, "wait-again").click().run()
    assert button(ann, "stop").label == "Stop waiting for 2 runs"
    button(bob.run(), "stop").click().run()
    assert set(waiting_engine.statuses().values()) == {"queued"}


def test_a_run_that_was_asked_for_is_waited_for_off_the_bench_too(visit: Visit, waiting_engine: Trainer) -> None:
    ann, bob = training(visit), visit("train", nets="plain-20")
    sliders(ann)[0].rest(22)
    assert "plain-20: waiting" in said(ann)
    button(bob.run(), "stop").click().run()
    key = run_id(NetSpec.parse("plain-20"), Recipe(steps=400), "cpu")
    assert waiting_engine.statuses()["plain-20"] == "queued"
    button(ann.run(), f"off-stop-{key}").click().run()  # the last who waits
    assert waiting_engine.statuses() == {"plain-20": "stopped", "res-20": "queued"}


def test_only_what_others_wait_for_goes_on(visit: Visit, waiting_engine: Trainer) -> None:
    ann, _bob = training(visit), visit("train", nets="res-20")
    assert button(ann.run(), "stop").label == "Stop 2 runs"
    assert "What others wait for goes on." in button(ann, "stop").help
    button(ann, "stop").click().run()
    assert waiting_engine.statuses() == {"plain-20": "stopped", "res-20": "queued"}
    assert "You no longer wait for res-20: 1 other does." in told(ann)


def test_a_closed_tab_waits_for_nothing_and_its_questions_are_left(
    visit: Visit,
    waiting_engine: Trainer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left: list[str] = []
    gone = threading.Event()
    monkeypatch.setattr(waiting_engine.questions, "leave_all", lambda name: (left.append(name), gone.set()))
    ann = training(visit)
    close_all_tabs()
    assert gone.wait(5)
    assert left == [ann.session_state["visitor"].name]
    bob = visit("train", nets=PAIR)
    assert button(bob, "stop").label == "Stop 2 runs"
    ann.run()  # the network was gone, and is back
    assert button(bob.run(), "stop").label == "Stop waiting for 2 runs"


def test_another_page_is_no_end_of_the_wait(visit: Visit) -> None:
    ann, bob = training(visit), visit("train", nets=PAIR)
    ann.switch_page("../../../pages/lab/build.py").run()
    assert button(bob.run(), "stop").label == "Stop waiting for 2 runs"


class Slow(Visitor):
    """A visitor who is looked at by two threads at once where that is possible."""

    meet = threading.Barrier(2)

    def waits_for(self, run: str) -> bool:
        found = super().waits_for(run)
        with suppress(threading.BrokenBarrierError):
            self.meet.wait(0.2)
        return found


def test_of_two_who_stop_at_the_same_time_one_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    own, goes_on = threading.local(), list[bool]()
    pair = [Slow(bench=frozenset({"run"})) for _visitor in range(2)]
    monkeypatch.setattr(visitors, "me", lambda: own.me)
    monkeypatch.setattr(visitors, "_here", {one.name: one for one in pair})

    def stop(me: Visitor) -> None:
        own.me = me
        goes_on.append(visitors.let_go("run"))

    threads = [threading.Thread(target=stop, args=[one]) for one in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert sorted(goes_on) == [False, True]


def test_a_run_off_the_bench_that_goes_on_for_others_leaves_the_list(visit: Visit, waiting_engine: Trainer) -> None:
    ann, _bob = training(visit), visit("train", nets="plain-20")
    sliders(ann)[0].rest(22)
    button(ann, f"off-stop-{run_id(NetSpec.parse('plain-20'), Recipe(steps=400), 'cpu')}").click().run()
    assert waiting_engine.statuses()["plain-20"] == "queued"
    assert "You no longer wait for plain-20: 1 other does." in told(ann)
    assert "plain-20: waiting" not in said(ann)


def test_the_host_may_always_stop(visit: Visit, waiting_engine: Trainer) -> None:
    ann, _bob = training(visit), visit("train", nets=PAIR)
    waiting_engine.stop(run_id(NetSpec.parse("plain-20"), Recipe(steps=400), "cpu"))
    assert waiting_engine.statuses() == {"plain-20": "stopped", "res-20": "queued"}
    assert button(ann.run(), "train").label.startswith("Train 1 net")


def test_too_many_questions_of_a_page_are_told_in_a_sentence_and_none_of_them_is_left(
    visit: Visit, waiting_engine: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "LIMITS", replace(LIMITS, max_questions=3))
    monkeypatch.setattr(waiting_engine.questions, "_call", lambda *_arguments: Future())
    waiting_engine.state = "ready"
    app = visit("scores", nets="res-8-w4,plain-8-w4")
    assert told(app) == "3 of your questions are waiting for an answer; ask for less at once"
    assert waiting_engine.questions.unanswered() == 1  # the one that the worker has
    assert waiting_engine.questions.waiting(app.session_state["visitor"].name) == 0
