"""What the host decides, in one place: widgets and validation read the same numbers.

A host lowers or raises a limit by an environment variable, e.g. ``RESNET_MAX_DEPTH=110``. A value that cannot be used
leaves the default in force and is told in one sentence where something starts: on every page and on the command line.
"""

import difflib
import os
import re
from dataclasses import dataclass, fields
from typing import Any

from resnet.errors import UserError
from resnet.i18n import _

PREFIX = "RESNET_"
# What a host may set beside the limits.
OTHERS = (
    "RESNET_DATA",
    "RESNET_DEVICE",
    "RESNET_FAST",
    "RESNET_FETCH",
    "RESNET_FRAMES",
    "RESNET_GRAPHS",
    "RESNET_HOME",
    "RESNET_MIRROR",
    "RESNET_RECORDINGS",
    "RESNET_SCHEDULER",
    "RESNET_TOKEN",
    "RESNET_URL",
    "RESNET_WORKERS",
)
OWN = ("RESNET_TRAIN_SLOT",)  # set by the engine for its workers


class SettingError(UserError, ValueError):
    """An environment variable whose value cannot be used."""


@dataclass(frozen=True)
class Limits:
    """Inclusive bounds. Below depth 8 a stage would be empty; batch norm needs two images."""

    min_depth: int = 8
    max_depth: int = 1202
    min_width: int = 4
    max_width: int = 64
    max_steps: int = 10_000
    min_batch: int = 2
    max_batch: int = 512
    max_nets: int = 6
    max_queue: int = 80  # runs that one visitor may have waiting; a depth sweep of 14 nets with five seeds is 70
    max_questions: int = 800  # answers of workers that one visitor may wait for: as many as `ui.parts.backend` keeps
    max_link: int = 4_000  # characters of an address that are read at all
    max_upload_mb: int = 20
    max_pixels: int = 50_000_000  # of a picture from outside
    max_zip_mb: int = 100  # of an archive of pictures
    max_files: int = 2_000  # in it; 43 kB each in the three sizes that are kept
    max_data_sets: int = 50  # of visitors, on this computer
    max_classes: int = 200  # words of links under which a room's guesses and runs are kept
    max_class_runs: int = 2_000  # on the board of one; a room of thirty with two depth sweeps each is 840
    max_class_days: float = 90.0  # without a guess or a run, after which a class is forgotten
    max_store_gb: float = 5.0  # of runs.sqlite: 120 wide nets with their nine states, or 3,000 of res-56; 0: no limit
    max_memory_gb: float = 0.0  # per worker; 0: what this machine has free

    def depth(self, wanted: int) -> int:
        """The even depth within the limits that is nearest to `wanted`."""
        low, high = self.min_depth + self.min_depth % 2, self.max_depth - self.max_depth % 2
        return min(max(wanted, low), high)

    @classmethod
    def from_environment(cls) -> "Limits":
        """The defaults, changed by every ``RESNET_<NAME>`` that can be used."""
        return _read()[0]


# What a host may choose. The highest values only catch typing errors; a link's is what the server reads of an address.
ALLOWED: dict[str, tuple[float, float]] = {
    "min_depth": (8, 100_000),
    "max_depth": (8, 100_000),
    "min_width": (1, 4_096),
    "max_width": (1, 4_096),
    "max_steps": (1, 10_000_000),
    "min_batch": (2, 100_000),
    "max_batch": (2, 100_000),
    "max_nets": (1, 100),
    "max_queue": (1, 100_000),
    "max_questions": (1, 100_000),
    "max_link": (200, 1_000_000),
    "max_upload_mb": (1, 10_000),
    "max_pixels": (64, 10**9),
    "max_zip_mb": (1, 10_000),
    "max_files": (4, 100_000),
    "max_data_sets": (0, 100_000),
    "max_classes": (0, 100_000),
    "max_class_runs": (1, 100_000),
    "max_class_days": (0.01, 100_000),
    "max_store_gb": (0, 100_000),
    "max_memory_gb": (0, 100_000),
}


def faults() -> list[str]:
    """One sentence for each variable that cannot be used: name, value, what is allowed."""
    found = _read()[1]
    for read in (workers, device):
        try:
            read()
        except SettingError as error:
            found.append(str(error))
    return found


def require_usable() -> None:
    """Raises SettingError with the first of the `faults`."""
    for fault in faults():
        raise SettingError(fault)


def unknown() -> list[str]:
    """One sentence for each ``RESNET_…`` that nothing reads, with the known name that is nearest."""
    known = [*OTHERS, *(_variable(field.name) for field in fields(Limits))]
    found = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in (*known, *OWN))
    ends = [name.removeprefix(PREFIX) for name in known]  # the prefix would make any two names similar
    return [_unknown(name, difflib.get_close_matches(name.removeprefix(PREFIX), ends, n=1)) for name in found]


def workers() -> int:
    """How many runs the host wants to be trained at once; 0: one per core, or per GPU. Raises SettingError."""
    return int(_number("RESNET_WORKERS", 0, (0, 1_024)))


def device() -> str:
    """The device that the host wants to train on; empty: the best there is. Raises SettingError."""
    wanted = os.environ.get("RESNET_DEVICE", "").strip().lower()
    if not re.fullmatch(r"|cpu|mps|cuda(:[0-9]{1,3})?", wanted):
        places = {"name": "RESNET_DEVICE", "value": wanted[:40]}
        raise SettingError(_("{name} must be cpu, cuda, cuda:0, cuda:1 … or mps; got “{value}”", **places))
    return wanted


def _read() -> tuple[Limits, list[str]]:
    values: dict[str, Any] = {}
    found: list[str] = []
    for field in fields(Limits):
        try:
            values[field.name] = _number(_variable(field.name), field.default, ALLOWED[field.name])
        except SettingError as error:
            found.append(str(error))
    limits = Limits(**values)
    for of in ("depth", "width", "batch"):
        low, high = f"min_{of}", f"max_{of}"
        if not _room(of, getattr(limits, low), getattr(limits, high)):
            found.append(_contradiction(of, getattr(limits, low), getattr(limits, high)))
            values = {name: value for name, value in values.items() if name not in (low, high)}
    return Limits(**values), found


def _number(name: str, default: Any, allowed: tuple[float, float]) -> Any:
    """The variable's value as a number of the default's type; empty is as good as missing. Raises SettingError."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    low, high = allowed
    try:
        value = type(default)(text)
    except ValueError:
        value = None
    if value is None or not low <= value <= high:  # NaN is not within either
        kind = _("a number") if isinstance(default, float) else _("a whole number")
        places = {"name": name, "value": text[:40], "kind": kind, "low": f"{low:,}", "high": f"{high:,}"}
        raise SettingError(_("{name} must be {kind}, {low} to {high}; got “{value}”", **places))
    return value


def _room(of: str, low: int, high: int) -> bool:
    """Whether anything lies between; a depth is even."""
    return low + low % 2 <= high if of == "depth" else low <= high


def _contradiction(of: str, low: int, high: int) -> str:
    names = {"lower": _variable(f"min_{of}"), "upper": _variable(f"max_{of}")}
    if low > high:
        return _("{lower} must be at most {upper}; got {low} and {high}", **names, low=low, high=high)
    return _("{lower} and {upper} must leave an even depth; got {low} and {high}", **names, low=low, high=high)


def _unknown(name: str, near: list[str]) -> str:
    if near:
        return _("{name} is no known setting and has no effect; did you mean {near}?", name=name, near=PREFIX + near[0])
    return _("{name} is no known setting and has no effect", name=name)


def _variable(field: str) -> str:
    return PREFIX + field.upper()


LIMITS = Limits.from_environment()
