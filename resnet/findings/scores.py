"""What scores of maps say over many images."""

import math
from collections.abc import Sequence

from resnet import catalog
from resnet.findings.text import paragraph, plain, series
from resnet.i18n import _

Interval = tuple[float, float, float]  # mean and the two ends of its 95 % interval


def score_text(found: Interval | None) -> str:
    """A cell of the table, "mean [low, high]"; empty without a value."""
    if found is None or not math.isfinite(found[0]):
        return ""
    return f"{found[0]:.2f} [{found[1]:.2f}, {found[2]:.2f}]"


def energy_sentence(found: Sequence[tuple[str, str, Interval]], chance: float) -> str:
    """Which maps, by net and method, hold no more energy inside the object than an even map would. Markdown."""
    level = [
        plain(f"{net} ({_(catalog.METHODS[method].label)})")
        for net, method, (_mean, low, _high) in found
        if not low > chance
    ]
    text = _("An even map has {chance:.0f} % of its energy inside.", chance=100 * chance)
    if level:
        return paragraph(text, _("Not surely above it: {nets}.", nets=series(level)))
    note = _("All maps have more, those of the untrained control too: look at the distance to the control.")
    return paragraph(text, note)
