"""Lesson 11: what nets lose without a block, and what that says of paths."""

from collections.abc import Mapping, Sequence

import numpy as np

from resnet.findings.lesions import Lost
from resnet.findings.text import clauses, number, percent, series
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict

HALF = 0.5  # of its lead over guessing: who keeps less has lost most of what it knew
TENTH = 0.1
_BREAKS = {(True, True): "both", (True, False): "plain", (False, True): "residual", (False, False): "neither"}
_KEEPS = {(True, True): "both", (True, False): "plain", (False, True): "residual", (False, False): "neither"}


def reveal(nets: Sequence[Lost], anew: bool) -> Reveal:
    """From single deletions; the first net is the plain one of the question, the last one the residual one."""
    asked = nets[0], nets[-1]
    shares = clauses(_shares(net) for net in nets)
    chance = percent(nets[0].chance)
    text = _("Right with one block deleted, in the mean over the blocks: {nets}. Guessing gives {chance}.",
             nets=shares, chance=chance)  # fmt: skip
    if anew:
        text = _(
            "With batch norm estimated anew after each cut, right with one block deleted, in the mean over the blocks: "
            "{nets}. Guessing gives {chance}.",
            nets=shares,
            chance=chance,
        )
    if not all(net.knows and net.single for net in asked):
        return Reveal("", text)
    return Reveal(_BREAKS[asked[0].kept(asked[0].mean) < HALF, asked[1].kept(asked[1].mean) < HALF], text)


def _shares(net: Lost) -> str:
    places = {"net": net.name, "whole": percent(net.whole / net.images)}
    if not net.single:
        return _("{net} {whole} as a whole", **places)
    return _("{net} **{mean}** of {whole}", mean=percent(net.mean), **places)


def worst(chosen: str, net: Lost, offered: Sequence[str]) -> Verdict:
    """Which of some blocks costs the net most; equal ones are all right."""
    found = {name: net.single[name] for name in offered}
    parts = _shares_of({_short(name): right / net.images for name, right in found.items()})
    text = _("Without it, {net} has right: {shares}.", net=net.name, shares=parts)
    return Verdict(found[chosen] == min(found.values()), text)


def _short(name: str) -> str:
    """As in the drawings and in the address: stage2.block1 is 2.1."""
    return name.replace("stage", "").replace("block", "")


def _shares_of(shares: Mapping[str, float]) -> str:
    return series(f"{name} {percent(share)}" for name, share in shares.items())


def swapped(chosen: str, plain: Lost, residual: Lost, rights: tuple[Sequence[int], Sequence[int]]) -> Verdict:
    """Which net keeps more than half of its lead over guessing when two neighbours are swapped; mean over all pairs."""
    nets = plain, residual
    means = [float(np.mean(right)) / net.images for net, right in zip(nets, rights, strict=True)]
    parts = _shares_of({net.name: mean for net, mean in zip(nets, means, strict=True)})
    text = _("Right with two neighbours swapped, in the mean over all pairs: {nets}.", nets=parts)
    if not all(net.knows for net in nets):
        return Verdict(False, text)
    keeps = tuple(net.kept(mean) >= HALF for net, mean in zip(nets, means, strict=True))
    return Verdict(chosen == _KEEPS[keeps[0], keeps[1]], text)


def cancels(chosen: str, name: str, kept: float) -> Verdict:
    """How much of the summed norms of all paths is left in their sum as vectors."""
    right = "most" if kept > HALF else "some" if kept > TENTH else "little"
    text = _("{net}: the gradient is {kept} % as long as the norms of all paths together.", net=name,
             kept=number(100 * kept))  # fmt: skip
    return Verdict(chosen == right, text)
