"""Whether neighbouring images pull the same way. Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from resnet.findings.text import paragraph, plain, series
from resnet.i18n import _, plural

QUARTILES_FROM = 5  # pairs: of fewer, a quarter is less than one of them


@dataclass(frozen=True)
class Neighbours:
    """The autocorrelation at distance 1 of a net, by name, for each pair of images.

    `own` (pairs,): batch norm by the statistics of the points; `frozen` (pairs,): by those of training images. `far`
    (pairs,) is `own` at the distance of two pictures.
    """

    name: str
    own: np.ndarray
    frozen: np.ndarray
    far: np.ndarray = field(default_factory=lambda: np.empty(0))


def shattered_sentence(nets: Sequence[Neighbours]) -> str:
    """The mean over the pairs of images, and how far single pairs lie apart."""
    pairs = len(nets[0].own)
    text = plural(
        "Autocorrelation between neighbouring points (1: the same, 0: no relation), one pair of images: {nets}.",
        "Autocorrelation between neighbouring points (1: the same, 0: no relation), mean of {count} pairs of images: "
        "{nets}.",
        pairs,
        nets=series(f"{plain(net.name)} **{_written(net.own.mean())}**" for net in nets),
    )
    if pairs < 2:
        return paragraph(text, _("One pair may lie far from the mean of several."))
    apart = series(f"{plain(net.name)} {_range(net.own)}" for net in nets)
    return paragraph(text, _("Lowest and highest pair: {nets}.", nets=apart))


def frozen_sentence(nets: Sequence[Neighbours]) -> str:
    """The same where batch norm does not look at the points."""
    parts = [
        f"{plain(net.name)} **{_written(net.frozen.mean())}**"
        + (f" ({_range(net.frozen)})" if len(net.frozen) > 1 else "")
        for net in nets
    ]
    return _(
        "With batch norm frozen at the statistics of training images, so that no point acts on another: {nets}.",
        nets=series(parts),
    )


def pictures_sentence(nets: Sequence[Neighbours], distance: int) -> str:
    """How much one picture is like the next, so many points further on; with the middle half of the pairs."""
    parts = [
        f"{plain(net.name)} **{_written(net.far.mean())}**"
        + (f" ({_range(np.quantile(net.far, (0.25, 0.75)))})" if len(net.far) >= QUARTILES_FROM else "")
        for net in nets
    ]
    told = _(
        "From one picture to the next, {distance} points on: {nets}. Near 1 the picture flows, near 0 it flickers.",
        distance=distance,
        nets=series(parts),
    )
    if len(nets[0].far) < QUARTILES_FROM:
        return told
    return paragraph(told, _("In brackets: the middle half of the pairs."))


def _range(values: np.ndarray) -> str:
    return _("{low} to {high}", low=_written(values.min()), high=_written(values.max()))


def _written(value: float) -> str:
    """Two digits, and no minus sign before a zero."""
    return f"{round(float(value), 2) + 0.0:.2f}"
