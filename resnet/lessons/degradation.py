"""Lesson 2: deeper plain nets have the higher training error, so it is no overfitting."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resnet.findings.candidates import LEAST
from resnet.findings.text import listed, nats, paragraph
from resnet.i18n import _, plural
from resnet.lessons.records import Reveal, Verdict

APART = 3.0  # percentage points: errors that are closer are not told apart
HIGH = 0.5  # of the error by guessing: an error above that share is high
RIGHT = 20.0  # percent of the test images, of the task


@dataclass(frozen=True)
class Errors:
    """Wrong answers of one run at its end, percent: on the last training images and on the test images."""

    train: float
    test: float


def reveal(ends: Mapping[str, Sequence[Errors]]) -> Reveal:
    """For each of the four nets its runs by seed, the first of which is on screen."""
    first = {name: errors[0] for name, errors in ends.items()}
    train = listed([_("{net} {error:.0f} %", net=name, error=one.train) for name, one in first.items()])
    test = listed([_("{net} {error:.0f} %", net=name, error=one.test) for name, one in first.items()])
    text = _("Wrong at the end, training images: {train}; test images: {test}.", train=train, test=test)
    return Reveal(_highest(first), paragraph(text, _deeper(ends)))


def _highest(first: Mapping[str, Errors]) -> str:
    """The net with the highest training error; empty where another one is as high."""
    if not all(math.isfinite(one.train) for one in first.values()):
        return ""
    ordered = sorted(first, key=lambda name: first[name].train)
    apart = first[ordered[-1]].train - first[ordered[-2]].train
    return ordered[-1] if apart > APART else ""


def _deeper(ends: Mapping[str, Sequence[Errors]]) -> str:
    """In how many seeds the deeper plain net has the higher training error."""
    pairs = list(zip(ends["plain-56"], ends["plain-20"], strict=False))
    if not pairs:
        return ""
    above = sum(deep.train > shallow.train + APART for deep, shallow in pairs)
    return plural(
        "On its training images plain-56 is above plain-20 in {above} of {count} seed.",
        "On its training images plain-56 is above plain-20 in {above} of {count} seeds.",
        len(pairs),
        above=above,
    )


def overfits(entered: str, found: Errors, guessing: float) -> Verdict:
    """What training and test error show together: "overfits", "high" or "low"; `guessing` is the error by chance, %."""
    limit = HIGH * guessing
    shown = {(True, True): "high", (False, False): "low", (False, True): "overfits"}.get(
        (found.train > limit, found.test > limit), ""
    )
    text = _(
        "plain-56 gets {train:.0f} % of its training images wrong and {test:.0f} % of the test images; guessing, "
        "{guessing:.0f} %.",
        train=found.train,
        test=found.test,
        guessing=guessing,
    )
    return Verdict(entered == shown, text)


def turning(entered: str, losses: Mapping[int, float]) -> Verdict:
    """At which depth plain nets end lowest: the mean final training losses (nats) by depth."""
    known = {depth: loss for depth, loss in losses.items() if math.isfinite(loss)}
    if len(known) < 2:
        return Verdict(False, _("Not enough nets of the sweep are trained yet."))
    best = min(known, key=known.__getitem__)
    level = known.get(int(entered), math.inf) - known[best] <= LEAST
    text = _("plain-{depth} ends lowest, at {loss} nats.", depth=best, loss=nats(known[best]))
    if level and int(entered) != best:
        text += " " + _("plain-{depth} is level with it.", depth=entered)
    return Verdict(level, text)


def deepest(entered: str, errors: Mapping[int, float]) -> Verdict:
    """The deepest plain net with enough right answers: the mean test errors (percent) by depth."""
    learned = [depth for depth, error in errors.items() if error <= 100 - RIGHT]
    if not learned:
        return Verdict(False, _("Not enough nets of the sweep are trained yet."))
    last = max(learned)
    text = _("plain-{depth} gets {error:.0f} % of the test images wrong.", depth=last, error=errors[last])
    if deeper := [depth for depth in errors if depth > last]:
        after = min(deeper)
        text = _(
            "plain-{depth} gets {error:.0f} % of the test images wrong, plain-{deeper} {worse:.0f} %.",
            depth=last,
            error=errors[last],
            deeper=after,
            worse=errors[after],
        )
    return Verdict(int(entered) == last, text)
