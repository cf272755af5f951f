"""What nets say of all test images, and of single ones."""

from collections.abc import Sequence

import numpy as np

from resnet.findings.text import paragraph, plain
from resnet.i18n import _


def right_of_all(right: int, images: int) -> str:
    """How many test images a net gets right."""
    return _("{right} of {all} right", right=right, all=images)


def overview_sentence(nets: Sequence[tuple[str, np.ndarray]], classes: Sequence[str]) -> str:
    """Who gets most images right and who fewest, and what the best takes for what most often; plain text.

    A net is a name and its counts (label, answer); answers beyond `classes` are in none of them.
    """
    ordered = sorted(nets, key=lambda net: -int(net[1].trace()))  # of equal ones the first on the bench
    (best, counts), (worst, fewest) = ordered[0], ordered[-1]
    most, least = int(counts.trace()), int(fewest.trace())
    text = _("{best} gets {most} test images right.", best=best, most=most)
    if least < most:
        told = {"best": best, "most": most, "worst": worst, "least": least}
        text = _("{best} gets {most} test images right, {worst} {least}.", **told)
    commonest = _commonest_mistake(best, counts, classes)
    return paragraph(text, commonest)


def _commonest_mistake(net: str, counts: np.ndarray, classes: Sequence[str]) -> str:
    """Empty for a net that makes none."""
    wrong = counts - np.diag(np.diag(counts))
    if not wrong.any():
        return ""
    label, seen = (int(place) for place in np.unravel_index(wrong.argmax(), wrong.shape))
    return _(
        "Most often {best} takes “{label}” for “{seen}”: {count} of {all}.",
        best=net,
        label=classes[label],
        seen=classes[seen],
        count=int(wrong[label, seen]),
        all=int(counts[label].sum()),
    )


def answers_caption(number: int, label: str, answers: Sequence[tuple[str, str, float, bool]]) -> str:
    """What every net says of one image, in Markdown; an answer is net, class, probability, and whether it is right.

    A number stays on one line with its class and its unit.
    """
    lines = [f"**{number} · {label}**"]
    for net, seen, probability, right in answers:
        lines.append(f"{'✓' if right else '✗'} {plain(net)}: {seen}\u00a0{100 * probability:.0f}\u00a0%")
    return "  \n".join(lines)
