"""Who did it? How good a visitor's guesses about gradients were. Markdown."""

from collections.abc import Mapping

import numpy as np

from resnet.findings.profiles import distance, kind, ratio
from resnet.findings.text import plain
from resnet.i18n import N_, _

GUESSES = {"vanish": N_("vanishes"), "healthy": N_("healthy"), "explode": N_("explodes")}


def verdict(guesses: Mapping[str, str], measured: Mapping[str, np.ndarray]) -> str:
    """How many guesses, by the nets' names, were right, and the most surprising one; empty without a guess."""
    guessed = {net: word for net, word in guesses.items() if net in measured}
    if not guessed:
        return ""
    wrong = [net for net, word in guessed.items() if word != kind(measured[net])]
    text = _("**{right} of {all} right.**", right=len(guessed) - len(wrong), all=len(guessed))
    if not wrong:
        return text
    net = max(wrong, key=lambda one: distance(measured[one]))
    return (
        text
        + " "
        + _(
            "Your surprise: {net} {truth} ({ratio} from last to first block); you guessed “{guess}”.",
            net=plain(net),
            guess=_(GUESSES[guessed[net]]),
            truth=_(GUESSES[kind(measured[net])]),
            ratio=ratio(measured[net]),
        )
    )


def surprise_sentence(net: str, wrong: int, guesses: int) -> str:
    """The cell that most visitors of a server got wrong on one day."""
    return _(
        "Surprise of the day on this server: {net}, guessed wrong {wrong} of {all} times.",
        net=plain(net),
        wrong=wrong,
        all=guesses,
    )
