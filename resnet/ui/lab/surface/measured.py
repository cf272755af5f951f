"""The points of loss surfaces: asked for in small parts, coarse before fine, and kept for everybody."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import numpy as np

from resnet.analyses.results import Surface
from resnet.runs.store import State
from resnet.runs.tasks import surface as tasks
from resnet.specs import NetSpec, Recipe
from resnet.training import estimates
from resnet.ui.parts import backend

LEVELS = (5, 9, 17, 33)  # points on a side; each level holds those before
SIDE = LEVELS[-1]
CENTRE = (SIDE // 2, SIDE // 2)
IMAGES = (512, 128, 32)  # as many as let a point take no longer than SLOWEST
SLOWEST = 1.5  # seconds of one point
CHUNK_SECONDS, CHUNK = 1.0, 6  # one question, at most: Stop comes soon, and others have their turn
HELD = 12  # arrays as large as a layer's output that a forward pass holds, at most
MOST = 200  # surfaces that are kept, 10 kB each

Place = tuple[int, int] | None  # row and column on the finest grid; None: the net itself, where it is not on the grid


@dataclass(frozen=True)
class Asked:
    """All that a surface depends on: a net with its weights, and the plane through it.

    `x` and `y` are the ends of the axes. The directions are random ones of that `seed`, or those of the `kept` states.
    """

    net: NetSpec
    recipe: Recipe
    state: State | None
    images: int
    x: tuple[float, float]
    y: tuple[float, float]
    seed: int = 0
    kept: tuple[State, ...] = ()


@dataclass(eq=False)
class Known:
    """What is measured of one surface, on the finest grid; `failed` when a question came to nothing."""

    losses: np.ndarray = field(default_factory=lambda: np.full((SIDE, SIDE), np.nan))
    known: np.ndarray = field(default_factory=lambda: np.zeros((SIDE, SIDE), bool))
    centre: float | None = None
    failed: bool = False

    def level(self) -> int:
        """Points on a side of the finest complete level; 0 before there is one."""
        complete = [side for side in LEVELS if self.count(side) == side**2]
        return complete[-1] if complete and self.centre is not None else 0

    def count(self, side: int) -> int:
        """How many points of a level are measured."""
        return int(_thinned(self.known, side).sum())


_kept: "OrderedDict[tuple[int, Asked], Known]" = OrderedDict()
_lock = threading.Lock()  # guards what is kept, and what stands in it


def known(asked: Asked) -> Known:
    """What is measured of that surface by now, for whomever."""
    key = id(backend.engine()), asked
    with _lock:
        found = _kept.setdefault(key, Known())
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
        return found


def images_for(nets: Sequence[NetSpec], recipe: Recipe) -> int:
    """On how many training images all nets of a picture are measured: the same for all."""
    budget = estimates.budget()
    fits = [count for count in IMAGES if all(_affordable(net, recipe, count, budget) for net in nets)]
    return fits[0] if fits else IMAGES[-1]


def _affordable(net: NetSpec, recipe: Recipe, images: int, budget: float) -> bool:
    held = HELD * 4 * images * estimates.cost(net, recipe.data, recipe.pixels).outputs / net.depth
    return seconds(net, recipe, images) <= SLOWEST and held <= budget


def seconds(net: NetSpec, recipe: Recipe, images: int) -> float:
    """Of one point on one CPU thread: a forward pass takes a third of a step."""
    return estimates.step_seconds(net, recipe.but(batch=IMAGES[-1])) * images / IMAGES[-1] / 3


@lru_cache(maxsize=CHUNK)
def parts(size: int) -> dict[int, list[tuple[Place, ...]]]:
    """For each level the points that it adds, row by row, `size` of them at a time."""
    seen: set[Place] = set()
    found: dict[int, list[tuple[Place, ...]]] = {}
    for side in LEVELS:
        on = range(0, SIDE, (SIDE - 1) // (side - 1))
        new = [place for row in on for column in on if (place := (row, column)) not in seen]
        seen |= set(new)
        found[side] = [tuple(new[start : start + size]) for start in range(0, len(new), size)]
    return found


def ask(asked: Asked, side: int) -> "list[Future[Any]]":
    """Ask for what is not known yet of one level, and for the centre; the answers are kept as they come."""
    own = known(asked)
    size = max(1, min(CHUNK, int(CHUNK_SECONDS / seconds(asked.net, asked.recipe, asked.images))))
    wanted = [part for part in parts(size)[side] if not all(own.known[place] for place in part if place)]
    if own.centre is None and asked.kept:
        wanted.insert(0, (None,))
    own.failed = False
    return [_ask(asked, own, part) for part in wanted]


def _ask(asked: Asked, own: Known, part: tuple[Place, ...]) -> "Future[Any]":
    x, y = axes(asked)
    points = tuple((float(x[place[1]]), float(y[place[0]])) if place else (0.0, 0.0) for place in part)
    rest = (points, asked.images, asked.seed, *asked.kept)
    answer = backend.ask(tasks.losses, asked.net, asked.recipe, asked.state, *rest)
    kept: Future[Any] = Future()  # done when the answer is kept: who waits for it shall find it there
    answer.add_done_callback(partial(_keep, own, part, not asked.kept, kept))
    return kept


def _keep(own: Known, part: tuple[Place, ...], centred: bool, kept: "Future[Any]", answer: "Future[Any]") -> None:
    """`centred`: the middle of the grid is the net itself."""
    if answer.cancelled():
        kept.cancel()
        return
    if error := answer.exception():
        own.failed = True
        kept.set_exception(error)
        return
    with _lock:
        for place, loss in zip(part, answer.result(), strict=True):
            if place:
                own.losses[place], own.known[place] = loss, True
            else:
                own.centre = float(loss)
        if centred and own.known[CENTRE]:
            own.centre = float(own.losses[CENTRE])
    kept.set_result(None)


def axes(asked: Asked) -> tuple[np.ndarray, np.ndarray]:
    """The places along x and along y on the finest grid, (SIDE,) each."""
    steps = np.arange(SIDE) / (SIDE - 1)
    across, up = (low + (high - low) * steps for low, high in (asked.x, asked.y))
    return across, up


def surface(asked: Asked, side: int) -> Surface:
    """The surface at a level that is complete."""
    own = known(asked)
    (x, y), every = axes(asked), (SIDE - 1) // (side - 1)
    with _lock:
        return Surface(x[::every], y[::every], _thinned(own.losses, side).copy(), float(own.centre or 0.0))


def _thinned(values: np.ndarray, side: int) -> np.ndarray:
    every = (SIDE - 1) // (side - 1)
    return values[::every, ::every]
