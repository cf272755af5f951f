"""What the store hands out: a run, and the curves of a run."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from resnet import catalog
from resnet.findings.learning import Result, result
from resnet.i18n import _
from resnet.specs import NetSpec, Recipe, SpecError

RunStatus = Literal["queued", "running", "done", "stopped", "diverged", "failed"]
RUN_COLUMNS = "id, net, recipe, device, status, message, created, started, finished, step, seconds, message_values"


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

    @property
    def sentence(self) -> str:
        """The message in the visitor's language; empty for a run that needs none."""
        return _(self.message, **self.values) if self.message else ""

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> "Run | None":
        """The run of a row of `RUN_COLUMNS`; None when its specs are no longer within what is allowed."""
        columns = dict(zip(RUN_COLUMNS.split(", "), row, strict=True))
        specs = _specs(columns["net"], columns["recipe"])
        if specs is None:
            return None
        values = json.loads(columns.pop("message_values"))
        return cls(**{**columns, "net": specs[0], "recipe": specs[1], "values": values})


@lru_cache(maxsize=1024)  # a page asks for the same few runs every second
def _specs(net: str, recipe: str) -> tuple[NetSpec, Recipe] | None:
    try:
        return NetSpec.from_json(net), Recipe.from_json(recipe)
    except SpecError:  # an older version, or a host that lowered a limit
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
        known = self.test_accuracy[self.test_step <= (np.inf if until is None else until)]
        data = catalog.DATASETS[recipe.data]
        test, tested = (float(known[-1]), data.test) if len(known) else (math.nan, 0)
        series = self.step[upto], self.loss[upto], self.accuracy[upto]
        return result(*series, recipe.batch, recipe.steps, len(data.classes), test, tested)

    @classmethod
    def from_rows(cls, steps: Sequence[Sequence[Any]], tests: Sequence[Sequence[Any]]) -> "Curves":
        """From rows (step, loss, accuracy, lr, seconds) and (step, loss, accuracy)."""
        # SQLite keeps NaN as NULL; as a float array it is NaN again
        columns = np.array(steps, dtype=np.float64).reshape(-1, 5).T
        return cls(*columns, *np.array(tests, dtype=np.float64).reshape(-1, 3).T)


def stride(last: int, max_points: int | None) -> int:
    """Every how many steps one is shown so that steps 0–`last` are at most `max_points`, the last one included.

    A power of two: while a run grows, the points that are shown stay where they are.
    """
    step = 1
    while max_points is not None and -(-last // step) + 1 > max(max_points, 2):
        step *= 2
    return step
