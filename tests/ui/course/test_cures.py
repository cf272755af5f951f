"""Lesson 7: what each cure does is read from the recordings, and shown after the guess."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from resnet.findings.text import nats
from resnet.lessons import cures
from resnet.runs.engine import Engine
from resnet.ui.course import experiment
from tests.ui.course.conftest import answer, guess, said
from tests.ui.course.recorded import record

Lesson = Callable[..., AppTest]


def mean(values: list[float]) -> str:
    return nats(sum(values) / len(values))


def test_the_answer_is_read_from_the_recordings(lesson: Lesson, figures: dict[str, dict[str, Any]]) -> None:
    app = lesson("cures")
    assert "lesson-cures" not in figures
    assert "learn;" not in said(app)
    text = said(guess(app, "cures", "relu"))
    found, rows = experiment.outcomes("cures"), cures.rows(20)
    rescued = [name for name in cures.ALONE if cures.learns(found[rows[name].key])]
    assert rescued == ["norm"]
    assert "Batch norm" in text
    assert f"only batch norm ({mean([one.value for one in found[rows['norm'].key]])})" in text
    assert mean([one.value for one in found[cures.rows(56)["all"].key]]) in text
    labels = figures["lesson-cures"]["layout"]["yaxis"]["ticktext"]
    assert len(labels) == len(rows)
    assert all("gradient" in label for label in labels)


def test_the_other_depth_is_one_click_away(lesson: Lesson, figures: dict[str, dict[str, Any]]) -> None:
    lesson("cures", course="7b")
    shallow = figures["lesson-cures"]["data"]
    lesson("cures", course="7b", **{"cures-depth": "56"})
    assert figures["lesson-cures"]["data"] != shallow


def test_guesses_for_single_rows_are_counted(lesson: Lesson) -> None:
    app = lesson("cures")
    for row, word in (("four", "learns"), ("all", "learns")):
        next(one for one in app.main.segmented_control if one.key == f"row-cures-{row}").set_value(word).run()
    assert "1 of 2 are right" in said(guess(app, "cures", "norm"))


def test_tasks_are_judged_by_what_was_trained(lesson: Lesson, with_recordings: Engine) -> None:
    app = lesson("cures", course="7b", nets="plain-56,plain-56-leaky,plain-20-nobn,plain-20")
    assert answer(app, "cures", "rescue").startswith("wrong: plain-56-leaky is not trained")
    assert answer(app, "cures", "shallow").startswith("wrong: plain-20-nobn is not trained")
    record(with_recordings, "plain-56-leaky", loss=2.3, right=0.1)
    record(with_recordings, "plain-20-nobn", loss=1.2)
    assert answer(app, "cures", "rescue").startswith("right: Tried, and not rescued: plain-56-leaky")
    assert answer(app, "cures", "shallow").startswith("right: plain-20-nobn")


def test_what_batch_norm_alone_does_to_the_gradient_is_recorded(lesson: Lesson) -> None:
    factors = [one.also for one in experiment.outcomes("cures")[cures.rows(56)["norm"].key]]
    (right,) = (word for word in ("shrinks", "stays", "grows") if cures.gradient(word, factors).done)
    wrong = next(word for word in ("shrinks", "stays", "grows") if word != right)
    app = lesson("cures", course="7b")
    assert answer(app, "cures", "gradient", wrong).startswith("wrong: ")
    assert answer(app, "cures", "gradient", right).startswith("right: ")
