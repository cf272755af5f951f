"""Lesson 12: what the loss looks like around a net that failed, and what such a map cannot tell."""

import math
from collections.abc import Sequence

import numpy as np

from resnet.findings.learning import Result
from resnet.findings.surface import ALIKE, MOSTLY, NEAR, Ground, doubling
from resnet.findings.text import nats, number, paragraph, percent, series
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict


def reveal(failed: Ground, other: Ground) -> Reveal:
    """From the maps of the net that is asked about, and of the one beside it."""
    places = {"net": failed.name, "share": percent(failed.plateau), "classes": failed.classes,
              "chance": nats(failed.chance), "centre": nats(failed.centre)}  # fmt: skip
    text = _(
        "{net}: the loss is {centre} at the centre, and at **{share}** of the points within 5 % of ln {classes} = "
        "{chance}, which guessing gives.",
        **places,
    )
    return Reveal(kind(failed), paragraph(text, _beside(other)))


def _beside(ground: Ground) -> str:
    ways = sorted(distance for distance in doubling(ground) if math.isfinite(distance))
    places = {"net": ground.name, "centre": nats(ground.centre)}
    if not ways or ground.plateau >= MOSTLY:
        return _("{net}: the loss is {centre} at the centre.", **places)
    return _(
        "{net}: the loss is {centre} at the centre and twice that {low} to {high} filter norms away.",
        low=f"{ways[0]:.2f}",
        high=f"{ways[-1]:.2f}",
        **places,
    )


def kind(ground: Ground) -> str:
    """Plateau, hollow or hollows, by the losses that are known; empty where they are none of these."""
    if ground.plateau >= MOSTLY and guesses(ground.centre, ground.classes):
        return "plateau"
    count = _hollows(ground.losses)
    return "" if not count else "hollow" if count == 1 else "hollows"


def guesses(loss: float, classes: int) -> bool:
    """Whether that is the loss of guessing among so many classes."""
    return abs(loss - math.log(classes)) <= NEAR * math.log(classes)


def _hollows(losses: np.ndarray) -> int:
    """Points that lie below all of their neighbours, of which there are up to eight."""
    high = np.pad(np.where(np.isfinite(losses), losses, np.inf), 1, constant_values=np.inf)
    rows, columns = losses.shape
    shifts = [(down, right) for down in range(3) for right in range(3) if (down, right) != (1, 1)]
    around = [high[down : down + rows, right : right + columns] for down, right in shifts]
    middle = high[1:-1, 1:-1]
    return int(np.all([middle < other for other in around], axis=0).sum())


def level(chosen: str, classes: int) -> Verdict:
    """The loss of a net that gives all classes the same probability."""
    right = nats(math.log(classes))
    text = _("The loss is −ln of the probability of the right class: ln {classes} = {loss}.", classes=classes,
             loss=right)  # fmt: skip
    return Verdict(chosen == right, text)


def flatter(chosen: str, pairs: Sequence[tuple[Ground, Ground]]) -> Verdict:
    """Which of two nets, plain and residual, lies flatter along every pair of directions."""
    found = {_flat(plain, residual) for plain, residual in pairs}
    right = found.pop() if len(found) == 1 else "neither"
    plain, residual = pairs[0]
    places = {"plain": plain.name, "residual": residual.name, "first": nats(plain.centre),
              "second": nats(residual.centre)}  # fmt: skip
    text = _("Loss at the centre: {plain} {first}, {residual} {second}.", **places)
    if _apart(plain, residual) > ALIKE:
        text += " " + _("They differ {times} times, and a lower loss doubles sooner: flatness cannot be compared.",
                        times=number(_apart(plain, residual)))  # fmt: skip
    return Verdict(chosen == right, text)


def _apart(one: Ground, other: Ground) -> float:
    centres = [one.centre, other.centre]
    return max(centres) / min(centres) if np.isfinite(centres).all() and min(centres) > 0 else math.inf


def _flat(plain: Ground, residual: Ground) -> str:
    """The one whose loss doubles farther away along all ways; neither where that cannot be compared."""
    if _apart(plain, residual) > ALIKE or max(plain.plateau, residual.plateau) >= MOSTLY:
        return "neither"
    ways = [doubling(ground) for ground in (plain, residual)]
    if min(ways[0]) > max(ways[1]):
        return "plain"
    return "residual" if min(ways[1]) > max(ways[0]) else "neither"


def on_plateau(nets: Sequence[tuple[str, bool, Result | None]]) -> Verdict:
    """Whether a residual net of the bench has ended at the loss of guessing: names, whether residual, and results."""
    residual = [(name, result) for name, is_residual, result in nets if is_residual]
    if not residual:
        return Verdict(False, _("There is no residual net on the bench."))
    done = [(name, result) for name, result in residual if result is not None]
    if not done:
        return Verdict(False, _("No residual net on the bench is trained to its end yet."))
    losses = series(f"{name} {nats(result.last)}" for name, result in done)
    text = _("Loss at the end: {nets}; guessing gives {chance}.", nets=losses, chance=nats(done[0][1].guessing))
    return Verdict(any(guesses(result.last, result.classes) for _name, result in done), text)
