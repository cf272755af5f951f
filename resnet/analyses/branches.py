"""What each block adds to what, seen at its addition. Source: He et al. 2015, Eq. 1."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from resnet.analyses.results import Branches
from resnet.nets.network import Network
from resnet.nets.statistics import evaluating
from resnet.nets.structure import block_names

CHANNELS = 8  # of a picture: all that the first stage of the demo's nets has

Terms = tuple[Tensor, Tensor, Tensor]  # x, F(x) and their sum, (N, C, H, W) each


def branches(net: Network, images: Tensor) -> Branches:
    """`images` (N, C, H, W) normalised, of which the first is looked at closely; the net is left as it was.

    Raises ValueError for a plain net, which adds nothing.
    """
    if net.spec.block == "plain":
        raise ValueError("a plain net adds nothing")
    seen = _additions(net, images)
    return Branches(
        ratio=np.array([float((_norms(branch) / _norms(x)).mean()) for x, branch, _sum in seen]),
        norms=np.array([[float(_norms(term)[0]) for term in terms] for terms in seen]),
        pictures=tuple(_picture(terms) for terms in seen),
    )


def _additions(net: Network, images: Tensor) -> list[Terms]:
    """The terms of every block, in the order of the signal."""
    seen: list[Terms] = []

    def keep(_module: object, terms: tuple[Tensor, Tensor], whole: Tensor) -> None:
        seen.append((terms[1], terms[0], whole))

    handles = [net.get_submodule(f"{name}.add").register_forward_hook(keep) for name in block_names(net.spec)]
    try:
        with evaluating(net), torch.no_grad():
            net(images)
    finally:
        for handle in handles:
            handle.remove()
    return seen


def _norms(term: Tensor) -> Tensor:
    """L2 norm of each image's values, (N,)."""
    return term.flatten(1).norm(dim=1)


def _picture(terms: Sequence[Tensor]) -> np.ndarray:
    """The strongest channels of the first image, in their order: (3, channels, H, W)."""
    first = torch.stack([term[0] for term in terms])
    strength = first[2].flatten(1).norm(dim=1)
    chosen = strength.topk(min(CHANNELS, len(strength))).indices.sort().values
    return first[:, chosen].float().contiguous().numpy()
