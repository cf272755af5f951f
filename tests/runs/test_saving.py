"""What a worker saves of a run while it trains it, without any worker around it."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from safetensors.torch import load

from resnet.runs.tasks import saving
from resnet.runs.tasks import train as job
from resnet.specs import NetSpec, Recipe
from resnet.training.checkpoint import DAMAGED

NET = NetSpec.parse("res-8-w4")
RECIPE = Recipe(data="digits", steps=24, batch=8, record_every=5, evaluate_every=100)


class Worker:
    """Trains one run; `take_at` says at which notices the engine comes for a checkpoint."""

    def __init__(self, *take_at: int, stop_at: int | None = None) -> None:
        self.messages: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.take_at, self.stop_at = take_at, stop_at

    def emit(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        if message["kind"] == "checkpoint" and self.count("checkpoint") in self.take_at:
            self.taken.append(job.take_checkpoint("run") or {})
        if self.stop_at is not None and self.count("checkpoint") == self.stop_at:
            job.request_stop("run")

    def count(self, kind: str) -> int:
        return sum(message["kind"] == kind for message in self.messages)

    def train(self, checkpoint: bytes = b"", recipe: Recipe = RECIPE) -> dict[int, bytes]:
        job._stopped.discard("run")
        return job._train("run", NET, recipe, self.emit, checkpoint)

    def told(self) -> list[int]:
        """The steps that were reported, in order."""
        return [step["step"] for message in self.messages for step in message.get("steps", ())]


def same(found: bytes, expected: bytes) -> bool:
    """Whether these are the same tensors; the order of the texts beside them is left to chance."""
    pair = load(found), load(expected)
    return pair[0].keys() == pair[1].keys() and all(
        torch.equal(pair[0][name], value) for name, value in pair[1].items()
    )


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    saving._made.clear()


def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every step."""
    monkeypatch.setattr(saving, "EVERY", 0.0)
    monkeypatch.setattr(saving, "SHARE", float("inf"))


def test_checkpoints_come_from_time_to_time_behind_the_steps_that_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch)
    worker = Worker()
    worker.train()
    assert worker.told() == list(range(25))
    assert worker.count("checkpoint") == 24
    reported = -1
    for message in worker.messages:
        reported = max(reported, *(step["step"] for step in message.get("steps", [{"step": -1}])))
        if message["kind"] == "checkpoint":
            seen = reported
    assert seen == 23
    made = job.take_checkpoint("run")
    assert made is not None
    assert (made["step"], made["states"]) == (24, {})  # at its end, so that it can be extended
    assert job.take_checkpoint("run") is None


def test_a_run_of_some_seconds_has_a_checkpoint_at_its_end_only() -> None:
    worker = Worker()
    worker.train()
    assert worker.count("checkpoint") == 0
    assert (job.take_checkpoint("run") or {})["step"] == 24


def test_what_costs_more_comes_more_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "EVERY", 0.0)
    monkeypatch.setattr(saving, "SHARE", 1e-9)  # of the time: the second one would be due in years
    worker = Worker()
    worker.train()
    assert worker.count("checkpoint") == 1


def test_weights_that_were_kept_go_along_once_also_when_nobody_came_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch)
    worker = Worker(2, 9, stop_at=12)
    with pytest.raises(job.Stopped):
        worker.train()
    last = job.take_checkpoint("run") or {}
    kept = [sorted(taken["states"]) for taken in (*worker.taken, last)]
    assert kept == [[0, 1], [3, 6], []]  # kept_steps(24) are 0, 1, 3, 6, 12 and 18
    assert [taken["step"] for taken in (*worker.taken, last)] == [2, 9, 12]


def test_a_stopped_run_goes_on_behind_what_it_has_told(monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch)
    first, second = Worker(stop_at=7), Worker()
    with pytest.raises(job.Stopped):
        first.train()
    states = second.train((job.take_checkpoint("run") or {})["tensors"])
    assert first.told() + second.told() == list(range(25))
    assert same(states[24], Worker().train()[24])


def test_a_damaged_checkpoint_is_one_sentence_and_all_begins_anew() -> None:
    worker = Worker()
    states = worker.train(b"damaged")
    assert [message for message in worker.messages if message["kind"] == "afresh"] == [
        {"kind": "afresh", "message": DAMAGED}
    ]
    assert worker.told() == list(range(25))
    assert same(states[24], Worker().train()[24])


def test_a_net_that_is_too_large_has_none_and_the_words_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "LARGEST", 1_000)
    always(monkeypatch)
    assert saving.too_large(NET, RECIPE)
    worker = Worker(1, stop_at=3)
    with pytest.raises(job.Stopped) as stop:
        worker.train()
    assert (stop.value.text, worker.taken) == (job.TOO_LARGE, [{}])


@pytest.mark.parametrize(
    ("name", "optimizer", "large"),
    [
        ("res-56", "adam", False),
        ("res-110", "adam", False),
        ("resnet-50", "sgd", True),
        ("resnet-18", "adam", True),
    ],
)
def test_the_usual_nets_are_not_too_large(name: str, optimizer: str, large: bool) -> None:
    assert saving.too_large(NetSpec.parse(name), Recipe(optimizer=optimizer)) == large
