"""A whole training step as one CUDA graph: the host gives one order where it would start some 600 kernels one by one.

Off unless the host asks for it (``RESNET_GRAPHS=yes``): written by PyTorch's notes on CUDA graphs, with tests that need
a GPU, and not yet seen on one.
"""

import logging
import os
from collections.abc import Callable

import torch
from torch import Tensor

from resnet.nets.network import Network
from resnet.probes import Seen, gradient_norm
from resnet.specs import Recipe
from resnet.training.loss import accuracy, losses
from resnet.training.optimizers import set_lr, update

GRAPHS = "RESNET_GRAPHS"
WARM = 3  # steps before the capture, taken back: cuDNN chooses its algorithms in them, and memory is found
CAPTURABLE = ("adam", "adamw", "sgd", "rmsprop")  # their steps leave nothing to the host

_log = logging.getLogger(__name__)


def obstacle(net: Network, recipe: Recipe, device: torch.device) -> str:
    """Why steps are not captured, for the log; empty when they may be."""
    if device.type != "cuda":
        return "there is no CUDA device"
    if os.environ.get(GRAPHS, "").strip().lower() not in ("yes", "1", "true", "on"):
        return f"{GRAPHS} does not ask for it"
    if net.spec.random_steps:
        return "dropout and stochastic depth draw numbers that depend on the step"
    return "" if recipe.optimizer in CAPTURABLE else f"{recipe.optimizer} has no form that can be captured"


class Graph:
    """Forward, backward and update on the same memory each time; the rest of a training goes on step by step beside it.

    The optimiser's learning rates are tensors on the device.
    """

    def __init__(
        self, net: Network, optimizer: torch.optim.Optimizer, recipe: Recipe, images: Tensor, labels: Tensor
    ) -> None:
        """Captured with a batch of the training; net and optimiser are as they were, after errors too."""
        self._net, self._optimizer, self._recipe = net, optimizer, recipe
        self._weights = net.weights()
        self._images, self._labels = images.clone(), labels.clone()
        before = _state(net, optimizer)
        try:
            self._replay, self._values = capture(self._step)
        finally:
            for tensor, value in before:
                tensor.copy_(value)

    def step(self, images: Tensor, labels: Tensor, lr: float) -> dict[str, Tensor]:
        """Make one step; what `loop` measures of it. The host does not wait."""
        self._images.copy_(images)
        self._labels.copy_(labels)
        set_lr(self._optimizer, lr)
        self._replay()
        return {name: value.clone() for name, value in self._values.items()}

    def _step(self) -> dict[str, Tensor]:
        self._optimizer.zero_grad()  # the gradients' memory is then the graph's own, and written, not added to
        logits = self._net(self._images)
        loss, told = losses(logits, self._labels, self._recipe.label_smoothing)
        loss.backward()
        norms = gradient_norm.values(Seen(self._weights))
        values = {"loss": told, "accuracy": accuracy(logits, self._labels), "norms": norms}
        return values | update(self._optimizer, self._recipe.clip)


def captured(
    net: Network, optimizer: torch.optim.Optimizer, recipe: Recipe, images: Tensor, labels: Tensor
) -> Graph | None:
    """None where the capture fails: the training then goes on step by step, and the log says why."""
    try:
        return Graph(net, optimizer, recipe, images, labels)
    except RuntimeError:
        _log.warning("a step of %s could not be captured as a CUDA graph", net.spec, exc_info=True)
        return None


def capture(step: Callable[[], dict[str, Tensor]]) -> tuple[Callable[[], None], dict[str, Tensor]]:
    """What makes `step` again on the device, and the memory that its values are in then. Raises RuntimeError."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _step in range(WARM):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        values = step()
    return graph.replay, values


def _state(net: Network, optimizer: torch.optim.Optimizer) -> list[tuple[Tensor, Tensor]]:
    """Every tensor that a step changes, with a copy of what it holds."""
    states = (value for state in optimizer.state.values() for value in state.values() if isinstance(value, Tensor))
    tensors = [*net.parameters(), *net.buffers(), *states]
    return [(tensor.detach(), tensor.detach().clone()) for tensor in tensors]
