"""The store of an app that comes with recordings: a run that nobody has trained here is the recorded one."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from resnet.runs.store.recordings import Recordings
from resnet.runs.store.records import Curves, Run
from resnet.runs.store.states import LAST
from resnet.runs.store.store import Store

FOLDER = Path(__file__).parents[3] / "assets" / "recordings"  # of a checkout; an installed package has none
VARIABLE = "RESNET_RECORDINGS"  # another folder, or none


def opened(path: Path) -> Store:
    """The store at `path`, beside the recordings unless the host wants none. Raises StoreError."""
    recordings = wanted()
    return Store(path) if recordings is None else RecordedStore(path, recordings)


def wanted() -> Recordings | None:
    """Those that come with the app or those of another folder; None where the host wants none."""
    folder = os.environ.get(VARIABLE, "").strip()
    if folder.lower() in ("no", "none", "0", "off"):
        return None
    return Recordings(Path(folder) if folder else FOLDER)


class RecordedStore(Store):
    """As soon as a recorded run is trained here too, the own one takes its place, whatever becomes of it."""

    def __init__(self, path: Path, recordings: Recordings) -> None:
        super().__init__(path)
        self.recordings = recordings

    def runs(self, ids: Iterable[str]) -> dict[str, Run]:
        wanted = list(dict.fromkeys(ids))
        found = {**self.recordings.runs(wanted), **super().runs(wanted)}
        return {run_id: found[run_id] for run_id in wanted if run_id in found}

    def versions(self, ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        wanted = list(dict.fromkeys(ids))
        recorded: dict[str, tuple[Any, ...]] = dict.fromkeys(self.recordings.runs(wanted), ("recorded",))
        return {**recorded, **super().versions(wanted)}

    def curves(self, run_id: str, max_points: int | None = None) -> Curves:
        found = self.recordings.curves if self._recorded(run_id) else super().curves
        return found(run_id, max_points)

    def profiles(self, run_id: str, probe: str) -> tuple[np.ndarray, np.ndarray]:
        found = self.recordings.profiles if self._recorded(run_id) else super().profiles
        return found(run_id, probe)

    def kept_steps(self, run_id: str) -> list[int]:
        if not self._recorded(run_id):
            return super().kept_steps(run_id)
        (run,) = self.recordings.runs([run_id]).values()
        return [run.step] if self.recordings.has_state(run_id) else []

    def state(self, run_id: str, step: int = LAST) -> bytes | None:
        return self.recordings.state(run_id) if self._recorded(run_id) else super().state(run_id, step)

    def _recorded(self, run_id: str) -> bool:
        return run_id in self.recordings and not super().versions([run_id])
