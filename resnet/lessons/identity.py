"""Lesson 4: shortcuts that are multiplied by λ, and how much nets with them still learn."""

import math
from collections.abc import Mapping, Sequence

from resnet.findings.text import nats, number
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict

ALL, PART = 0.85, 0.25  # of what the net with whole shortcuts learns: from there on almost all, and a part
HALF = 0.5  # of it, for the task

Losses = Mapping[int, Sequence[float]]  # final training losses (nats) by λ in percent, one for each seed


def learned(loss: float, whole: float, guessing: float) -> float:
    """The share of the way from guessing to the loss with `whole` shortcuts; NaN where that net has learned nothing."""
    return (guessing - loss) / (guessing - whole) if guessing > whole else math.nan


def amount(share: float) -> str:
    """The option that a share stands for; empty where there is none."""
    if not math.isfinite(share):
        return ""
    return "all" if share >= ALL else "part" if share >= PART else "hardly"


def reveal(losses: Losses, guessing: float, blocks: int) -> Reveal:
    """From the runs with λ = 1 and λ = 0.5, of which the first seed is on screen; `guessing` is the loss by chance."""
    whole, half = losses[100], losses[50]
    text = _(
        "λ = 0.5 ends at {half} nats, λ = 1 at {whole}, and guessing is {guessing}. Through {blocks} shortcuts passes "
        "λⁿ = {passed}.",
        half=nats(half[0]),
        whole=nats(whole[0]),
        guessing=nats(guessing),
        blocks=blocks,
        passed=number(0.5**blocks),
    )
    if len(half) > 1:
        places = {"count": len(half), "low": nats(min(half)), "high": nats(max(half))}
        text += " " + _("In {count} seeds λ = 0.5 ends between {low} and {high}.", **places)
    return Reveal(amount(learned(half[0], whole[0], guessing)), text)


def smallest(entered: str, losses: Losses, guessing: float) -> Verdict:
    """The smallest λ with which at least half is learned in every seed: an option is a λ in percent."""
    enough = [percent for percent, own in losses.items() if own and _enough(own, losses[100], guessing)]
    if not enough:
        return Verdict(False, _("With none of them as much is learned in every seed."))
    chosen = losses.get(int(entered), ())
    text = _("λ = {factor:g} was not trained.", factor=int(entered) / 100)
    if chosen:
        places = {"factor": int(entered) / 100, "low": nats(min(chosen)), "high": nats(max(chosen))}
        text = _("With λ = {factor:g} the loss ends between {low} and {high} nats.", **places)
    return Verdict(int(entered) == min(enough), text)


def _enough(own: Sequence[float], whole: Sequence[float], guessing: float) -> bool:
    pairs = zip(own, whole, strict=False)
    return all(learned(loss, best, guessing) >= HALF for loss, best in pairs)


def power(entered: str, passed: float) -> Verdict:
    """The power of ten that the shortcuts let through; `passed` is log₁₀ of λⁿ. A minus sign does not matter."""
    text = _("λⁿ is {passed}.", passed=number(10**passed))
    return Verdict(abs(int(entered)) == round(-passed), text)


def gate(entered: str, loss: float, whole: float, guessing: float) -> Verdict:
    """How much a net with gates on its shortcuts learns of what the one without learns."""
    text = _("res-56-gate ends at {loss} nats, res-56 at {whole}.", loss=nats(loss), whole=nats(whole))
    return Verdict(entered == amount(learned(loss, whole, guessing)), text)
