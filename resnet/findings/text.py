"""How numbers, lengths of time and names of visitors are written."""

import math
import re

from resnet.i18n import _


def plain(text: str) -> str:
    """`text` for a place that reads Markdown, without a meaning of its own: a visitor may have written it."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!<>|~$:^&=@/])", r"\\\1", text)


def duration(seconds: float) -> str:
    """A length of time as people say it: 9 s, 40 s, 3 min, 2 h."""
    if seconds < 10:
        return _("{count} s", count=max(1, round(seconds)))
    if seconds < 90:
        return _("{count} s", count=round(seconds / 5) * 5)
    if seconds < 5400:
        return _("{count} min", count=round(seconds / 60))
    return _("{count} h", count=round(seconds / 3600))


def percent(share: float) -> str:
    """A share as a whole percentage; words where there is nothing to share out."""
    return f"{100 * share:.0f} %" if math.isfinite(share) else _("no energy at all")


def number(value: float) -> str:
    """Two significant digits; from 10,000 on as a power of ten that people can read."""
    if value < 10_000:
        rounded = float(f"{value:.2g}")
        return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
    power = int(math.log10(value))
    return f"{value / 10**power:.1f}·10{_raised(power)}"


def number_small(value: float) -> str:
    """Two significant digits of a value that may be far below 1."""
    if value == 0 or value >= 1e-3:
        return f"{value:.2g}"
    power = math.floor(math.log10(value))
    return f"{value / 10**power:.1f}·10{_raised(power)}"


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
