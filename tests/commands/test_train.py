"""What the command line prints of a net with several seeds."""

from types import SimpleNamespace
from typing import Any

import pytest

from resnet.commands.train import _seeds_line, _wait_until_ready
from resnet.findings.learning import Result
from resnet.specs import NetSpec, Recipe


def test_a_line_for_each_net_has_mean_and_range_of_its_own_runs() -> None:
    losses = {"a": 0.5, "b": 0.9, "other": 2.3}
    found = {
        key: Result(400, 400, 10, 2.4, loss, 0.01, loss, 400, 0.9, 640, 0.9, 1_000) for key, loss in losses.items()
    }
    store = SimpleNamespace(curves=lambda key: SimpleNamespace(result=lambda _recipe: found[key]))
    nets = {"a": "res-8", "b": "res-8", "other": "plain-8"}
    runs: list[Any] = [
        SimpleNamespace(id=key, net=NetSpec.parse(name), recipe=Recipe(), status="done") for key, name in nets.items()
    ]
    engine: Any = SimpleNamespace(store=store)
    line = _seeds_line(engine, NetSpec.parse("res-8"), runs)
    assert line.split(maxsplit=1) == [
        "res-8", "2 seeds: loss 0.50–0.90, mean 0.70; test accuracy 90 %\n",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("missing", "said"),
    [("cuda", "resnet: cuda, which RESNET_DEVICE names, was not found; cpu trains\n"), ("", "")],
)
def test_a_device_that_was_asked_for_and_is_not_here_is_told(
    missing: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine: Any = SimpleNamespace(state="ready", message="", device="cpu", missing_device=missing)
    _wait_until_ready(engine)
    assert capsys.readouterr().err == said
