"""NetSpec and Recipe: what to build and how to train it; flat, frozen, validated, with short reversible names.

``NetSpec.parse("res-56-w16")`` and ``str(spec)`` are inverse to each other. A wrong value raises `SpecError` with one
sentence: what is wrong, what is allowed, the nearest valid value.
"""

import hashlib
import json

from resnet.specs.base import Spec, SpecError, nearest, short
from resnet.specs.net import NET_RANGES, NetSpec, obstacle
from resnet.specs.options import NET_OPTIONS
from resnet.specs.recipe import RANGES, RECIPE_OPTIONS, Recipe
from resnet.specs.spread import CONVOLUTIONS, STAGES, depths, nearest_depth

OPTIONS = {**NET_OPTIONS, **RECIPE_OPTIONS}
NUMERICS = 1  # raise when the same spec would train to other numbers: old runs are then no longer "the same run"
# The fields that a net had when the first runs were made: they always count; later ones only where they differ from
# their default, so that a run is found again after a field was added.
_FIRST = {"block", "depth", "width", "stem_stride", "shortcut", "norm", "activation", "init"}


def run_id(net: NetSpec, recipe: Recipe, device: str) -> str:
    """Twelve hex digits that stand for this net, recipe and device type: the same run is never trained twice."""
    changed = net.changed()
    fields = {name: value for name, value in net.model_dump().items() if name in _FIRST or name in changed}
    text = json.dumps([NUMERICS, json.dumps(fields, sort_keys=True), recipe.to_json(), device])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


__all__ = [
    "CONVOLUTIONS",
    "NET_RANGES",
    "OPTIONS",
    "RANGES",
    "STAGES",
    "NetSpec",
    "Recipe",
    "Spec",
    "SpecError",
    "depths",
    "nearest",
    "nearest_depth",
    "obstacle",
    "run_id",
    "short",
]
