"""Lesson 3: what a block adds to what comes in, and how much that is."""

import numpy as np

from resnet.findings.text import number
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict

# Options of the guess, by the ratio at which each ends.
OPTIONS = {"tenth": 0.1, "part": 2 / 3, "equal": 1.5, "larger": np.inf}
OTHER = 1.15  # factor: nets whose ratios are no farther apart are alike


def reveal(trained: np.ndarray, untrained: np.ndarray) -> Reveal:
    """From ‖F(x)‖ / ‖x‖ of every block, with the weights of the run and those of step 0."""
    middle = float(np.median(trained))
    low, high = int(trained.argmin()), int(trained.argmax())
    text = _(
        "In the middle of its {count} blocks F(x) is {middle} times as long as x: between {least} (block {low}) and "
        "{most} times (block {high}). Before training it was {before} times in the middle.",
        count=len(trained),
        middle=number(middle),
        low=low + 1,
        least=number(float(trained[low])),
        high=high + 1,
        most=number(float(trained[high])),
        before=number(float(np.median(untrained))),
    )
    return Reveal(next((name for name, end in OPTIONS.items() if middle < end), ""), text)


def most(entered: str, trained: np.ndarray) -> Verdict:
    """Which block adds most: its number, counted from 1."""
    number_of = int(entered)
    if not 1 <= number_of <= len(trained):
        return Verdict(False, _("The blocks have the numbers 1 to {count}.", count=len(trained)))
    best = int(trained.argmax()) + 1
    text = _("In block {block} F(x) is {ratio} times as long as x.", block=entered, ratio=_ratio(trained, number_of))
    if number_of != best:
        text += " " + _("Another block adds more.")
    return Verdict(number_of == best, text)


def shallower(entered: str, shallow: np.ndarray, deep: np.ndarray) -> Verdict:
    """How the ratios of a net with fewer blocks stand to those of the deep one: "larger", "smaller" or "equal"."""
    one, other = float(np.median(shallow)), float(np.median(deep))
    found = "larger" if one > OTHER * other else "smaller" if one * OTHER < other else "equal"
    text = _(
        "In the middle of the {few} blocks of res-20 F(x) is {one} times as long as x, in the middle of the {many} of "
        "res-56 {other} times.",
        few=len(shallow),
        many=len(deep),
        one=number(one),
        other=number(other),
    )
    return Verdict(entered == found, text)


def _ratio(ratios: np.ndarray, block: int) -> str:
    return number(float(ratios[block - 1]))
