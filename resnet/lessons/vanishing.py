"""Lesson 6: what becomes of the gradient on its way to the input, and which nets let it through."""

import numpy as np

from resnet.findings.profiles import kind, ratio
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict

WITHIN = 10.0  # the factor of the task
OPTIONS = {"vanish": "vanishes", "healthy": "arrives", "explode": "explodes"}


def reveal(plain: np.ndarray, residual: np.ndarray, depth: int) -> Reveal:
    """From the gradients of the block outputs of the twins, in layer order."""
    text = _(
        "From the last block to the first the gradient changes by {plain} in plain-{depth} and by {residual} in "
        "res-{depth}.",
        plain=ratio(plain),
        residual=ratio(residual),
        depth=depth,
    )
    return Reveal(OPTIONS[kind(plain)], text)


def arrives(values: np.ndarray, name: str, plain: bool, depth: int) -> Verdict:
    """Whether the gradient of a plain net of depth 56 changes by a factor of less than 10."""
    if not plain or depth != 56:
        return Verdict(False, _("{net} is on the bench first: the task asks for a plain net of depth 56.", net=name))
    factor = float(values[0]) / float(values[-1]) if values[-1] else np.inf
    done = bool(np.isfinite(factor) and 1 / WITHIN < factor < WITHIN)
    text = _("Gradient of {net} from the last block to the first: {ratio}.", net=name, ratio=ratio(values))
    return Verdict(done, text)
