"""What a training needs to go on exactly where it was: net, optimizer and place in the batches; kept as safetensors."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from resnet.datasets.batches import Shuffled
from resnet.errors import UserError
from resnet.i18n import N_, _
from resnet.nets.network import Network
from resnet.specs import NetSpec, Recipe, SpecError
from resnet.training.schedules import learning_rate

DAMAGED = N_("The checkpoint of this run is damaged: it starts from step 0.")
OTHER = N_("The checkpoint is of another net or recipe: this run starts from step 0.")

State = dict[str, Tensor]


class CheckpointError(UserError, ValueError):
    """A checkpoint that cannot be used, as a marked text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return _(self.text)


@dataclass(frozen=True)
class Checkpoint:
    """A training just before the forward pass of `step`, after so many `seconds`; copies on the CPU.

    `optimizer` by the number of the parameter; `batches`: state of the generator (uint8) and batches taken since.
    """

    step: int
    seconds: float
    net: State
    optimizer: dict[int, State]
    batches: tuple[Tensor, int]


@dataclass
class Position:
    """Where a training is, kept up to date by `train`; whoever handed it in may ask it for a checkpoint."""

    step: int = 0
    seconds: float = 0.0
    _parts: tuple[Network, torch.optim.Optimizer, Shuffled] | None = None
    _before: tuple[tuple[Tensor, int], State] | None = field(default=None, repr=False)  # the step that is going on

    def begin(
        self, net: Network, optimizer: torch.optim.Optimizer, batches: Shuffled, resume: Checkpoint | None
    ) -> None:
        """From step 0, or from a checkpoint. Raises CheckpointError, and then nothing was changed."""
        self._parts = net, optimizer, batches
        if resume:
            _check(resume, net, optimizer)
            try:
                batches.restore(*resume.batches)
            except ValueError as error:
                raise CheckpointError(DAMAGED) from error
            net.load_state_dict(resume.net)
            _fill(optimizer, resume.optimizer)
            self.step, self.seconds = resume.step, resume.seconds

    def enter(self, copied: bool) -> tuple[Tensor, Tensor]:
        """The batch of the step that begins; `copied` for one that may end without an update."""
        net, _optimizer, batches = self._running()
        buffers = {name: buffer.clone() for name, buffer in net.named_buffers()} if copied else {}
        self._before = batches.state(), buffers
        return next(batches)

    def leave(self, seconds: float) -> None:
        """The update was made."""
        self.step, self.seconds, self._before = self.step + 1, seconds, None

    def checkpoint(self) -> Checkpoint:
        """As it was before the step that is going on, or that was the last one; between two steps, as it is."""
        net, optimizer, batches = self._running()
        place, buffers = self._before or (batches.state(), {})
        tensors = {name: _copied(value) for name, value in {**net.state_dict(), **buffers}.items()}
        states: dict[int, dict[str, Any]] = optimizer.state_dict()["state"]
        kept = {number: {name: _copied(value) for name, value in _tensors(own)} for number, own in states.items()}
        return Checkpoint(self.step, self.seconds, tensors, kept, (place[0].clone(), place[1]))

    @property
    def begun(self) -> bool:
        """Whether there is anything to make a checkpoint of."""
        return self._parts is not None

    def size(self) -> int:
        """Bytes of a checkpoint."""
        net, optimizer, _batches = self._running()
        own = [value for state in optimizer.state.values() for _name, value in _tensors(state)]
        return sum(value.nbytes for value in (*net.state_dict().values(), *own))

    def _running(self) -> tuple[Network, torch.optim.Optimizer, Shuffled]:
        if self._parts is None:
            raise ValueError("the training has not begun")
        return self._parts


def _tensors(state: dict[str, Any]) -> Iterator[tuple[str, Tensor]]:
    return ((name, value) for name, value in state.items() if isinstance(value, Tensor))


def _copied(value: Tensor) -> Tensor:
    return value.detach().to("cpu", copy=True)


def _check(checkpoint: Checkpoint, net: Network, optimizer: torch.optim.Optimizer) -> None:
    """Names and shapes of everything, before anything is changed. Raises CheckpointError."""
    own = {name: (value.shape, value.dtype) for name, value in net.state_dict().items()}
    given = {name: (value.shape, value.dtype) for name, value in checkpoint.net.items()}
    weights = dict(enumerate(weight for group in optimizer.param_groups for weight in group["params"]))
    fitting = all(
        number in weights and value.shape in (weights[number].shape, ())
        for number, state in checkpoint.optimizer.items()
        for value in state.values()
    )
    if own != given or not fitting or len({frozenset(state) for state in checkpoint.optimizer.values()}) > 1:
        raise CheckpointError(DAMAGED)


def _fill(optimizer: torch.optim.Optimizer, states: dict[int, State]) -> None:
    """In the memory layout of the weights: fused updates go through all of them in the order of the memory."""
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    laid = {
        number: {name: _like(weights[number], value) if value.ndim else value for name, value in state.items()}
        for number, state in states.items()
    }
    optimizer.load_state_dict({"state": laid, "param_groups": optimizer.state_dict()["param_groups"]})


def _like(weight: Tensor, value: Tensor) -> Tensor:
    return torch.empty_like(weight, requires_grad=False).copy_(value)


def write(checkpoint: Checkpoint, about: dict[str, str]) -> bytes:
    """Safetensors; `about` must tell ``net`` and ``recipe``, as `export.metadata` does."""
    tensors = {f"net/{name}": value for name, value in checkpoint.net.items()}
    for number, state in checkpoint.optimizer.items():
        tensors |= {f"optimizer/{number}/{name}": value for name, value in state.items()}
    tensors["batches"] = checkpoint.batches[0]
    told = {"step": checkpoint.step, "seconds": checkpoint.seconds, "taken": checkpoint.batches[1]}
    numbers = {name: json.dumps(value) for name, value in told.items()}
    return save({name: value.contiguous() for name, value in tensors.items()}, {**about, **numbers})


def read(content: bytes, net: NetSpec, recipe: Recipe) -> Checkpoint:
    """The checkpoint, if a run of this net by this recipe comes to that place too. Raises CheckpointError."""
    try:
        about = _metadata(content)
        step, fits = int(about["step"]), _leads(about, net, recipe)
        numbers = float(about["seconds"]), int(about["taken"])
        tensors = load(content)
        start = tensors.pop("batches")
        found, states = _sorted(tensors)
    except (SafetensorError, SpecError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CheckpointError(DAMAGED) from error
    if not fits:
        raise CheckpointError(OTHER)
    return Checkpoint(step, numbers[0], found, states, (start, numbers[1]))


def _metadata(content: bytes) -> dict[str, str]:
    size = int.from_bytes(content[:8], "little")
    about: dict[str, str] = json.loads(content[8 : 8 + size])["__metadata__"]
    return about


def _sorted(tensors: State) -> tuple[State, dict[int, State]]:
    """Those of the net by name, those of the optimizer by parameter and name."""
    net: State = {}
    states: dict[int, State] = {}
    for key, value in tensors.items():
        part, name = key.split("/", 1)
        if part == "net":
            net[name] = value
        else:
            number, own = name.split("/", 1)
            states.setdefault(int(number), {})[own] = value
    return net, states


def _leads(about: dict[str, str], net: NetSpec, recipe: Recipe) -> bool:
    """Whether a run of this net and recipe has made the same updates up to the checkpoint."""
    earlier, step = Recipe.from_json(about["recipe"]), int(about["step"])
    length = {"steps", "extended"}
    return (
        NetSpec.from_json(about["net"]) == net
        and earlier.model_dump(exclude=length) == recipe.model_dump(exclude=length)
        and 0 <= step <= min(earlier.steps, recipe.steps)
        and all(learning_rate(earlier, number) == learning_rate(recipe, number) for number in range(step))
    )
