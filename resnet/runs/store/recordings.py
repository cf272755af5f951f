"""Runs that come with the app: trained when it was made, to be looked at before anything is trained here.

One safetensors file for each demo or experiment: columns and profiles of its runs as float32, last weights in half
precision where a page needs them, and in the header which runs they are, where and when they were trained, and by
which versions. No pickle, no torch.
"""

import json
import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save, save_file

from resnet.runs.store.records import Curves, Run, stride
from resnet.specs import NUMERICS, NetSpec, Recipe, SpecError, run_id

DEVICES = ("cpu", "cuda", "mps")  # a recording stands for the run on any of them, until it is trained there
MADE = ("date", "device", "python", "torch", "numerics")  # what a file must tell of its making
COLUMNS = ("step", "loss", "accuracy", "lr", "seconds")
TESTS = ("test_step", "test_loss", "test_accuracy")

Profiles = Mapping[str, tuple[np.ndarray, np.ndarray]]
Arrays = dict[str, np.ndarray]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Take:
    """One run to be written: its numbers as the store has them, and its last weights as safetensors or None."""

    run: Run
    curves: Curves
    profiles: Profiles
    weights: Arrays = field(default_factory=dict)


@dataclass(frozen=True)
class _Place:
    """Where a run stands."""

    path: Path
    number: int
    run: Run


class Recordings:
    """The files of a folder, for any thread; one that cannot be read is left out, and the log says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    def runs(self, ids: Iterable[str]) -> dict[str, Run]:
        """Those that are recorded among `ids`, as finished runs with these ids."""
        return {run: self._places[run].run for run in ids if run in self._places}

    def every(self) -> dict[str, list[Run]]:
        """All runs by the name of their file, as they were trained."""
        found: dict[str, list[Run]] = {}
        for place in self._places.values():
            if run_id(place.run.net, place.run.recipe, place.run.device) == place.run.id:
                found.setdefault(place.path.stem, []).append(place.run)
        return found

    def curves(self, run: str, max_points: int | None = None) -> Curves:
        """As `Store.curves`."""
        found = self._read(run, (*COLUMNS, *TESTS))
        columns = np.stack([found[name] for name in COLUMNS]).astype(np.float64)
        last = int(columns[0, -1])
        shown = (columns[0] % stride(last, max_points) == 0) | (columns[0] == last)
        return Curves(*columns[:, shown], *(found[name].astype(np.float64) for name in TESTS))

    def profiles(self, run: str, probe: str) -> tuple[np.ndarray, np.ndarray]:
        """As `Store.profiles`."""
        found = self._read(run, (f"profile/{probe}/step", f"profile/{probe}/values"))
        if len(found) < 2:
            return np.empty(0, np.int64), np.empty((0, 0), np.float32)
        steps, values = found.values()
        return steps.astype(np.int64), values

    def state(self, run: str) -> bytes | None:
        """The last weights as safetensors in single precision; None where they are not recorded."""
        found = self._read(run, prefix="weights/")
        tensors = {name: _single(value) for name, value in found.items()}
        return save(tensors) if tensors else None

    def has_state(self, run: str) -> bool:
        """Whether the last weights are there."""
        place = self._places[run]
        with safe_open(place.path, "numpy") as file:
            keys = set(file.keys())
        return any(key.startswith(f"{place.number}/weights/") for key in keys)

    def size(self, run: str) -> int:
        """Bytes of its numbers and weights in the file."""
        return sum(value.nbytes for value in self._read(run).values())

    def __contains__(self, run: str) -> bool:
        return run in self._places

    @cached_property
    def _places(self) -> dict[str, _Place]:
        with self._lock:
            return {run.id: place for path in sorted(self.folder.glob("*.safetensors")) for run, place in _index(path)}

    def _read(self, run: str, names: Sequence[str] = (), prefix: str = "") -> Arrays:
        place = self._places[run]
        own = f"{place.number}/"
        with safe_open(place.path, "numpy") as file:
            keys = set(file.keys())
            wanted = names or sorted(key.removeprefix(own) for key in keys if key.startswith(own + prefix))
            found = {name: file.get_tensor(own + name) for name in wanted if own + name in keys}
        return {name.removeprefix(prefix): value for name, value in found.items()}


def _index(path: Path) -> Iterator[tuple[Run, _Place]]:
    """The runs of a file, once for each kind of device."""
    try:
        with safe_open(path, "numpy") as file:
            about = file.metadata() or {}
        made, runs = json.loads(about["made"]), json.loads(about["runs"])
        origin = f"{made['device']}, {made['date']}"
        if made["numerics"] != NUMERICS:
            _log.warning("%s was recorded by an earlier version, whose numbers were others; it is left out", path.name)
            return
        entries = [(number, _run(entry, origin)) for number, entry in enumerate(runs)]
    except (OSError, SafetensorError, SpecError, ValueError, KeyError, TypeError) as error:
        _log.warning("the recording %s cannot be read and is left out: %s", path.name, error)
        return
    for number, run in entries:
        for device in DEVICES:
            known = Run(**{**vars(run), "id": run_id(run.net, run.recipe, device)})
            yield known, _Place(path, number, known)


def _run(entry: Mapping[str, Any], origin: str) -> Run:
    net, recipe = NetSpec.from_json(entry["net"]), Recipe.from_json(entry["recipe"])
    return Run(
        id=run_id(net, recipe, entry["device"]),
        net=net,
        recipe=recipe,
        device=entry["device"],
        status=entry["status"],
        message=entry["message"],
        created=entry["finished"] - entry["seconds"],
        started=entry["finished"] - entry["seconds"],
        finished=entry["finished"],
        step=entry["step"],
        seconds=entry["seconds"],
        values=entry["values"],
        recorded=origin,
    )


def write(path: Path, takes: Sequence[Take], made: Mapping[str, Any]) -> int:
    """Write a file and return its bytes; `made` has the fields of `MADE`, and may have others."""
    arrays: Arrays = {}
    for number, take in enumerate(takes):
        arrays |= {f"{number}/{name}": np.asarray(value, order="C") for name, value in _arrays(take)}
    told = {**{name: made[name] for name in MADE}, **made}
    about = {"made": json.dumps(told), "runs": json.dumps([_entry(take) for take in takes])}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    save_file(arrays, temporary, about)
    temporary.replace(path)
    return path.stat().st_size


def _arrays(take: Take) -> Iterator[tuple[str, np.ndarray]]:
    for name in (*COLUMNS, *TESTS):
        yield name, getattr(take.curves, name).astype(np.int32 if name.endswith("step") else np.float32)
    for probe, (steps, values) in take.profiles.items():
        yield f"profile/{probe}/step", steps.astype(np.int32)
        yield f"profile/{probe}/values", values.astype(np.float32)
    for name, weight in take.weights.items():
        yield f"weights/{name}", _half(weight)


def _entry(take: Take) -> dict[str, Any]:
    run = take.run
    told = {name: getattr(run, name) for name in ("device", "status", "message", "finished", "step", "seconds")}
    return {"net": run.net.to_json(), "recipe": run.recipe.to_json(), "values": dict(run.values), **told}


def _half(weight: np.ndarray) -> np.ndarray:
    """Convolutions and the head in half precision; what norms keep needs its range, and is small."""
    fits = weight.dtype == np.float32 and weight.ndim > 1 and np.abs(weight).max(initial=0) < np.finfo(np.float16).max
    return weight.astype(np.float16) if fits else weight


def _single(weight: np.ndarray) -> np.ndarray:
    return weight.astype(np.float32) if weight.dtype == np.float16 else weight
