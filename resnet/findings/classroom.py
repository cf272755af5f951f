"""What the runs of a class say together: only twins of one recipe and one seed are compared, and each pair is counted.

The lowest of many runs is named as what it is, the lowest of so many.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from resnet.findings.candidates import Candidate
from resnet.findings.seeds import Order, order
from resnet.findings.text import nats, paragraph
from resnet.i18n import _, plural
from resnet.specs import NetSpec


@dataclass(frozen=True)
class Ended:
    """A run of the class that has ended: its net and seed, and how it stands; `error` of the test images in percent."""

    net: NetSpec
    seed: int
    candidate: Candidate
    error: float = math.nan

    def value(self, quantity: str) -> float:
        """The final training loss in nats, or the error; NaN for a run that diverged."""
        return self.candidate.loss if quantity == "loss" else self.error


def class_sentences(runs: Sequence[Ended], working: int, others: int, quantity: str) -> list[str]:
    """How many runs there are, how twins end against each other, and which run is lowest.

    `runs` are of one recipe; `working` have not ended, `others` are by other recipes.
    """
    return [text for text in (_counted(len(runs), working, others), twins(runs), _lowest(runs, quantity)) if text]


def _counted(ended: int, working: int, others: int) -> str:
    parts = [plural("{count} run has ended by this recipe.", "{count} runs have ended by this recipe.", ended)]
    if working:
        parts.append(plural("{count} run is waiting or training.", "{count} runs are waiting or training.", working))
    if others:
        parts.append(
            plural(
                "{count} run is by another recipe: choose it above.",
                "{count} runs are by other recipes: choose one above.",
                others,
            )
        )
    return paragraph(*parts)


def twins(runs: Sequence[Ended]) -> str:
    """In how many pairs of twins with the same seed the plain net ends above the residual one; empty without a pair."""
    by_place = {(run.net, run.seed): run.candidate for run in runs}
    pairs = [
        (by_place[run.net.twin(), run.seed], run.candidate)
        for run in runs
        if run.net.block == "residual" and (run.net.twin(), run.seed) in by_place
    ]
    counts = Counter(order(*pair) for pair in pairs)
    texts: dict[Order, str] = {
        "above": _("Training loss of twins with the same seed: plain above residual in {found} of {pairs} pairs."),
        "level": _("Training loss of twins with the same seed: level in {found} of {pairs} pairs."),
        "below": _("Training loss of twins with the same seed: plain below residual in {found} of {pairs} pairs."),
        "neither": _("Neither twin learned anything, or one diverged, in {found} of {pairs} pairs."),
    }
    told = [text.format(found=counts[which], pairs=len(pairs)) for which, text in texts.items() if counts[which]]
    return paragraph(*told)


def _lowest(runs: Sequence[Ended], quantity: str) -> str:
    finite = [run for run in runs if math.isfinite(run.value(quantity))]
    if len(finite) < 2:
        return ""
    best = min(finite, key=lambda run: run.value(quantity))
    places = {"net": best.net.title, "seed": best.seed, "count": len(finite)}
    if quantity == "loss":
        text = _("Lowest training loss of {count} runs: {net}, seed {seed}, {loss} nats.")
        return text.format(**places, loss=nats(best.value(quantity)))
    text = _("Lowest test error of {count} runs: {net}, seed {seed}, {error:.1f} %.")
    return text.format(**places, error=best.value(quantity))
