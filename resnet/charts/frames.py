"""Frames of a chart that is played or dragged: one figure whole, and of the others only what differs from it.

The browser lays a difference over the whole figure (assets/ui/plot.js), so 40 steps of four profiles travel in 30 kB.
"""

from collections.abc import Mapping
from typing import Any

GONE = None  # in place of a value: the figure has none there


def difference(base: Any, other: Any) -> Any:
    """What makes `other` of `base` (plain values): nested, parts of a list by their place; ``{}`` for no difference.

    A list of another length, or of anything but mappings, is given whole.
    """
    if isinstance(base, Mapping) and isinstance(other, Mapping):
        changed = {name: difference(base.get(name), part) for name, part in other.items() if base.get(name) != part}
        return changed | {name: GONE for name in base if name not in other}
    if isinstance(base, list) and isinstance(other, list) and _of_parts(base) and len(base) == len(other):
        pairs = enumerate(zip(base, other, strict=True))
        return {str(place): difference(*pair) for place, pair in pairs if pair[0] != pair[1]}
    return other


def laid_over(base: Any, change: Any) -> Any:
    """The figure of a frame: `base` with a `difference` laid over it, as the browser does it."""
    if isinstance(base, Mapping) and isinstance(change, Mapping):
        kept = {name: part for name, part in base.items() if not (name in change and change[name] is GONE)}
        return kept | {name: laid_over(base.get(name), part) for name, part in change.items() if part is not GONE}
    if isinstance(base, list) and isinstance(change, Mapping):
        return [laid_over(part, change.get(str(place), {})) for place, part in enumerate(base)]
    return change


def _of_parts(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, Mapping) for value in values)
