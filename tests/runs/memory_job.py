"""What a worker is asked to do with its memory; a module of its own, so that the worker can import it by name."""

import os

import numpy as np
import psutil

from resnet.runs.engine import worker

_kept: list[np.ndarray] = []


def process() -> int:
    return os.getpid()


def used() -> int:
    """Bytes."""
    return int(psutil.Process().memory_info().rss)


def use_and_free() -> int:
    """Fill 300 MB with pieces that the allocator does not map singly, and free all but the last."""
    pieces = [np.ones(100_000, dtype="u1") for _ in range(3_000)]
    _kept.append(pieces[-1])
    return used()


def is_heavy() -> int:
    """From now on this process is taken for one that has kept too much."""
    worker.MOST_MEMORY = 0
    return os.getpid()
