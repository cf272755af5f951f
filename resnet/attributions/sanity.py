"""Does a map change when the net forgets? Source: Adebayo et al. 2018, arXiv 1810.03292, Sec. 3."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

from resnet.attributions.scores import rank_correlation
from resnet.nets.network import Network
from resnet.nets.structure import block_names

MOST = 12  # steps of the cascade: of a deeper net, neighbouring blocks go together


@dataclass(frozen=True)
class Likeness:
    """What is left of maps while the net forgets.

    `parts` names; `maps` (parts + 1, H, W) of the first image, the trained net's first; `rank` correlation and `ssim`
    (parts, N) with the maps of the trained net.
    """

    parts: list[str]
    maps: Tensor
    rank: np.ndarray
    ssim: np.ndarray


def check(
    explain: Callable[[Network], Tensor],
    net: Network,
    fresh: Network,
    cascading: bool,
    settle: Callable[[Network], None],
) -> Likeness:
    """Explain the net again after every step of `randomised`; `explain` gives maps (N, H, W), channels summed."""
    before = explain(net)
    names, maps, likeness = [], [before[0]], []
    for name, forgetful in randomised(net, fresh, cascading, settle):
        after = explain(forgetful)
        names.append(name)
        maps.append(after[0])
        likeness.append([similarity(one, two) for one, two in zip(before, after, strict=True)])
    rank, ssim_values = np.array(likeness).transpose(2, 0, 1)
    return Likeness(names, torch.stack(maps), rank, ssim_values)


def parts(net: Network) -> list[tuple[str, ...]]:
    """What is randomised step by step, from the head to the stem: names of modules."""
    blocks = block_names(net.spec)[::-1]
    groups = np.array_split(np.array(blocks), min(len(blocks), MOST - 2))
    return [("head",), *(tuple(group.tolist()) for group in groups), ("stem",)]


def randomised(
    net: Network, fresh: Network, cascading: bool, settle: Callable[[Network], None]
) -> Iterator[tuple[str, Network]]:
    """The net with more and more (`cascading`), or one after the other, of its parts as in the untrained `fresh` net.

    `settle` re-estimates the statistics of the norms; `net` is changed in place and given back as it was.
    """
    trained = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    other = fresh.state_dict()
    try:
        for names in parts(net):
            if not cascading:
                net.load_state_dict(trained)
            state = net.state_dict()
            for key in state:
                if key.startswith(tuple(f"{name}." for name in names)):
                    state[key].copy_(other[key])
            settle(net)
            yield names[-1], net
    finally:
        net.load_state_dict(trained)


def similarity(one: Tensor, other: Tensor) -> tuple[float, float]:
    """Rank correlation and SSIM of the sizes of two maps (H, W), each scaled to its own largest value."""
    a, b = (np.abs(heatmap.numpy()) for heatmap in (one, other))
    return rank_correlation(a, b), ssim(_scaled(one), _scaled(other))


def _scaled(heatmap: Tensor) -> Tensor:
    size = heatmap.abs()
    return size / size.max() if size.max() > 0 else size


def ssim(one: Tensor, other: Tensor) -> float:
    """Structural similarity of two pictures (H, W) in 0-1, Gaussian window. Source: Wang et al. 2004, Eq. 13."""
    c1, c2 = 0.01**2, 0.03**2

    def blur(picture: Tensor) -> Tensor:
        return gaussian_blur(picture[None], kernel_size=[11, 11], sigma=[1.5, 1.5])[0]

    mean1, mean2 = blur(one), blur(other)
    var1, var2 = blur(one**2) - mean1**2, blur(other**2) - mean2**2
    covariance = blur(one * other) - mean1 * mean2
    luminance = (2 * mean1 * mean2 + c1) / (mean1**2 + mean2**2 + c1)
    structure = (2 * covariance + c2) / (var1 + var2 + c2)
    return float((luminance * structure).mean())


__all__ = ["Likeness", "check", "parts", "randomised", "similarity", "ssim"]
