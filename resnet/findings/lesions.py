"""What trained nets lose without some of their blocks. Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from resnet.findings.learning import SURE, surely_above, wilson
from resnet.findings.text import clauses, listed, paragraph, percent, plain, series
from resnet.i18n import _, plural


@dataclass(frozen=True)
class Lost:
    """Right answers among `images` test images: of the `whole` net, by name, and with one block deleted, by its name.

    `several`: for each number of deleted blocks once for each draw.
    """

    name: str
    images: int
    classes: int
    whole: int
    single: Mapping[str, int]
    several: Mapping[int, Sequence[int]]

    @property
    def chance(self) -> float:
        """The share of right answers of a net that guesses."""
        return 1 / self.classes

    @property
    def knows(self) -> bool:
        """Whether the whole net is surely better than guessing."""
        return surely_above(self.whole / self.images, self.images, self.chance)

    @property
    def mean(self) -> float:
        """The share of right answers with one block deleted, the mean over the blocks."""
        return float(np.mean(list(self.single.values()))) / self.images

    def kept(self, share: float) -> float:
        """What is left, with that share of right answers, of the net's lead over guessing."""
        return (share - self.chance) / (self.whole / self.images - self.chance)

    def above(self, right: Sequence[int]) -> int:
        """How many of these counts of right answers are surely more than guessing gives."""
        return sum(surely_above(one / self.images, self.images, self.chance) for one in right)


def block_label(name: str) -> str:
    """A block's name in words."""
    stage, block = name.removeprefix("stage").split(".block")
    return _("stage {stage}, block {block}", stage=stage, block=block)


def single_sentence(net: Lost) -> str:
    """What one deleted block costs, in the mean and at worst; nothing where the net has nothing to lose."""
    places = {"net": plain(net.name), "whole": percent(net.whole / net.images), "chance": percent(net.chance)}
    if not net.knows:
        return _(
            "**{net}** as a whole is not surely above guessing ({whole} right, guessing {chance}): it has nothing to "
            "lose.",
            **places,
        )
    if not net.single:
        return _("**{net}**: {whole} right; none of its blocks can be deleted.", **places)
    worst = min(net.single, key=net.single.__getitem__)
    return plural(
        "**{net}**: {whole} right; **{mean}** without {block}, the one block that is deleted. Surely above guessing "
        "({chance}) in {above} of {count} case.",
        "**{net}**: {whole} right, **{mean}** in the mean with one block deleted; lowest without {block}: {worst}. "
        "Surely above guessing ({chance}) in {above} of {count} cases.",
        len(net.single),
        **places,
        mean=percent(net.mean),
        worst=percent(net.single[worst] / net.images),
        block=block_label(worst),
        above=net.above(list(net.single.values())),
    )


def several_sentence(net: Lost) -> str:
    """With up to how many deleted blocks the net is surely above guessing in every draw; empty where that says nothing.

    Numbers of blocks between those that were drawn are not spoken for.
    """
    if not net.knows or not net.several:
        return ""
    counts = sorted(net.several)
    bad = next((count for count in counts if net.above(net.several[count]) < len(net.several[count])), None)
    good = [count for count in counts if bad is None or count < bad]
    if bad is None:
        most = good[-1]
        return _(
            "{net} is surely above guessing in every draw, up to {most} deleted blocks.", net=plain(net.name), most=most
        )
    if not good:
        return plural(
            "{net} is not surely above guessing in every draw of a single block.",
            "{net} is not surely above guessing in every draw of {count} blocks.",
            bad,
            net=plain(net.name),
        )
    return plural(
        "{net} is surely above guessing in every draw with {count} deleted block, not in every draw with {bad}.",
        "{net} is surely above guessing in every draw with {count} deleted blocks, not in every draw with {bad}.",
        good[-1],
        net=plain(net.name),
        bad=bad,
    )


def survival_sentence(nets: Sequence[Lost]) -> str:
    """Which of two nets keeps more of its lead over guessing without one block; empty where one has nothing to lose."""
    if len(nets) != 2 or not all(net.knows and net.single for net in nets):
        return ""
    shares = series(f"{plain(net.name)} **{percent(net.kept(net.mean))}**" for net in nets)
    text = _("Of its lead over guessing a net keeps, in the mean over its blocks: {nets}.", nets=shares)
    first, last = sorted(nets, key=lambda net: net.kept(net.mean))
    if _bound(first, 1) < _bound(last, 0):
        text = paragraph(text, _("{net} survives the loss of one block better.", net=plain(last.name)))
    else:
        note = _("So small a difference may be chance: these are {count} images.", count=nets[0].images)
        text = paragraph(text, note)
    return paragraph(text, _("One run each; another seed may differ."))


def _bound(net: Lost, end: int) -> float:
    """The lower (0) or upper (1) end of what is left of the lead, by the images that the net was tested on."""
    return net.kept(wilson(net.mean, net.images, SURE)[end])


@dataclass(frozen=True)
class Wound:
    """What was done to a net: names of `deleted` blocks, and how many have `moved` to another place."""

    deleted: Sequence[str]
    moved: int


def wound_sentence(net: Lost, wound: Wound, right: int) -> str:
    """What is left of one net under a lesion, or what the whole net knows where nothing was done to it."""
    share = right / net.images
    low, high = (percent(end) for end in wilson(share, net.images))
    places = {"net": plain(net.name), "share": percent(share), "low": low, "high": high}
    text = _("**{net}** as it is: **{share}** right (95 % interval {low} to {high}).", **places)
    if done := _done(wound):
        text = _(
            "**{net}** {done}: **{share}** right (95 % interval {low} to {high}), whole {whole}.",
            done=done,
            whole=percent(net.whole / net.images),
            **places,
        )
    if not net.knows:
        return paragraph(text, _("As a whole it is not surely above guessing: it has nothing to lose."))
    if surely_above(share, net.images, net.chance):
        return paragraph(text, _("Surely above guessing ({chance}).", chance=percent(net.chance)))
    return paragraph(text, _("Not surely above guessing ({chance}).", chance=percent(net.chance)))


NAMED = 4  # blocks that are named one by one


def _done(wound: Wound) -> str:
    """In a few words; empty for nothing."""
    parts, count = [], len(wound.deleted)
    if 0 < count <= NAMED:
        parts.append(_("without {blocks}", blocks=clauses(map(block_label, wound.deleted))))
    elif count:
        parts.append(plural("without {count} block", "without {count} blocks", count))
    if wound.moved:
        parts.append(plural("with {count} block moved", "with {count} blocks moved", wound.moved))
    return listed(parts)
