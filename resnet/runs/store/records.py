"""What the store hands out: a run, and the curves of a run."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, get_args

import numpy as np

from resnet import catalog
from resnet.findings.learning import Result, result
from resnet.i18n import N_, _
from resnet.specs import NetSpec, Recipe, SpecError

DAMAGED = N_("What was recorded of this run is damaged; it can be trained again.")
RunStatus = Literal["queued", "running", "done", "paused", "stopped", "diverged", "failed"]
RUN_COLUMNS = "id, net, recipe, device, status, message, created, started, finished, step, seconds, message_values"
THERE = "deleted IS NULL"  # a run that a visitor has deleted is as good as gone, though it may still come back


@dataclass(frozen=True)
class Run:
    """One net trained by one recipe; times in unix seconds, `step` the last one recorded, `seconds` its training time.

    `message` says why a run ended early: a marked text with places for `values`.
    """

    id: str
    net: NetSpec
    recipe: Recipe
    device: str
    status: RunStatus
    message: str
    created: float
    started: float | None
    finished: float | None
    step: int
    seconds: float
    values: Mapping[str, Any] = field(default_factory=dict)
    recorded: str = ""  # where and when, for a run that came with the app; see `recordings`

    @property
    def sentence(self) -> str:
        """The message in the visitor's language; empty for a run that needs none."""
        return _(self.message, **self.values) if self.message else ""

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> "Run | None":
        """The run of a row of `RUN_COLUMNS`; None when nobody can say which run it was, or it is no longer allowed.

        Where anything else of it is damaged the run has failed, and says so.
        """
        columns = dict(zip(RUN_COLUMNS.split(", "), row, strict=True))
        specs = _specs(columns["net"], columns["recipe"])
        if specs is None or not isinstance(columns["id"], str):
            return None
        columns |= {"net": specs[0], "recipe": specs[1], "values": _values(columns.pop("message_values"))}
        if all(isinstance(columns[name], kinds) for name, kinds in _KINDS.items()):
            run = cls(**columns)
            if run.status in get_args(RunStatus) and run._can_speak():
                return run
        return cls(columns["id"], *specs, "", "failed", DAMAGED, 0.0, None, None, 0, 0.0)

    def _can_speak(self) -> bool:
        """Whether the values fit the places of the message."""
        try:
            self.message.format(**self.values)
        except (LookupError, ValueError, AttributeError, TypeError):
            return False
        return True


_TIME = (float, int)
_KINDS: dict[str, Any] = {
    **dict.fromkeys(("device", "status", "message"), str),
    **dict.fromkeys(("created", "seconds"), _TIME),
    **dict.fromkeys(("started", "finished"), (*_TIME, type(None))),
    "step": int,
    "values": dict,
}


def _values(text: Any) -> Any:
    """The places of a message; None when they cannot be read."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None


@lru_cache(maxsize=1024)  # a page asks for the same few runs every second
def _specs(net: Any, recipe: Any) -> tuple[NetSpec, Recipe] | None:
    try:
        return NetSpec.from_json(net), Recipe.from_json(recipe)
    except (SpecError, ValueError, TypeError, RecursionError):  # damaged, or a host that lowered a limit
        return None


@dataclass(frozen=True)
class Curves:
    """Columns over the recorded steps (S,) and over the evaluations on the test images (E,); all float64.

    Losses in nats, NaN and Inf kept; accuracies 0–1; `seconds` since the start of the training.
    """

    step: np.ndarray
    loss: np.ndarray
    accuracy: np.ndarray
    lr: np.ndarray
    seconds: np.ndarray
    test_step: np.ndarray
    test_loss: np.ndarray
    test_accuracy: np.ndarray

    def result(self, recipe: Recipe, until: int | None = None) -> Result:
        """What a run by this recipe has learned by step `until`, by default by its last one."""
        upto = slice(None if until is None else int(np.searchsorted(self.step, until, side="right")))
        known = np.flatnonzero(self.test_step <= (np.inf if until is None else until))
        test, tested = math.nan, 0
        if len(known):
            test, tested = float(self.test_accuracy[known[-1]]), recipe.tested(self.test_step[known[-1]])
        series = self.step[upto], self.loss[upto], self.accuracy[upto]
        return result(*series, recipe.batch, recipe.steps, len(catalog.data_choice(recipe.data).classes), test, tested)

    @classmethod
    def from_rows(cls, steps: Sequence[Sequence[Any]], tests: Sequence[Sequence[Any]]) -> "Curves":
        """From rows (step, loss, accuracy, lr, seconds) and (step, loss, accuracy); damaged ones are left out."""
        return cls(*_columns(steps, 5), *_columns(tests, 3))


def _columns(rows: Sequence[Sequence[Any]], width: int) -> np.ndarray:
    """(width, rows) float64; SQLite keeps NaN as NULL, and as a float it is NaN again."""
    try:
        return np.array(rows, dtype=np.float64).reshape(-1, width).T
    except (ValueError, TypeError):
        sound = [row for row in rows if all(isinstance(value, (float, int, type(None))) for value in row)]
        return np.array(sound, dtype=np.float64).reshape(-1, width).T


def matrix(rows: Sequence[tuple[Any, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """Steps (S,) int64 and values (S, L) float32 of rows (step, bytes); those unlike most others are left out."""
    sizes = Counter(len(own) for _step, own in rows if isinstance(own, bytes) and len(own) % 4 == 0)
    usual = sizes.most_common(1)[0][0] if sizes else 0
    whole = [(step, own) for step, own in rows if isinstance(own, bytes) and len(own) == usual]
    sound = [(step, own) for step, own in whole if isinstance(step, int)]
    values = np.frombuffer(b"".join(own for _step, own in sound), dtype="<f4")
    layers = usual // 4 if sound else 0
    return np.array([step for step, _own in sound], dtype=np.int64), values.reshape(len(sound), layers)


def stride(last: int, max_points: int | None) -> int:
    """Every how many steps one is shown so that steps 0–`last` are at most `max_points`, the last one included.

    A power of two: while a run grows, the points that are shown stay where they are.
    """
    step = 1
    while max_points is not None and -(-last // step) + 1 > max(max_points, 2):
        step *= 2
    return step
