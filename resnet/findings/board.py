"""Who did it? How good a visitor's guesses about gradients were, and which cells learn. Markdown."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from resnet.findings.profiles import distance, kind, ratio
from resnet.findings.text import plain
from resnet.i18n import N_, _, plural

HEALTHY = 10.0  # a gradient whose size changes by less, from the last block to the first, stays within bounds
CHANCE = 0.025  # how seldom a pairing at random may be as uneven, in one direction, before two things go together

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


def factor(values: np.ndarray) -> float:
    """The gradient (L,) at the first block over that at the last; 0 where an end is, inf where one is not finite."""
    if not np.isfinite(values).all():
        return math.inf
    if values[0] == 0 or values[-1] == 0:
        return 0.0
    return float(values[0]) / float(values[-1])


def healthy(change: float) -> bool:
    """Whether a gradient stays within a factor of ten on its way."""
    return 1 / HEALTHY <= change <= HEALTHY


def quadrants(cells: Sequence[tuple[float, bool]]) -> tuple[int, int, int, int]:
    """Of cells with a gradient's factor and whether they learn: healthy ones that do and do not, then the others."""
    counts = [sum(healthy(change) == kind and learns == does for change, learns in cells)
              for kind in (True, False) for does in (True, False)]  # fmt: skip
    return counts[0], counts[1], counts[2], counts[3]


def learning_sentence(cells: Sequence[tuple[float, bool]], step: int, now: bool) -> str:
    """How many of the cells learn by `step`, by what their gradient does: at step 0, or ``now``, at that step."""
    yes, no, others, rest = quadrants(cells)
    places = {"step": step, "yes": yes, "healthy": yes + no, "others": others, "rest": others + rest}
    if not yes + no:
        text = _("Learning after {step} steps: {others} of {rest} cells, none with a healthy gradient.", **places)
    elif not others + rest:
        text = _("Learning after {step} steps: {yes} of {healthy} cells, all with a healthy gradient.", **places)
    elif now:
        text = _(
            "Learning after {step} steps: {yes} of the {healthy} cells whose gradient stays within a factor of 10 at "
            "that step, {others} of the {rest} others.",
            **places,
        )
    else:
        text = _(
            "Learning after {step} steps: {yes} of the {healthy} cells whose gradient stays within a factor of 10 at "
            "step 0, {others} of the {rest} others.",
            **places,
        )
    return f"{text} {_together(yes, no, others, rest)}".strip()


def _together(yes: int, no: int, others: int, rest: int) -> str:
    """Whether a healthy gradient and learning go together in these cells; empty where all are of one kind."""
    if not (yes + no and others + rest):
        return ""
    if not yes + others:
        return _("None learns by then.")
    if not no + rest:
        return _("All learn by then.")
    if uneven(yes, no, others, rest) < CHANCE:
        odd = no + others
        if not odd:
            return _("Here a healthy gradient and learning go together without exception.")
        return plural(
            "Here a healthy gradient and learning go together, with {count} exception.",
            "Here a healthy gradient and learning go together, with {count} exceptions.",
            odd,
        )
    if uneven(others, rest, yes, no) < CHANCE:
        return _("Here the cells without a healthy gradient learn more often.")
    return _("In so few cells that is too little to say that the two go together.")


def missing_sentence(count: int) -> str:
    """Of cells whose runs have not come so far."""
    return plural("{count} cell has not come so far.", "{count} cells have not come so far.", count)


def uneven(yes: int, no: int, others: int, rest: int) -> float:
    """How often a random pairing gives the first kind `yes` learners or more.

    Source: Fisher's exact test, one-sided.
    """
    first, second, learn = yes + no, others + rest, yes + others
    ways = sum(
        math.comb(first, count) * math.comb(second, learn - count) for count in range(yes, min(first, learn) + 1)
    )
    return ways / math.comb(first + second, learn)
