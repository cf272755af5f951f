"""Why a signal does not arrive, as far as the numbers of one step show."""

import math

import numpy as np

from resnet.findings.text import number
from resnet.i18n import _

MOSTLY = 0.9  # of the channels behind a dead activation: rounding lets single ones flicker
DEAD = 1e-3  # a signal whose spread falls below this share of its start tells images apart no more


def cause(
    spread: np.ndarray, dead: np.ndarray, gradient: np.ndarray, loss: float, classes: int, stuck: bool = False
) -> str:
    """What the numbers of one step say about why; empty when they say nothing.

    `stuck` says that the steps before have not brought the loss below that of guessing (`learning.Result`): one batch
    alone cannot tell.

    `spread` (L,) standard deviations of the block outputs, `dead` (A,) shares of dead channels behind the activations,
    `gradient` (L,) norms by block output, all in layer order.
    """
    if not np.isfinite(spread).all():
        at = int(np.flatnonzero(~np.isfinite(spread))[0])
        return _("The forward signal overflows at block {block}.", block=at)
    if not math.isfinite(loss):
        return _("The loss itself overflows, though the blocks' outputs are finite.")
    if not np.isfinite(gradient).all():
        return _("The forward signal and the loss are finite: the gradient overflows on its way back.")
    silent = [at for at in range(len(dead)) if dead[at] == 1 and dead[at:].mean() > MOSTLY]
    if silent:
        return _(
            "The forward signal is dead: from activation {number} of {all} on, channels are the same for all images.",
            number=silent[0] + 1,
            all=len(dead),
        )
    faint = spread < DEAD * spread[0]
    if faint.any():
        at = int(np.flatnonzero(faint)[0])
        return _(
            "The forward signal dies: its spread is {spread} at block {block} and was {first} behind the stem.",
            spread=number(float(spread[at])),
            first=number(float(spread[0])),
            block=at,
        )
    if stuck:
        return _("The loss is still that of guessing, ln {classes}.", classes=classes)
    return ""
