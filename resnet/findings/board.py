"""Who did it? How good a visitor's guesses about gradients were, and which cells learn. Markdown."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from resnet.findings.profiles import distance, kind, ratio
from resnet.findings.text import paragraph, plain
from resnet.i18n import N_, _, plural

LIMITS = (10.0, 100.0)  # by which a gradient may change; beyond the second the board calls it exploding or vanishing
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


def within(change: float, limit: float) -> bool:
    """Whether a gradient changes by at most that factor, upwards or downwards."""
    return 1 / limit <= change <= limit


def quadrants(cells: Sequence[tuple[float, bool]], limit: float) -> tuple[int, int, int, int]:
    """Of cells with a gradient's factor and whether they learn: those within that do and do not, then the others."""
    counts = [sum(within(change, limit) == kind and learns == does for change, learns in cells)
              for kind in (True, False) for does in (True, False)]  # fmt: skip
    return counts[0], counts[1], counts[2], counts[3]


def learning_sentence(cells: Sequence[tuple[float, bool]], step: int, now: bool) -> str:
    """How many of the cells learn by `step`, by what their gradient does: at step 0, or ``now``, at that step."""
    learn, count = sum(learns for _change, learns in cells), len(cells)
    if not learn:
        return plural("After {step} steps the one cell learns nothing.",
                      "After {step} steps none of {count} cells learns.", count, step=step)  # fmt: skip
    if learn == count:
        return plural("After {step} steps the one cell learns.",
                      "After {step} steps all of {count} cells learn.", count, step=step)  # fmt: skip
    head = _("Learning after {step} steps, by the gradient at step 0.", step=step)
    if now:
        head = _("Learning after {step} steps, by the gradient at that step.", step=step)
    told = {quadrants(cells, limit): limit for limit in reversed(LIMITS)}  # the same counts are told once
    return paragraph(head, *(_by_limit(limit, *counts) for counts, limit in reversed(told.items())))


def _by_limit(limit: float, yes: int, no: int, others: int, rest: int) -> str:
    """What a limit says: counts, and whether gradient and learning go together."""
    if not yes + no:
        return _("Within a factor of {limit:g} is no cell.", limit=limit)
    if not others + rest:
        return _("Within a factor of {limit:g} is every cell.", limit=limit)
    text = _("Within a factor of {limit:g}: {yes} of {all} cells; beyond it: {others} of {rest}.",
             limit=limit, yes=yes, all=yes + no, others=others, rest=others + rest)  # fmt: skip
    return f"{text} {_together(yes, no, others, rest)}"


def _together(yes: int, no: int, others: int, rest: int) -> str:
    """Whether a gradient that stays within bounds and learning go together in these cells."""
    if uneven(yes, no, others, rest) < CHANCE:
        if not no + others:
            return _("Here the two go together without exception.")
        return plural("Here the two go together, with {count} exception.",
                      "Here the two go together, with {count} exceptions.", no + others)  # fmt: skip
    if uneven(others, rest, yes, no) < CHANCE:
        return _("Here the others learn more often.")
    return _("That is too little to say that the two go together.")


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
