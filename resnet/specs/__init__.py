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
# The fields that a net or recipe had when the first runs were made: they always count; later ones only where they
# differ from their default, so that a run is found again after a field was added.
_FIRST = {"block", "depth", "width", "stem_stride", "shortcut", "norm", "activation", "init"}

_FIRST_OF_RECIPE = {
    *("data", "level", "steps", "batch", "optimizer", "lr", "schedule", "warmup", "momentum", "weight_decay"),
    *("augment", "seed", "record_every", "evaluate_every"),
}


def run_id(net: NetSpec, recipe: Recipe, device: str) -> str:
    """Twelve hex digits that stand for this net, recipe and device type: the same run is never trained twice.

    Of a recipe with several seeds it is the run of the first one.
    """
    fields = _told(net, _FIRST), _told(recipe.but(seeds=1), _FIRST_OF_RECIPE)
    text = json.dumps([NUMERICS, *fields, device])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _told(spec: Spec, first: set[str]) -> str:
    changed = spec.changed()
    fields = {name: value for name, value in spec.model_dump().items() if name in first or name in changed}
    return json.dumps(fields, sort_keys=True)


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
