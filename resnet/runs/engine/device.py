"""What trains on this machine, as it was found last time."""

import json
import math
import os
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from resnet.runs.errors import StoreError
from resnet.runs.store import Store
from resnet.training.estimates import Speed


def device_before(store: Store) -> dict[str, Any]:
    """What `tasks.train.device_info` told the last engine; a CPU at the first start, and where that note is damaged."""
    with suppress(ValueError, LookupError, TypeError, RecursionError):
        found = json.loads(store.meta("device") or "")
        known = {"type": str(found["type"]), "label": str(found["label"]), "count": int(found["count"])}
        return {**known, "memory": float(found.get("memory", 0)), "missing": str(found.get("missing", ""))}
    return {"type": "cpu", "label": "CPU", "count": 0, "missing": ""}


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def speed_before(store: Store, device: str) -> Speed | None:
    """The speed of this kind of device as it was measured here; None before that, and where the note is damaged."""
    with suppress(ValueError, LookupError, TypeError, RecursionError, AttributeError, StoreError):
        found = {name: float(value) for name, value in json.loads(store.meta(_key(device)) or "").items()}
        if all(math.isfinite(value) and value >= 0 for value in found.values()):
            return Speed(**found)
    return None


def keep_speed(store: Store, device: str, speed: Speed) -> None:
    """For `speed_before`; where it cannot be kept it is measured again."""
    with suppress(StoreError):
        store.set_meta(_key(device), json.dumps(asdict(speed)))


def _key(device: str) -> str:
    return f"speed of {device}"
