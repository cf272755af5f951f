"""Through paths of which length the gradient comes. Source: Veit et al. 2016, arXiv 1605.06431, Sec. 5."""

from dataclasses import dataclass
from math import comb

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from resnet.analyses.results import PathLengths
from resnet.nets.network import Network
from resnet.nets.statistics import same_statistics
from resnet.nets.structure import block_names

SAMPLES = 4  # paths of each length
MORE = 16  # further paths of each length that matters, at most
PASSES = 4_000  # of single blocks, for these further paths: 2-3 s on one AVX2 thread
MATTERS = 0.01  # share of the summed norms
MOST = 60  # lengths that are sampled; of a deeper net, evenly spaced ones


@dataclass(frozen=True)
class _Link:
    """One block in the graph of a forward pass: input, branch and shortcut in front of the addition, output."""

    x: Tensor
    branch: Tensor
    shortcut: Tensor
    y: Tensor


def path_lengths(net: Network, images: Tensor, labels: Tensor, seed: int = 0, samples: int = SAMPLES) -> PathLengths:
    """Sample paths through a residual net: in the backward pass each block hands on through its branch or its shortcut.

    Raises ValueError for a plain net, which has one path.
    """
    if net.spec.block == "plain":
        raise ValueError("a plain net has one path")
    with same_statistics(net):
        return _sampled(*_forward(net, images, labels), np.random.default_rng(seed), samples)


def _sampled(links: list[_Link], gradient: Tensor, generator: np.random.Generator, samples: int) -> PathLengths:
    count = len(links)
    lengths = np.unique(np.linspace(0, count, min(count + 1, MOST)).round().astype(int))
    share = np.array([comb(count, int(length)) / 2**count for length in lengths])

    def more(length: int, number: int) -> list[float]:
        taken = [set(generator.choice(count, length, replace=False).tolist()) for _ in range(number)]
        return [_norm(links, gradient, path) for path in taken]

    norms = [more(length, samples) for length in lengths]
    first = share * np.array([np.mean(values) for values in norms])
    matter = np.flatnonzero(first > MATTERS * first.sum())
    further = min(MORE, PASSES // max(1, len(matter) * count))
    for place in matter if samples > 1 else ():
        norms[place] += more(lengths[place], further)
    means, errors = np.array([np.mean(values) for values in norms]), np.array([_error(values) for values in norms])
    total, error = _shares(share * means, share * errors)
    kept = _whole(links, gradient) / (2.0**count * (share * means).sum() / share.sum())
    return PathLengths(count, lengths, share, means, total, error, float(kept))


def _error(values: list[float]) -> float:
    """The standard error of the mean; NaN for a single value."""
    return float(np.std(values, ddof=1) / len(values) ** 0.5) if len(values) > 1 else float("nan")


def _shares(parts: np.ndarray, errors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each part over their sum, and the standard error of that quotient, to first order."""
    total, variance = parts / parts.sum(), (errors / parts.sum()) ** 2
    return total, np.sqrt(np.maximum(0, (1 - 2 * total) * variance + total**2 * variance.sum()))


def _whole(links: list[_Link], gradient: Tensor) -> float:
    """The norm of what reaches the first block through all paths together."""
    for link in reversed(links):
        (gradient,) = torch.autograd.grad(link.y, link.x, gradient, retain_graph=True)
    return float(torch.linalg.vector_norm(gradient, dtype=torch.float64))


def _norm(links: list[_Link], gradient: Tensor, taken: set[int]) -> float:
    """What reaches the first block when the blocks in `taken` hand on through their branch, the others past it."""
    for number in reversed(range(len(links))):
        link = links[number]
        way = link.branch if number in taken else link.shortcut
        (gradient,) = torch.autograd.grad(link.y, way, gradient, retain_graph=True)
        (gradient,) = torch.autograd.grad(way, link.x, gradient, retain_graph=True)
    return float(torch.linalg.vector_norm(gradient, dtype=torch.float64))


def _forward(net: Network, images: Tensor, labels: Tensor) -> tuple[list[_Link], Tensor]:
    """Every block as a graph of its own, and the gradient of the loss by the output of the last one."""
    links = []
    x = net.stem(images).detach()
    for name in block_names(net.spec):
        link = _link(net.get_submodule(name), x.requires_grad_())
        links.append(link)
        x = link.y.detach()
    loss = F.cross_entropy(net.head(x.requires_grad_()), labels)
    return links, torch.autograd.grad(loss, x)[0]


def _link(block: torch.nn.Module, x: Tensor) -> _Link:
    """One block's forward pass; what the addition adds is seen by a hook on it, so gates are counted in.

    The addition gets copies: an identity shortcut is the very tensor that the branch reads, and the gradient by it
    would contain the branch's.
    """
    seen: list[tuple[Tensor, ...]] = []

    def split(_module: torch.nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        seen.append(tuple(tensor.clone() for tensor in inputs))
        return seen[-1]

    handle = block.add.register_forward_pre_hook(split)  # type: ignore[union-attr]
    try:
        y = block(x)
    finally:
        handle.remove()
    branch, shortcut = seen[0]
    return _Link(x, branch, shortcut, y)
