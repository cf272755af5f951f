"""Blocks that are added to a trained net so that it becomes a deeper one: what is asked and found, torch-free.

Source: He et al. 2015, Sec. 1: "there exists a solution by construction to the deeper model: the added layers are
identity mapping, and the other layers are copied from the learned shallower model".
"""

from dataclasses import dataclass

import numpy as np

from resnet.specs import NetSpec

COUNTS = (0, 1, 2, 3, 6, 9, 12, 15, 18)  # added blocks; 18 make a net of depth 56 of one of depth 20
IMAGES = 500  # training images
# How a block is added. "zero": the last norm of its branch multiplies by 0. "identity": convolutions that hand on what
# comes, norms as they begin. "matched": the same, and every norm puts back what it has taken away.
WAYS = {"plain": ("zero", "identity", "matched"), "residual": ("zero",)}


@dataclass(frozen=True)
class Copied:
    """Of one way, for each of `COUNTS`: the training `loss` (nats) and `difference`, the largest of any output."""

    loss: np.ndarray
    difference: np.ndarray


def deeper(spec: NetSpec, count: int) -> NetSpec:
    """The net that so many blocks more make of a net with equal stages.

    Raises SpecError where the stages are not equal then: `count` is a multiple of their number.
    """
    return spec.adapt(depth=spec.depth + 2 * count)


def stage_of(number: int, stages: int) -> int:
    """To which stage, counted from 1, the added block with that number (from 0) is appended: in turn."""
    return number % stages + 1
