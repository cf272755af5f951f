"""What can be cut out of a net, and which blocks can change places: torch-free, so that pages can offer it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import comb

import numpy as np

from resnet.nets.structure import block_names, block_shapes
from resnet.specs import NetSpec

DRAWS = 5  # random choices of as many blocks
LEVELS = 8  # numbers of deleted blocks at which blocks are drawn
PASSES = 4_000  # of single blocks, for all lesions of one block: of deeper nets only some blocks are deleted in turn


@dataclass(frozen=True)
class Lesion:
    """Names of blocks: those that are `deleted`, and the `order` in which all run; empty for that of the net."""

    deleted: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


def removable(spec: NetSpec) -> tuple[str, ...]:
    """The blocks that can be deleted: all of a residual net, whose shortcuts stay.

    Of a plain one those that do not change the size: behind a gap in their place nothing would fit.
    """
    return tuple(shape.name for shape in block_shapes(spec) if spec.block == "residual" or not shape.resized)


def movable(spec: NetSpec) -> tuple[str, ...]:
    """The blocks that do not change the size: within a stage they can change places."""
    return tuple(shape.name for shape in block_shapes(spec) if not shape.resized)


def neighbours(spec: NetSpec) -> list[tuple[str, str]]:
    """The pairs of blocks that follow each other and can change places."""
    return [pair for names in _by_stage(movable(spec)) for pair in pairwise(names)]


def possible(spec: NetSpec, lesion: Lesion) -> bool:
    """Whether the net has these blocks, and what is left of it still fits together."""
    names, free = block_names(spec), set(movable(spec))
    order = lesion.order or names
    fits = sorted(order) == sorted(names) and all(
        here == there or (here in free and there in free and _stage(here) == _stage(there))
        for here, there in zip(order, names, strict=True)
    )
    return fits and set(lesion.deleted) <= set(removable(spec))


def swapped(order: tuple[str, ...], first: str, second: str) -> tuple[str, ...]:
    """The order with two blocks in each other's place."""
    exchange = {first: second, second: first}
    return tuple(exchange.get(name, name) for name in order)


def shuffled(spec: NetSpec, count: int, seed: int) -> tuple[str, ...]:
    """The order after `count` blocks, drawn from `seed`, have changed places: within each stage they go around.

    A block that is drawn alone in its stage stays.
    """
    drawn = np.random.default_rng(seed).permutation(movable(spec))[:count].tolist()
    places: dict[str, str] = {}
    for names in _by_stage(sorted(drawn, key=_stage)):
        places |= dict(zip(names, names[1:] + names[:1], strict=True))
    return tuple(places.get(name, name) for name in block_names(spec))


def moved(spec: NetSpec, order: tuple[str, ...]) -> int:
    """How many blocks do not stand in their own place."""
    return sum(here != there for here, there in zip(order or block_names(spec), block_names(spec), strict=True))


def singles(spec: NetSpec) -> list[str]:
    """The blocks that are deleted in turn: all that can be, of a very deep net some, evenly spaced."""
    names = removable(spec)
    most = max(1, 2 * PASSES // sum(spec.blocks))
    places = np.linspace(0, len(names) - 1, min(len(names), most)).round().astype(int)
    return [names[place] for place in np.unique(places)]


def draws(spec: NetSpec, seed: int = 0) -> dict[int, list[Lesion]]:
    """For some numbers of deleted blocks, up to all: up to `DRAWS` choices of as many blocks, drawn from `seed`."""
    names = removable(spec)
    if not names:
        return {}
    generator = np.random.default_rng(seed)
    levels = np.unique(np.geomspace(1, len(names), min(LEVELS, len(names))).round().astype(int))
    found = {}
    for level in levels.tolist():
        chosen: dict[tuple[int, ...], None] = {}  # in the order of the draws, each once
        while len(chosen) < min(DRAWS, comb(len(names), level)):
            chosen[tuple(sorted(generator.choice(len(names), level, replace=False).tolist()))] = None
        found[level] = [Lesion(tuple(names[place] for place in places)) for places in chosen]
    return found


def _by_stage(names: Iterable[str]) -> Iterator[list[str]]:
    return (list(group) for _name, group in groupby(names, _stage))


def _stage(name: str) -> str:
    return name.split(".")[0]
