"""Who did it? How good a visitor's guesses about gradients were, and which cells learn. Markdown."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from resnet.findings.profiles import kind, ratio
from resnet.findings.text import paragraph, plain
from resnet.i18n import _, plural

LIMITS = (10.0, 100.0)  # by which a gradient may change; beyond the second the board calls it exploding or vanishing
CHANCE = 0.025  # how seldom a pairing at random may be as uneven, in one direction, before two things go together

NONE = -1  # the guess that no gradient of a row leaves the second limit


@dataclass(frozen=True)
class Guessed:
    """A row of the board by its title: names and gradients (L,) of its nets, and the place guessed, or `NONE`."""

    row: str
    nets: tuple[str, ...]
    gradients: tuple[np.ndarray, ...]
    guess: int

    @property
    def right(self) -> bool:
        return self.guess in (culprits(self.gradients) or {NONE})


def culprits(gradients: Sequence[np.ndarray]) -> set[int]:
    """The places of the gradients that change most on their way; empty where none explodes or vanishes."""
    if all(kind(values) == "healthy" for values in gradients):
        return set()
    changes = [change(values) for values in gradients]
    return {place for place, found in enumerate(changes) if found == max(changes)}


def change(values: np.ndarray) -> float:
    """By which factor a gradient (L,) leaves its value at the last block; inf where it is 0 or not finite."""
    if not np.isfinite(values).all() or (values == 0).any():
        return math.inf
    last = float(values[-1])
    return max(float(values.max()) / last, last / float(values.min()))


def verdict(rows: Sequence[Guessed], guesses: Mapping[int, str]) -> str:
    """How many of the guesses were right, and the most surprising row; empty without a guess. `guesses`: their words.

    Markdown.
    """
    if not rows:
        return ""
    wrong = [row for row in rows if not row.right]
    text = _("**{right} of {all} right.**", right=len(rows) - len(wrong), all=len(rows))
    if not wrong:
        return text
    row = max(wrong, key=lambda one: max(change(values) for values in one.gradients))
    guessed = _("You guessed: {guess}.", guess=guesses[row.guess])
    return paragraph(text, _surprise(row), guessed)


def _surprise(row: Guessed) -> str:
    """What a row does that was guessed wrong."""
    places = culprits(row.gradients)
    if not places:
        return _(
            "Your surprise: in “{row}” no gradient leaves a factor of {limit:g}.", row=plain(row.row), limit=LIMITS[1]
        )
    place = min(places)
    told = {"row": plain(row.row), "net": plain(row.nets[place]), "ratio": ratio(row.gradients[place])}
    if kind(row.gradients[place]) == "explode":
        return _(
            "Your surprise: in “{row}” {net} changes most; it explodes ({ratio} from last to first block).", **told
        )
    return _("Your surprise: in “{row}” {net} changes most; it vanishes ({ratio} from last to first block).", **told)


def surprise_sentence(row: str, wrong: int, guesses: int) -> str:
    """The row that most visitors of a server got wrong on one day."""
    return _(
        "Surprise of the day on this server: “{row}”, guessed wrong {wrong} of {all} times.",
        row=plain(row),
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
    return paragraph(text, _together(yes, no, others, rest))


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
