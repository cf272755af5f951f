"""The checkpoints that a worker makes of a run, kept here until the engine takes them.

Imported by the pages' process too, so torch is imported inside the functions only.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from resnet.specs import NetSpec, Recipe
from resnet.training import estimates

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.training.checkpoint import Position

EVERY = 10.0  # seconds; a shorter run is started again sooner than anybody has found where it was
SHARE = 0.01  # of the time may be spent on checkpoints: those of large nets come more rarely
LARGEST = 64_000_000  # bytes: res-110 of twice the usual width has 40 million with Adam

MOMENTS = {"adam": 2, "adamw": 2}  # that an optimiser keeps of each parameter; the others keep one at most

_made: dict[str, dict[str, Any]] = {}  # by run; this process trains one at a time


def take(run_id: str) -> dict[str, Any] | None:
    """The newest checkpoint that nobody has taken: ``step``, ``tensors``, ``states`` kept since the one before."""
    return _made.pop(run_id, None)


def too_large(net: NetSpec, recipe: Recipe) -> bool:
    """Whether runs of the net have no checkpoints, as counted from the spec."""
    copies = 1 + MOMENTS.get(recipe.optimizer, 1)
    return 4 * copies * estimates.cost(net, recipe.data, recipe.pixels).parameters > LARGEST


class Saver:
    """Makes checkpoints of one run from time to time, and whenever it is asked to."""

    def __init__(self, run_id: str, position: "Position", about: dict[str, str], tell: Callable[[], None]) -> None:
        """`about` must tell ``net`` and ``recipe``; `tell` is called when there is a checkpoint to take."""
        self._run, self._position, self._about, self._tell = run_id, position, about, tell
        self._due = time.monotonic() + EVERY
        self._states: dict[int, bytes] = {}
        _made.clear()

    def add(self, step: int, state: "dict[str, Tensor] | None") -> None:
        """The step that was reported last, and the weights that were kept there."""
        if state:
            self._states[step] = tensors(state, {**self._about, "step": str(step)})
        if time.monotonic() >= self._due and self._position.step == step + 1:  # what a GPU has done beyond is not told
            start = time.monotonic()
            self.save()
            self._due = time.monotonic() + max(EVERY, (time.monotonic() - start) / SHARE)
            self._tell()

    def save(self, kept: bool = True) -> bool:
        """Whether there is a checkpoint of the present; of a net that is too large there is none.

        Without the `kept` weights at the end of a run: there all of them are given back.
        """
        from resnet.training.checkpoint import write

        if not self._position.begun or self._position.size() > LARGEST:
            return False
        checkpoint = self._position.checkpoint()
        earlier = _made.get(self._run, {}).get("states", {})  # that nobody came for
        content = write(checkpoint, self._about)
        states = {**earlier, **self._states} if kept else {}
        _made[self._run] = {"step": checkpoint.step, "tensors": content, "states": states}
        self._states = {}
        return True


def tensors(state: "dict[str, Tensor]", about: dict[str, str]) -> bytes:
    """As safetensors that say of which net they are, after which step."""
    from safetensors.torch import save

    return save({name: tensor.contiguous().cpu() for name, tensor in state.items()}, about)
