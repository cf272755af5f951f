"""What depth did to nets that differ in nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from resnet.findings.text import plain
from resnet.findings.training import at_chance
from resnet.i18n import _

# Nats: runs that end closer to each other than this are called level; plain-20 ended at 0.76–0.91 in five seeds.
LEVEL = 0.15


@dataclass(frozen=True)
class Trained:
    """A net whose run is done. `family` is equal for nets that differ in depth alone; `loss` is NaN if none was finite."""

    name: str
    family: str
    depth: int
    loss: float
    classes: int


def depth_conclusion(done: Sequence[Trained], at_work: bool) -> str:
    """For nets that differ in depth alone: did the deeper one end better or worse? Else what to do next. Markdown."""
    sentences = []
    for _family, group in groupby(sorted(done, key=lambda net: net.family), key=lambda net: net.family):
        family = sorted(group, key=lambda net: net.depth)
        if len(family) > 1:
            shallow, deep = family[0], family[-1]
            sentences.append(depth_sentence(shallow.name, deep.name, shallow.loss, deep.loss, deep.classes))
    if sentences:
        return "**" + plain(" ".join(sentences)) + "**"
    if at_work:
        return _("The conclusion appears here when two nets of different depth are done.")
    if not done:
        return _("Press **Train** in the side bar: the curves grow while the nets learn.")
    return _("Put a second depth of the same net on the bench to see what depth does.")


def depth_sentence(shallow: str, deep: str, shallow_loss: float, deep_loss: float, classes: int) -> str:
    """What depth did to the training loss, for two nets that differ in depth alone."""
    gap = deep_loss - shallow_loss
    names = {"deep": deep, "shallow": shallow, "gap": abs(gap)}
    if at_chance(shallow_loss, classes) and at_chance(deep_loss, classes):
        return _("Neither learns: {shallow} and {deep} both end at chance.", **names)
    if gap > LEVEL:
        return _("Deeper is worse: {deep} ends {gap:.2f} nats above {shallow}.", **names)
    if gap < -LEVEL:
        return _("Deeper is better: {deep} ends {gap:.2f} nats below {shallow}.", **names)
    return _("Depth does no harm: {deep} ends level with {shallow} ({gap:.2f} nats apart).", **names)
