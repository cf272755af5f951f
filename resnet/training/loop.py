"""train(net, data, recipe) yields one record per step: the caller owns progress, stopping and plotting."""

import math
import time
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from resnet import catalog
from resnet.datasets import Dataset
from resnet.datasets.batches import Batches, default_device, memory_format
from resnet.nets.network import Network, repeatable
from resnet.probes import Layers, Seen, capture, gradient_norm, profiles
from resnet.specs import Recipe
from resnet.training.checkpoint import Checkpoint, Position
from resnet.training.estimates import step_seconds
from resnet.training.evaluation import Evaluation, evaluate
from resnet.training.graphs import Graph, captured, obstacle
from resnet.training.loss import accuracy, losses
from resnet.training.optimizers import make_optimizer, set_lr, update
from resnet.training.schedules import learning_rate

Check = Callable[[], None]
_STRIDE = 1_000_003  # more than there are recipe seeds: no two steps of two runs draw the same random numbers
LONG = 0.1  # seconds, as estimated for one CPU thread: in a longer step one may stop at every block
SYNC_EVERY = 10  # steps between two transfers from a GPU; on the CPU every step is handed on at once


@dataclass(frozen=True)
class Step:
    """The net after `step` updates, measured on the batch that the next update uses; the last record makes no update.

    `loss` in nats, `accuracy` 0–1, both of the training batch; `seconds` since the start; `gradient_norms`
    (weighted layers,) before clipping; `profiles` by probe, every ``recipe.record_every`` steps; `evaluation` on the
    test images; `state`, a copy of the state dict at the steps that were asked for. Where gradients are clipped,
    `profiles` say of every update whether they were: ``clipped`` (1,), 1 or 0.
    """

    step: int
    loss: float
    accuracy: float
    lr: float
    seconds: float
    gradient_norms: np.ndarray
    profiles: dict[str, np.ndarray]
    evaluation: Evaluation | None = None
    state: dict[str, Tensor] | None = None


class Diverged(RuntimeError):
    """The loss became NaN or infinite after `step` updates."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step

    def __str__(self) -> str:
        return f"diverged at step {self.step}: the loss is not a finite number"


def train(
    net: Network,
    dataset: Dataset,
    recipe: Recipe,
    *,
    device: torch.device | None = None,
    check: Check | None = None,
    keep: Collection[int] = (),
    resume: Checkpoint | None = None,
    position: Position | None = None,
) -> Iterator[Step]:
    """Train `net` in place on `device` (default: the best there is), with data and net living there.

    `check` is called before every step, in a step that takes long between blocks too, and may raise to stop. At the
    steps in `keep` the record holds a copy of the net's state. Afterwards the statistics of batch norm fit the last
    weights. With `resume` it goes on there, and earlier steps are not yielded; `position` gives checkpoints of it.
    Raises `Diverged`, and CheckpointError for a checkpoint that does not fit.
    """
    device = device or default_device()
    options = check, keep, resume, position or Position()
    return _handed_on(_measured(net, dataset, recipe, device, *options), 1 if device.type == "cpu" else SYNC_EVERY)


def _measured(
    net: Network,
    dataset: Dataset,
    recipe: Recipe,
    device: torch.device,
    check: Check | None,
    keep: Collection[int],
    resume: Checkpoint | None,
    position: Position,
) -> "Generator[_Measured]":
    """The training itself, as the arguments of `train` say."""
    net.to(device=device, memory_format=memory_format(device)).train()  # type: ignore[call-overload]
    data, test = Batches(dataset, dataset.train, device), Batches(dataset, dataset.test, device)
    flip = recipe.flip and catalog.data_choice(dataset.name).flip
    batches = data.shuffled(recipe.batch, recipe.seed, recipe.augment, flip, recipe.cutout, recipe.mixup)
    capturable = not obstacle(net, recipe, device)
    optimizer = make_optimizer(net, recipe, capturable)
    steps = _Steps(net, Layers(net), optimizer, recipe, data, test, capturable)
    position.begin(net, optimizer, batches, resume)
    start = time.perf_counter() - position.seconds
    long = step_seconds(net.spec, recipe) > LONG
    with interruptible(net, check if long else None):
        for number in range(position.step, recipe.steps + 1):
            if check:
                check()
            last = number == recipe.steps
            images, labels = position.enter(copied=long or last)
            state = _copied(net) if number in keep else None
            values, evaluation = steps.make(number, images, labels)
            seconds = time.perf_counter() - start
            if not last:
                position.leave(seconds)
            yield _Measured(number, learning_rate(recipe, number), seconds, values, evaluation, state)


def _handed_on(steps: "Generator[_Measured]", size: int) -> Iterator[Step]:
    """The records of all steps, up to `size` of them fetched at once; of those before a stop, too."""
    pending: list[_Measured] = []
    with closing(steps):
        try:
            for measured in steps:
                pending.append(measured)
                if measured.evaluation or len(pending) == size:
                    fetched, pending = pending, []
                    yield from _fetched(fetched)
        except RuntimeError:  # a device that has failed gives nothing
            raise
        except Exception:
            yield from _fetched(pending)
            raise


@dataclass
class _Steps:
    """What makes the steps of one training."""

    net: Network
    layers: Layers
    optimizer: torch.optim.Optimizer
    recipe: Recipe
    data: Batches
    test: Batches
    capturable: bool  # whether steps that are not recorded may be one CUDA graph
    graph: Graph | None = None

    def make(self, number: int, images: Tensor, labels: Tensor) -> tuple[dict[str, Tensor], Evaluation | None]:
        """Measure the net after `number` updates, and make the next one unless it was the last."""
        recipe, last = self.recipe, number == self.recipe.steps
        record = last or number % recipe.record_every == 0
        evaluates = last or number % recipe.evaluate_every == 0
        if not record and not evaluates and (graph := self._captured(images, labels)):
            return graph.step(images, labels, learning_rate(recipe, number)), None
        self.optimizer.zero_grad()
        with repeatable(self.net, recipe.seed + number * _STRIDE):
            seen, values = _gradients(self.net, self.layers, images, labels, record, recipe.label_smoothing)
        tested = recipe.tested(number)
        evaluation = evaluate(self.net, self.data, self.test, tested, settle=last) if evaluates else None
        if not last:
            set_lr(self.optimizer, learning_rate(recipe, number))
            values |= update(self.optimizer, recipe.clip)
        if record:
            values |= profiles(seen, updated=not last)
        return values, evaluation

    def _captured(self, images: Tensor, labels: Tensor) -> Graph | None:
        """From the second step on: the first one makes what the optimiser keeps."""
        if self.capturable and self.optimizer.state and not self.graph:
            self.graph = captured(self.net, self.optimizer, self.recipe, images, labels)
            self.capturable = self.graph is not None
        return self.graph


@dataclass(frozen=True)
class _Measured:
    """A step whose `values` are still on the device: loss, accuracy, norms and the profiles."""

    step: int
    lr: float
    seconds: float
    values: dict[str, Tensor]
    evaluation: Evaluation | None
    state: dict[str, Tensor] | None


def _copied(net: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in net.state_dict().items()}


def _gradients(
    net: Network, layers: Layers, images: Tensor, labels: Tensor, record: bool, smoothing: float
) -> tuple[Seen, dict[str, Tensor]]:
    """Forward and backward of one batch; the gradients stay in the net, the measurements on the device."""
    with capture(net, layers) if record else nullcontext(Seen(layers.weights)) as seen:
        logits = net(images)
        loss, told = losses(logits, labels, smoothing)
        loss.backward()
    return seen, {"loss": told, "accuracy": accuracy(logits, labels), "norms": gradient_norm.values(seen)}


def _fetched(pending: list[_Measured]) -> Iterator[Step]:
    """The records of some steps, fetched from the device in one transfer; raises `Diverged`."""
    if not pending:
        return
    tensors = [value for measured in pending for value in measured.values.values()]
    flat = torch.cat([tensor.reshape(-1) for tensor in tensors]).cpu().numpy()
    parts = iter(np.split(flat, np.cumsum([tensor.numel() for tensor in tensors])[:-1]))
    for measured in pending:
        values = {name: next(parts) for name in measured.values}
        loss, accuracy = float(values.pop("loss")[0]), float(values.pop("accuracy")[0])
        norms = values.pop("norms")
        rest = measured.evaluation, measured.state
        yield Step(measured.step, loss, accuracy, measured.lr, measured.seconds, norms, values, *rest)
        if not math.isfinite(loss):
            raise Diverged(measured.step)


@contextmanager
def interruptible(net: Network, check: Check | None) -> Iterator[None]:
    """Call `check` at every block, forward and backward: a deep net then stops within a block, not within a step."""
    if check is None:
        yield
        return

    def forward_hook(_module: nn.Module, _inputs: object, output: Tensor) -> None:
        check()
        if output.requires_grad:
            output.register_hook(lambda _gradient: check())

    handles = [module.register_forward_hook(forward_hook) for module in net.outputs()]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
