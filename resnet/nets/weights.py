"""State dicts from elsewhere, with their tensors under our names."""

import re
from collections.abc import Mapping

from torch import Tensor

# torchvision's names and ours. Source: torchvision.models.resnet, read in 0.29.
_TORCHVISION = (
    (r"^conv1\.", "stem.conv."),
    (r"^bn1\.", "stem.norm."),
    (r"^fc\.", "head.fc."),
    (r"\.conv(\d)\.", r".branch.conv\1."),
    (r"\.bn(\d)\.", r".branch.norm\1."),
    (r"\.downsample\.0\.", ".shortcut.conv."),
    (r"\.downsample\.1\.", ".shortcut.norm."),
)


def from_torchvision(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict of torchvision's resnet18 … resnet152 for our net of the same name."""
    return {_ours(name): tensor for name, tensor in state.items()}


def _ours(name: str) -> str:
    """``stage2.block1.branch.conv1.weight`` from ``layer2.0.conv1.weight``: their blocks are counted from 0."""
    name = re.sub(r"^layer(\d)\.(\d+)", lambda match: f"stage{match[1]}.block{int(match[2]) + 1}", name)
    for theirs, ours in _TORCHVISION:
        name = re.sub(theirs, ours, name)
    return name


def from_first_layout(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of runs that were stored when a block's layers had no ``branch`` around them."""
    return {re.sub(r"(\.block\d+)\.(conv|norm)", r"\1.branch.\2", name): tensor for name, tensor in state.items()}
