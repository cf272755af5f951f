"""What nets say of single test images."""

from collections.abc import Sequence

from resnet.findings.text import plain
from resnet.i18n import _


def right_of_all(right: int, images: int) -> str:
    """How many test images a net gets right."""
    return _("{right} of {all} right", right=right, all=images)


def answers_caption(number: int, label: str, answers: Sequence[tuple[str, str, float, bool]]) -> str:
    """What every net says of one image, in Markdown; an answer is net, class, probability, and whether it is right.

    A number stays on one line with its class and its unit.
    """
    lines = [f"**{number} · {label}**"]
    for net, seen, probability, right in answers:
        lines.append(f"{'✓' if right else '✗'} {plain(net)}: {seen}\u00a0{100 * probability:.0f}\u00a0%")
    return "  \n".join(lines)
