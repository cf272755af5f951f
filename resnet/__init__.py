"""ResNet Lab: build plain and residual nets of any depth, train them and look inside.

The public names are fetched when they are first used: `from resnet import NetSpec` does not import torch.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resnet.attributions.attribute import attribute
    from resnet.datasets import load_dataset
    from resnet.nets.layers import layer_table
    from resnet.nets.network import build_network
    from resnet.specs import NetSpec, Recipe, SpecError
    from resnet.training.loop import train
    from resnet.training.measuring import measure

_HOMES = {
    "NetSpec": "specs",
    "Recipe": "specs",
    "SpecError": "specs",
    "attribute": "attributions.attribute",
    "build_network": "nets.network",
    "layer_table": "nets.layers",
    "load_dataset": "datasets",
    "measure": "training.measuring",
    "train": "training.loop",
}

__all__ = [
    "NetSpec",
    "Recipe",
    "SpecError",
    "attribute",
    "build_network",
    "layer_table",
    "load_dataset",
    "measure",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"resnet.{_HOMES[name]}"), name)
