"""The loss around a net, on a plane through its weights. Source: Li et al. 2018, arXiv 1712.09913, Sec. 4 and 7."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from zlib import crc32

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet.analyses.results import TrainingPath
from resnet.nets.statistics import evaluating, same_statistics

Direction = Mapping[str, Tensor]  # by the name of a parameter; those that are not in it stay where they are
Point = tuple[float, float]


def random_directions(net: nn.Module, seed: int = 0) -> tuple[Direction, Direction]:
    """Two filter-normalised random directions; biases and the parameters of norms are not in them.

    A parameter's numbers depend on its name and shape alone: twins get the same ones where they agree.
    """
    first, second = (
        {name: _filtered(weights, _drawn(weights, [seed, number, crc32(name.encode())]))
         for name, weights in net.named_parameters() if weights.ndim > 1}
        for number in (0, 1)
    )  # fmt: skip
    return first, second


def _drawn(weights: Tensor, entropy: list[int]) -> Tensor:
    numbers = np.random.default_rng(entropy).standard_normal(tuple(weights.shape))
    return torch.from_numpy(numbers).to(weights)


def _filtered(weights: Tensor, direction: Tensor) -> Tensor:
    """Each filter of the direction, a row of a matrix too, with the norm of the weights' filter; Sec. 4."""
    sides = tuple(range(1, weights.ndim))
    norms, own = (torch.linalg.vector_norm(one.detach(), dim=sides, keepdim=True) for one in (weights, direction))
    return direction * (norms / own)


def along_training(states: Sequence[Direction], names: Sequence[str]) -> tuple[tuple[Direction, Direction], np.ndarray]:
    """The two main directions of the states of a training, orthonormal, all parameters in them; Sec. 7.1.

    Also the share of the states' variance that lies along each. Their sign is such that the first state lies in front.
    """
    rows = torch.stack([torch.cat([state[name].flatten().double() for name in names]) for state in states])
    apart = rows - rows.mean(0)
    variances, places = torch.linalg.eigh(apart @ apart.T)  # of (states, states), ascending
    found = []
    for number in (-1, -2):
        flat = places[:, number] @ apart
        flat = flat / torch.linalg.vector_norm(flat)
        found.append(_named(flat if flat @ (rows[0] - rows[-1]) >= 0 else -flat, states[-1], names))
    return (found[0], found[1]), (variances[[-1, -2]] / variances.sum()).numpy()


def _named(flat: Tensor, like: Direction, names: Sequence[str]) -> Direction:
    pieces = flat.split([like[name].numel() for name in names])
    return {name: piece.view_as(like[name]).to(like[name]) for name, piece in zip(names, pieces, strict=True)}


def projected(states: Sequence[Direction], directions: tuple[Direction, Direction]) -> np.ndarray:
    """Where the states lie on the plane through the last one, (states, 2); for orthonormal directions."""
    return np.array([[_inner(state, states[-1], one) for one in directions] for state in states])


def _inner(state: Direction, last: Direction, direction: Direction) -> float:
    return float(sum(((state[name] - last[name]).double() * part).sum() for name, part in direction.items()))


def training_path(states: Sequence[Direction], names: Sequence[str]) -> TrainingPath:
    """The states on the plane of their own two main directions."""
    directions, explained = along_training(states, names)
    return TrainingPath(projected(states, directions), explained)


def losses(
    net: nn.Module, images: Tensor, labels: Tensor, directions: tuple[Direction, Direction], points: Sequence[Point]
) -> np.ndarray:
    """The mean cross-entropy at each point (a, b) of the plane, where the weights are θ + a d₁ + b d₂; float64.

    Nothing is dropped, and batch norm takes its statistics from these images: those of training fit the weights of the
    centre only, and away from it the loss would be that of a wrong scale. The net is afterwards as it was.
    """
    with _by_the_batch(net), _moving(net) as start, torch.no_grad():
        return np.array([_loss_at(net, images, labels, start, directions, point) for point in points])


def _loss_at(
    net: nn.Module,
    images: Tensor,
    labels: Tensor,
    start: Direction,
    directions: tuple[Direction, Direction],
    point: Point,
) -> float:
    for name, weights in net.named_parameters():
        place = start[name]
        for share, direction in zip(point, directions, strict=True):
            if name in direction:
                place = place + share * direction[name]
        weights.copy_(place)
    return float(F.cross_entropy(net(images).double(), labels))


@contextmanager
def _by_the_batch(net: nn.Module) -> Iterator[None]:
    with same_statistics(net), evaluating(net):
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.train()
        yield


@contextmanager
def _moving(net: nn.Module) -> Iterator[Direction]:
    """The weights as they are; inside they may be changed."""
    start = {name: weights.detach().clone() for name, weights in net.named_parameters()}
    try:
        yield start
    finally:
        with torch.no_grad():
            for name, weights in net.named_parameters():
                weights.copy_(start[name])
