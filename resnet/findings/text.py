"""How numbers, lengths of time and names of visitors are written."""

import math
import re
from collections.abc import Iterable, Sequence

from resnet.i18n import N_, _

_WIDE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"  # Chinese letters and signs
# How sources name their parts: what is looked for, and the text for it.
_CITED = (
    (r" et al\.", N_(" et al.")),
    (r" and (?=[A-Z])", N_(" and ")),
    (r"Sec\. ([\d.]+\d)", N_("Sec. {number}")),
    (r"Eq\. (\d+)", N_("Eq. {number}")),
    (r"Table (\d+)", N_("Table {number}")),
    (r"Fig\. (\d+\w?)", N_("Fig. {number}")),
    (r" left$", N_(" left")),
    (r" right$", N_(" right")),
    (r" and appendix$", N_(" and appendix")),
    (r"^course notes", N_("course notes")),
    (r"pairs: ", N_("pairs: ")),
    (r" \(for boxes\)", N_(" (for boxes)")),
)


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
    return _("{share} %", share=f"{100 * share:.0f}") if math.isfinite(share) else _("no energy at all")


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return _close(_("{names} and {last}", names=series(names[:-1]), last=names[-1]))


def series(parts: Iterable[str]) -> str:
    """a, b, c."""
    return _(", ").join(parts)


def clauses(parts: Iterable[str]) -> str:
    """What belongs into one sentence: a; b; c. Empty ones are left out."""
    return _("; ").join(part for part in parts if part)


def paragraph(*parts: str) -> str:
    """One after the other; Chinese signs bring their own room along. Empty ones are left out."""
    return _close(" ".join(part.strip() for part in parts if part))


def cited(source: str) -> str:
    """A paper and its place in it, as the visitor's language writes them: names and titles stay."""
    source = _(source)
    for pattern, text in _CITED:
        source = re.sub(pattern, lambda found, text=text: _(text, number=(*found.groups(), "")[0]), source)  # type: ignore[misc]
    return _close(source)


def _close(text: str) -> str:
    """`text` without the blanks that only Latin letters need."""
    return re.sub(f"(?<=[{_WIDE}]) (?=[{_WIDE}])|(?<=[。，；：！？、）]) ", "", text)


def nats(loss: float) -> str:
    """A loss with two decimals; one that has left all bounds in short."""
    return f"{loss:.2f}" if abs(loss) < 1_000 else number(loss)


def number(value: float) -> str:
    """Two significant digits; below 0.001 and from 10,000 on as a power of ten that people can read."""
    if not math.isfinite(value):
        return f"{value}"
    digits, power = f"{value:.1e}".split("e")  # rounded first: 99,999 is 1.0·10⁵, not 10.0·10⁴
    if value == 0 or -4 < int(power) < 4:
        rounded = float(f"{value:.2g}")
        return f"{rounded:,.0f}" if abs(rounded) >= 10 else f"{rounded:g}"
    return f"{digits}·10{_raised(int(power))}"


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
