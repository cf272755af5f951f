"""Whether gradients vanish on the way to the input, and whether that goes with learning; for who was taught so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from resnet.findings.profiles import STRONG, kind, ratio
from resnet.findings.text import listed, paragraph
from resnet.i18n import _


@dataclass(frozen=True)
class Arrival:
    """A net's gradient by block output at step 0 (L,), and whether the net has learned; None while that is open."""

    name: str
    values: np.ndarray
    learned: bool | None = None

    @property
    def told(self) -> str:
        """The name with the gradient at the first block over that at the last."""
        return f"{self.name} ({ratio(self.values)})"


def sentences(nets: Sequence[Arrival]) -> list[str]:
    """What was taught and what of it is true, what these nets do, and what their training says of it; plain text."""
    taught = _(
        "Vanishing gradients did keep deep nets from learning, until initialisation and norm layers were made against "
        "it (He et al. 2015, Sec. 1). That deep plain nets with batch norm still do worse is another matter."
    )
    source = _(
        "He et al. 2015, Sec. 4.1, measured it: with batch norm forward signals keep their variance and gradients have "
        "healthy norms, so the degradation is “unlikely to be caused by vanishing gradients”."
    )
    here = _(
        "Measured here at step 0: the gradient at the first block over that at the last. Up to a factor of {limit:g} "
        "either way counts as arriving.",
        limit=STRONG,
    )
    return [taught, paragraph(here, *_arrivals(nets)), paragraph(*_learning(nets)), source]


def _arrivals(nets: Sequence[Arrival]) -> Iterator[str]:
    """Where the gradient vanishes, arrives and explodes."""
    for what, told in (
        ("vanish", _("It vanishes in {nets}.")),
        ("healthy", _("It arrives in {nets}.")),
        ("explode", _("It explodes in {nets}.")),
    ):
        if names := [net.told for net in nets if kind(net.values) == what]:
            yield told.format(nets=listed(names))


def _learning(nets: Sequence[Arrival]) -> Iterator[str]:
    """Whether learning goes with it."""
    for learned, vanishes, told in (
        (False, False, _("Nothing was learned by {nets}, though no gradient vanishes there.")),
        (False, True, _("Nothing was learned by {nets}, where it does vanish.")),
        (True, True, _("Yet {nets} did learn, though it vanishes there.")),
    ):
        names = [net.name for net in nets if net.learned is learned and (kind(net.values) == "vanish") == vanishes]
        if names:
            yield told.format(nets=listed(names))
    if open_ones := [net.name for net in nets if net.learned is None]:
        yield _("Train {nets} to see whether it goes with learning.", nets=listed(open_ones))
    if all(net.learned and kind(net.values) != "vanish" for net in nets):
        yield _("All of these learn.")
