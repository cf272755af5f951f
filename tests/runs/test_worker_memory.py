"""The worker for questions gives its memory back, and makes room for another when it cannot."""

import sys
from collections.abc import Callable

import memory_job
import pytest

from resnet.runs.engine import Engine, cluster

Until = Callable[..., float]


@pytest.mark.skipif(sys.platform != "linux", reason="other allocators give memory back by themselves")
def test_what_an_answer_needed_is_given_back(engine: Engine) -> None:
    before = engine.call(memory_job.used).result(30)
    most = engine.call(memory_job.use_and_free).result(30)
    assert most > before + 250e6
    assert engine.call(memory_job.used).result(30) < before + 50e6


def test_a_worker_that_keeps_too_much_is_replaced_when_nobody_asks(
    engine: Engine, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "IDLE", 0.5)
    old = engine.call(memory_job.is_heavy).result(30)
    assert engine.call(memory_job.process).result(30) == old  # while somebody asks it stays
    renewed = engine._session._cluster.result()._renewed  # type: ignore[union-attr]
    until(lambda: not renewed.is_set())
    answers = [engine.call(memory_job.process) for _ in range(3)]  # asked meanwhile: nothing is lost
    new = {answer.result(30) for answer in answers}
    assert len(new) == 1
    assert new != {old}
