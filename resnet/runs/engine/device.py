"""What trains on this machine, as it was found last time."""

import json
from contextlib import suppress
from typing import Any

from resnet.runs.store import Store


def device_before(store: Store) -> dict[str, Any]:
    """What `tasks.train.device_info` told the last engine; a CPU at the first start, and where that note is damaged."""
    with suppress(ValueError, LookupError, TypeError, RecursionError):
        found = json.loads(store.meta("device") or "")
        known = {"type": str(found["type"]), "label": str(found["label"]), "count": int(found["count"])}
        return {**known, "memory": float(found.get("memory", 0))}
    return {"type": "cpu", "label": "CPU", "count": 0}
