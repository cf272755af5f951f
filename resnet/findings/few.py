"""What nets have learned from a handful of pictures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Few:
    """Right answers and pictures of one seed: of the few for training, the few for the test, and many others."""

    train: tuple[int, int]
    test: tuple[int, int]
    many: tuple[int, int]


def share(pair: tuple[int, int]) -> float:
    """Right answers of all."""
    return pair[0] / pair[1]
