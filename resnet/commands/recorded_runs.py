"""From the store into a recording: which runs a file holds, what is kept of them, and how they were made."""

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load

from resnet import datasets
from resnet.catalog import PROBES
from resnet.experiments import Experiment
from resnet.runs.store import Run, Store
from resnet.runs.store.recordings import Take, write
from resnet.specs import NUMERICS, NetSpec, Recipe

MAIN = ("output_gradient", "gradient_norm", "activation_std")
STEPS = 11  # recorded steps of a profile; the demo keeps all
WHOLE = "demo"  # every probe at every recorded step
ENDED = ("done", "diverged")

Asked = tuple[NetSpec, Recipe]


class Writer:
    """Writes a file for each experiment; a run that several have stands in the file of the first of `experiments`."""

    def __init__(self, store: Store, label: str, experiments: Sequence[Experiment], folder: Path) -> None:
        self._store, self._folder, self._label = store, folder, label
        self._owners: dict[Asked, str] = {}
        self._probes: dict[Asked, set[str]] = {}
        self._weights: set[Asked] = set()
        for experiment in experiments:
            for asked in experiment.runs():
                self._owners.setdefault(asked, experiment.name)
                self._probes.setdefault(asked, set(MAIN)).update(experiment.probes)
            self._weights.update(_with_weights(experiment))

    def write(self, experiment: Experiment, runs: Mapping[Asked, Run]) -> str:
        """A line about the file: its size, how many runs it has, and which others stand elsewhere."""
        asked = list(dict.fromkeys(experiment.runs()))
        own = [one for one in asked if self._owners[one] == experiment.name and runs[one].status in ENDED]
        elsewhere = dict.fromkeys(owner for one in asked if (owner := self._owners[one]) != experiment.name)
        path = self._folder / f"{experiment.name}.safetensors"
        size = write(path, [self._take(experiment, one, runs[one]) for one in own], self._made(own)) if own else 0
        line = f"{experiment.name:18} {size / 1e6:6.2f} MB  {len(own)} runs"
        return line + (f"; others stand in {', '.join(map(self._named, elsewhere))}\n" if elsewhere else "\n")

    def _named(self, owner: str) -> str:
        missing = not (self._folder / f"{owner}.safetensors").exists()
        return f"{owner} (not recorded yet)" if missing else owner

    def _take(self, experiment: Experiment, asked: Asked, run: Run) -> Take:
        whole = experiment.name == WHOLE
        names = [name for name in PROBES if whole or name in self._probes[asked]]
        profiles = {name: found for name in names if len((found := self._profile(run.id, name, whole))[0])}
        content = self._store.state(run.id) if asked in self._weights and run.status == "done" else None
        return Take(run, self._store.curves(run.id), profiles, load(content) if content else {})

    def _profile(self, run: str, probe: str, whole: bool) -> tuple[np.ndarray, np.ndarray]:
        steps, values = self._store.profiles(run, probe)
        kept = np.arange(len(steps)) if whole else few(len(steps))
        return steps[kept], values[kept]

    def _made(self, asked: Sequence[Asked]) -> dict[str, Any]:
        used = dict.fromkeys(recipe.data for _net, recipe in asked)
        return {
            "date": datetime.now(UTC).date().isoformat(),
            "device": ", ".join(dict.fromkeys(part for part in (self._label, processor()) if part)),
            "python": platform.python_version(),
            "torch": version("torch"),
            "numerics": NUMERICS,
            "data": {name: datasets.version_of(name) for name in used},
        }


def _with_weights(experiment: Experiment) -> list[Asked]:
    rows = map(experiment.row, experiment.weights)
    return [(row.spec, own) for row in rows for own in experiment.recipe(row).each()]


def few(count: int) -> np.ndarray:
    """The places of at most `STEPS` of `count` steps, evenly, the first and the last one among them."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(count, STEPS)).round().astype(int))


def processor() -> str:
    """The name of this machine's processor; empty where nobody tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    found = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(found, platform.processor())
