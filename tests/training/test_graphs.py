"""Steps as one CUDA graph. Without a GPU a stand-in for the capture makes the same steps: all but CUDA is tested."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from resnet.datasets import Dataset, load_dataset
from resnet.nets.network import build_network
from resnet.specs import NetSpec, Recipe
from resnet.training import graphs, loop

CPU = torch.device("cpu")
RECIPE = Recipe(data="digits", steps=20, batch=16, record_every=10, evaluate_every=15)
Values = dict[str, Tensor]


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_dataset("digits")


def standing_in(step: Callable[[], Values]) -> tuple[Callable[[], None], Values]:
    for _step in range(graphs.WARM):
        values = step()

    def replay() -> None:
        for name, value in step().items():
            values[name].copy_(value)

    return replay, values


def trained(digits: Dataset, recipe: Recipe, device: torch.device = CPU) -> tuple[list[loop.Step], dict[str, Tensor]]:
    net = build_network(NetSpec.parse("res-8-w4"), channels=1)
    return list(loop.train(net, digits, recipe, device=device)), net.state_dict()


@pytest.mark.parametrize(
    "words", ["lr=0.0003", "optimizer=sgd&lr=0.05", "optimizer=rmsprop&lr=0.001", "clip=0.5&mixup=0.4"]
)
def test_a_training_by_captured_steps_is_the_training_step_by_step(
    digits: Dataset, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe.parse(words).but(**RECIPE.changed())
    usual, weights = trained(digits, recipe)
    made: list[float] = []
    step = graphs.Graph.step
    monkeypatch.setattr(loop, "obstacle", lambda *_: "")
    monkeypatch.setattr(graphs, "capture", standing_in)
    monkeypatch.setattr(graphs.Graph, "step", lambda self, *args: (made.append(args[2]), step(self, *args))[1])
    captured, same = trained(digits, recipe)
    assert made == [record.lr for record in usual if record.step not in (0, 10, 15, 20)]
    # Adam divides by the size of the gradients: where they are near zero, the learning rate's rounding is seen.
    near = 1e-3 if recipe.optimizer == "adam" else 1e-5
    for one, other in zip(usual, captured, strict=True):
        assert (one.loss, one.accuracy, one.lr) == pytest.approx((other.loss, other.accuracy, other.lr), rel=near)
        assert one.gradient_norms == pytest.approx(other.gradient_norms, rel=20 * near)
        assert one.profiles.keys() == other.profiles.keys()
    torch.testing.assert_close(same, weights, rtol=20 * near, atol=20 * near)


def test_where_the_capture_fails_the_training_goes_on_step_by_step(
    digits: Dataset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    recipe = RECIPE.but(optimizer="sgd", lr=0.05)
    usual, weights = trained(digits, recipe)

    def fails(step: Callable[[], Values]) -> tuple[Callable[[], None], Values]:
        standing_in(step)  # its warm-up has changed everything
        raise RuntimeError("operation not permitted when stream is capturing")

    monkeypatch.setattr(loop, "obstacle", lambda *_: "")
    monkeypatch.setattr(graphs, "capture", fails)
    told, same = trained(digits, recipe)
    assert [record.loss for record in told] == pytest.approx([record.loss for record in usual], rel=1e-6)
    torch.testing.assert_close(same, weights, rtol=1e-5, atol=1e-6)
    assert [record.message for record in caplog.records] == ["a step of res-8-w4 could not be captured as a CUDA graph"]


def test_what_stands_in_the_way_of_a_capture_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = torch.device("cuda")
    net, dropping = (build_network(NetSpec.parse(name), channels=1) for name in ("res-8-w4", "res-8-w4-p0.5"))
    assert graphs.obstacle(net, Recipe(), CPU) == "there is no CUDA device"
    assert graphs.obstacle(net, Recipe(), cuda) == "RESNET_GRAPHS does not ask for it"
    monkeypatch.setenv(graphs.GRAPHS, "Yes")
    assert graphs.obstacle(net, Recipe(), cuda) == ""
    assert "dropout" in graphs.obstacle(dropping, Recipe(), cuda)
    assert graphs.obstacle(net, Recipe(optimizer="adagrad"), cuda) == "adagrad has no form that can be captured"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_on_a_gpu_captured_steps_equal_the_usual_ones_and_repeat(
    digits: Dataset, optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuda, recipe = torch.device("cuda"), RECIPE.but(optimizer=optimizer, lr=0.01)
    usual, _weights = trained(digits, recipe, cuda)
    monkeypatch.setenv(graphs.GRAPHS, "yes")
    runs = [trained(digits, recipe, cuda)[0] for _ in range(2)]
    assert [record.loss for record in runs[0]] == [record.loss for record in runs[1]]
    assert [record.loss for record in runs[0]] == pytest.approx([record.loss for record in usual], rel=1e-4)
