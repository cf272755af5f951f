"""What a run recorded, as numbers, and as safetensors: read without running anything that stands in the file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from safetensors.numpy import load, save

from resnet import catalog
from resnet.errors import UserError
from resnet.i18n import _

STEP_COLUMNS = ("step", "loss", "accuracy", "lr", "seconds")
TEST_COLUMNS = ("step", "loss", "accuracy")
Profiles = Mapping[str, tuple[np.ndarray, np.ndarray]]


class NumbersError(UserError, ValueError):
    """Numbers of a run that cannot be used."""


@dataclass(frozen=True)
class Numbers:
    """`steps` (S, 5) and `tests` (E, 3) float64 by the columns above; `profiles` by probe: (P,) int64, (P, L) float32.

    Losses in nats, accuracies 0-1, seconds since the start; NaN and Inf kept.
    """

    steps: np.ndarray
    tests: np.ndarray
    profiles: Profiles = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Inverse of `from_bytes`."""
        tensors = {"steps": np.ascontiguousarray(self.steps), "tests": np.ascontiguousarray(self.tests)}
        for probe, (steps, values) in self.profiles.items():
            tensors |= {f"{probe}/steps": np.ascontiguousarray(steps), f"{probe}/values": np.ascontiguousarray(values)}
        return bytes(save(tensors))

    @classmethod
    def from_bytes(cls, content: bytes, last: int) -> "Numbers":
        """The numbers of a run that ended after step `last`. Raises NumbersError when they cannot be those of a run."""
        try:
            _require_known_types(content)
            tensors = dict(load(content))
            steps, tests = tensors.pop("steps"), tensors.pop("tests")
        except Exception as error:  # what safetensors raises has no common name
            raise NumbersError(_("its numbers are no safetensors of a run")) from error
        _require_matrix(steps, len(STEP_COLUMNS), last)
        _require_matrix(tests, len(TEST_COLUMNS), last)
        if int(steps[-1, 0] if len(steps) else 0) != last:
            raise NumbersError(_("its curves end elsewhere than the run itself"))
        return cls(steps, tests, _profiles(tensors, last))


def _require_known_types(content: bytes) -> None:
    """numpy would read others as something else. Raises ValueError."""
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    header.pop("__metadata__", None)
    if not {entry["dtype"] for entry in header.values()} <= {"F64", "F32", "I64"}:
        raise ValueError("another type")


def _require_matrix(values: np.ndarray, columns: int, last: int) -> None:
    """Rows in the order of whole steps up to `last`."""
    fits = values.ndim == 2 and values.shape[1] == columns and values.dtype == np.float64
    if not fits or not _ascending(values[:, 0], last):
        raise NumbersError(_("its curves are not in the order of its steps"))


def _ascending(steps: np.ndarray, last: int) -> bool:
    whole = bool(np.isfinite(steps).all()) and bool((steps == np.floor(steps)).all())
    return whole and bool((np.diff(steps) > 0).all()) and (not len(steps) or (steps[0] >= 0 and steps[-1] <= last))


def _profiles(tensors: dict[str, np.ndarray], last: int) -> Profiles:
    found = {}
    for probe in dict.fromkeys(name.partition("/")[0] for name in tensors):
        steps, values = tensors.pop(f"{probe}/steps", None), tensors.pop(f"{probe}/values", None)
        if probe not in (*catalog.PROBES, catalog.CLIPPED) or steps is None or values is None:
            raise NumbersError(_("it measured something that this version does not know"))
        fits = steps.ndim == 1 and values.ndim == 2 and len(steps) == len(values)
        if not fits or steps.dtype != np.int64 or values.dtype != np.float32 or not _ascending(steps, last):
            raise NumbersError(_("its measurements are not in the order of its steps"))
        found[probe] = steps, values
    if tensors:
        raise NumbersError(_("it measured something that this version does not know"))
    return found
