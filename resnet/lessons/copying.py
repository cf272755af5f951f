"""Lesson 1: a deeper net can copy a shallower one, so that depth need not hurt."""

from collections.abc import Mapping

from resnet.analyses.additions import COUNTS, Copied
from resnet.findings.text import nats, number
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict

LEVEL = 1e-3  # nats: losses that are no farther apart are the same
FOUND = 0.15  # nats: so far above the copy a training may end and still count as having found it
PLACES = {"at26": 3, "at38": 9, "at56": 18}  # options of the task, by the number of added blocks


def reveal(plain: Mapping[str, Copied], residual: Mapping[str, Copied]) -> Reveal:
    """From what the ways of adding blocks have done to the trained plain net and to its residual twin."""
    copy, zero = plain["matched"], residual["zero"]
    own, last = float(copy.loss[0]), float(copy.loss[-1])
    text = _(
        "With its {count} added blocks set so that they do nothing, plain-56 has a training loss of {last}, plain-20 "
        "one of {own}: no output differs by more than {difference}. So the best plain-56 is at least as good. In "
        "res-56 branches of zeros are enough: the outputs differ by {residual}.",
        count=COUNTS[-1],
        last=nats(last),
        own=nats(own),
        difference=number(float(copy.difference.max())),
        residual=number(float(zero.difference.max())),
    )
    return Reveal("lower" if last <= own + LEVEL else "", text)


def differs(entered: str, residual: Mapping[str, Copied]) -> Verdict:
    """Where the residual copy begins to answer otherwise than the shallow net: an option of the task, or "never"."""
    found = residual["zero"].difference
    largest = {name: float(found[COUNTS.index(count)]) for name, count in PLACES.items()}
    first = next((name for name, size in largest.items() if size > 0), "never")
    text = _(
        "The largest difference of any output, at any of these depths: {size}.", size=number(max(largest.values()))
    )
    return Verdict(entered == first, text)


def trained(entered: str, copy: float, shallow: float, deep: float) -> Verdict:
    """Whether training finds a plain-56 as good as the copy, "found" or "missed"; final training losses in nats.

    `shallow` and `deep` are those of the trained nets, `copy` is measured on images as they are, without augmentation.
    """
    found = "found" if deep <= shallow + FOUND else "missed"
    text = _(
        "Trained, plain-56 ends at {deep} nats and plain-20 at {shallow}. The copy stands at {copy}, measured on "
        "images that are not moved or mirrored as in training.",
        deep=nats(deep),
        shallow=nats(shallow),
        copy=nats(copy),
    )
    return Verdict(entered == found, text)
