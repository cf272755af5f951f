"""Lesson 15: what twenty pictures of each class can show, by seeds, and what the same nets do on many more."""

import math
from collections.abc import Sequence

import numpy as np

from resnet.findings.few import Few, share
from resnet.findings.learning import Result, wilson
from resnet.findings.text import percent
from resnet.i18n import _, plural
from resnet.lessons.records import Reveal, Verdict

CLASSES, SEEDS = 3, 3  # of the task: fewer tell little
WIDE = 0.1  # of the interval that the task asks for
RIGHT = 0.75  # share of right answers of the task
CLEAR = 0.02  # a smaller difference of two means is none


def reveal(seeds: Sequence[Few]) -> Reveal:
    """By how many test pictures the best and the worst seed differ."""
    rights = [one.test[0] for one in seeds]
    differ, tested = max(rights) - min(rights), seeds[0].test[1]
    low, high = (percent(end) for end in wilson(max(rights) / tested, tested))
    text = _(
        "Right on the test: {worst} to **{best} of {tested}**. On {many} other pictures of the same classes these nets "
        "have {least} to {most} right; on the training pictures {train}. With {best} of {tested} the 95 % interval "
        "reaches from {low} to {high}.",
        worst=min(rights),
        best=max(rights),
        tested=tested,
        many=seeds[0].many[1],
        least=percent(min(share(one.many) for one in seeds)),
        most=percent(max(share(one.many) for one in seeds)),
        train=_span([share(one.train) for one in seeds]),
        low=low,
        high=high,
    )
    return Reveal("few" if differ <= 1 else "some" if differ <= 3 else "many", text)


def _span(shares: Sequence[float]) -> str:
    low, high = percent(min(shares)), percent(max(shares))
    return low if low == high else _("{low} to {high}", low=low, high=high)


def enough(chosen: str, offered: Sequence[int]) -> Verdict:
    """The smallest number of test pictures that is offered whose interval is narrow enough."""
    widths = {count: high - low for count in offered for low, high in [wilson(RIGHT, count)]}
    right = min((count for count, width in widths.items() if width <= WIDE), default=None)
    told = ", ".join(
        _("{count}: {width} points", count=count, width=f"{100 * width:.0f}") for count, width in widths.items()
    )
    return Verdict(int(chosen) == right, _("Width of the interval by the number of pictures: {widths}.", widths=told))


def more(chosen: str, fewer: Sequence[Few], larger: Sequence[Few]) -> Verdict:
    """What more pictures do, at the same number of steps, to right answers in training and on many other pictures."""
    kinds = {
        name: [float(np.mean([share(getattr(one, name)) for one in own])) for own in (fewer, larger)]
        for name in ("train", "many")
    }
    text = _(
        "Right in the mean over the seeds: on the training pictures {few} and then {more}; on many others {before} and "
        "then {after}.",
        few=percent(kinds["train"][0]),
        more=percent(kinds["train"][1]),
        before=percent(kinds["many"][0]),
        after=percent(kinds["many"][1]),
    )
    signs = [_sign(after - before) for before, after in kinds.values()]
    names = {(1, 1): "both", (-1, 1): "test", (1, -1): "train", (-1, -1): "neither"}
    return Verdict(chosen == names.get((signs[0], signs[1])), text)


def _sign(difference: float) -> int:
    return 0 if abs(difference) < CLEAR else int(math.copysign(1, difference))


def own_pictures(own: bool, classes: int, seeds: Sequence[Result], pictures: int) -> Verdict:
    """Whether a net was trained on a visitor's own pictures with enough seeds; `pictures` for the test."""
    if not own:
        return Verdict(False, _("The bench trains on a data set of the app: bring your own pictures first."))
    if classes < CLASSES:
        return Verdict(False, plural("There is {count} class.", "There are {count} classes.", classes))
    text = plural(
        "{count} seed is trained; the task asks for {seeds}.",
        "{count} seeds are trained; the task asks for {seeds}.",
        len(seeds),
        seeds=SEEDS,
    )
    if not seeds:
        return Verdict(False, text)
    text += " " + _(
        "Right on {pictures} test pictures: {test}; in the last training batches: {train}.",
        pictures=pictures,
        test=_span([one.test for one in seeds]),
        train=_span([one.right for one in seeds]),
    )
    return Verdict(len(seeds) >= SEEDS, text)
