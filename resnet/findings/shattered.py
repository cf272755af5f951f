"""Whether neighbouring images pull the same way. Markdown."""

from collections.abc import Sequence

from resnet.findings.text import plain
from resnet.i18n import _


def shattered_sentence(nets: Sequence[tuple[str, float]]) -> str:
    """The autocorrelation at distance 1 of every net, by name."""
    parts = [f"{plain(name)} **{correlation:.2f}**" for name, correlation in nets]
    return _(
        "Autocorrelation between neighbouring points (1: the same, 0: no relation): {nets}.", nets=", ".join(parts)
    )
