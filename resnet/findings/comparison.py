"""What a difference between nets did: every comparison is of nets that differ in one thing, and failures come first.

Words are careful in proportion to the evidence: one seed speaks for "this run" only, and a gap that other seeds alone
can make is called level.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from resnet.findings.learning import FAILS, LEARNS, Result
from resnet.findings.text import listed, nats, plain
from resnet.i18n import N_, _

# Nets are level up to a gap of LEAST nats. Up to SHARE of the larger loss another seed may reverse their order: seeds
# alone moved the final loss of the demo's nets that learn by so much (plain-20 0.61-1.14, res-20 0.26-0.35).
LEAST, SHARE = 0.15, 0.5

# What two nets may differ in, and the fields of a spec that belong to it.
ASPECTS: dict[str, tuple[str, frozenset[str]]] = {
    "depth": (N_("Depth"), frozenset({"depth"})),
    "stages": (N_("Blocks per stage"), frozenset({"stages"})),
    "shortcut": (
        N_("Shortcut"),
        frozenset({"block", "shortcut", "shortcut_scale", "branch_scale", "gate_bias"}),
    ),
    "survival": (N_("Stochastic depth"), frozenset({"survival"})),
    "order": (N_("Order"), frozenset({"order"})),
    "norm": (N_("Normalisation"), frozenset({"norm"})),
    "activation": (N_("Activation"), frozenset({"activation"})),
    "init": (N_("Initialisation"), frozenset({"init"})),
    "zero_gamma": (N_("Zero-γ"), frozenset({"zero_gamma"})),
    "fixup": (N_("Fixup scaling"), frozenset({"fixup"})),
    "width": (N_("Width"), frozenset({"width"})),
    "stem_stride": (N_("Stem stride"), frozenset({"stem_stride"})),
    "stride_at": (N_("Stride"), frozenset({"stride_at"})),
    "classes": (N_("Classes"), frozenset({"classes"})),
    "stem_activation": (N_("Activation after the stem"), frozenset({"stem_activation"})),
    "softmax": (N_("Softmax inside the net"), frozenset({"softmax"})),
}

State = Literal["ended", "diverged", "failed", "stopped", "open"]  # open: not trained, queued or running


@dataclass(frozen=True)
class Candidate:
    """A net on the bench, how its run stands, and its spec's fields by name; `result` None before the first step."""

    name: str
    fields: Mapping[str, Any]
    state: State
    result: Result | None = None

    @property
    def loss(self) -> float:
        """The mean loss at the end; NaN for a run that did not reach it."""
        return self.result.last if self.result and self.state == "ended" else math.nan

    @property
    def failed(self) -> bool:
        """Whether the run ended without having learned anything."""
        ended = self.state == "ended" and self.result is not None and self.result.standing in FAILS
        return self.state == "diverged" or ended

    @property
    def learned(self) -> bool:
        """Whether the run ended and has learned something."""
        return self.state == "ended" and self.result is not None and self.result.standing in LEARNS


Verdict = Literal["early", "all fail", "some fail", "level", "unsure", "ordered"]


@dataclass(frozen=True)
class Claim:
    """What one aspect did to nets that differ in it alone; `best` first among those that learned, then the `failed`.

    `agreeing` of `seeds` runs of all these nets say the same.
    """

    aspect: str
    verdict: Verdict
    learned: tuple[Candidate, ...]
    failed: tuple[Candidate, ...]
    seeds: int = 1
    agreeing: int = 1


def conclusion(trials: Sequence[Sequence[Candidate]]) -> str:
    """What the bench shows, or what to do next; Markdown. `trials` are the same nets by seed, the bench's own first.

    Nets that ended badly are named before any comparison; then a line for each aspect.
    """
    bench = trials[0]
    troubles, found = list(_troubles(bench)), claims(trials)
    if not found:
        return " ".join([*(f"**{plain(text)}**" for text in troubles), _next_step(bench)])
    several = max(claim.seeds for claim in found) > 1
    if not several:
        troubles.append(_("In this run (one seed):"))
    lines = [f"**{plain(' '.join(troubles))}**"] if troubles else []
    for aspect in dict.fromkeys(claim.aspect for claim in found):
        told = "; ".join(plain(sentence(claim, several)) for claim in found if claim.aspect == aspect)
        lines.append(f"**{_(ASPECTS[aspect][0])}**: {told}.")
    return "  \n".join(lines)


def claims(trials: Sequence[Sequence[Candidate]]) -> list[Claim]:
    """One for each group of nets on the bench that differ in one aspect alone; depth first."""
    found = []
    for aspect, places in groups(trials[0]):
        told = [_claim(aspect, [trial[place] for place in places]) for trial in trials]
        if told[0] is not None:
            known = [told[0], *(claim for claim in told[1:] if claim and _comparable(told[0], claim))]
            agreeing = sum(_same(told[0], claim) for claim in known)
            found.append(replace(told[0], seeds=len(known), agreeing=agreeing))
    return found


def groups(nets: Sequence[Candidate]) -> Iterator[tuple[str, list[int]]]:
    """Each aspect with the places of the nets that differ in it and in nothing else."""
    for aspect, (_label, fields) in ASPECTS.items():
        families: dict[str, list[int]] = {}
        for place, net in enumerate(nets):
            rest = {name: value for name, value in net.fields.items() if name not in fields}
            families.setdefault(repr(sorted(rest.items())), []).append(place)
        for places in families.values():
            own = [repr([nets[place].fields.get(name) for name in sorted(fields)]) for place in places]
            different = [place for at, place in enumerate(places) if own[at] not in own[:at]]
            if len(different) > 1:
                yield aspect, different


def verdict(low: float, high: float) -> Verdict:
    """What two final losses of a single run say of nets that learned."""
    if high - low <= LEAST:
        return "level"
    return "unsure" if high - low <= SHARE * high else "ordered"


def _claim(aspect: str, nets: Sequence[Candidate]) -> Claim | None:
    """None while fewer than two of the nets have ended."""
    ended = [net for net in nets if net.state in ("ended", "diverged")]
    if len(ended) < 2:
        return None
    if any(net.state == "ended" and net.result is not None and net.result.standing == "early" for net in ended):
        return Claim(aspect, "early", tuple(ended), ())
    failed = tuple(net for net in ended if net.failed)
    learned = tuple(sorted((net for net in ended if net.learned), key=lambda net: net.loss))
    if not learned:
        return Claim(aspect, "all fail", (), failed)
    if failed:
        return Claim(aspect, "some fail", learned, failed)
    return Claim(aspect, verdict(learned[0].loss, learned[-1].loss), learned, ())


def _comparable(one: Claim, other: Claim) -> bool:
    """Whether another seed counts: all the same nets have ended there too, and with enough steps to tell."""
    names = ({net.name for net in (*claim.learned, *claim.failed)} for claim in (one, other))
    return "early" not in (one.verdict, other.verdict) and next(names) == next(names)


def _same(one: Claim, other: Claim) -> bool:
    """Whether another seed says the same: the same nets fail, and the same end lowest and highest where they differ."""
    if {net.name for net in one.failed} != {net.name for net in other.failed}:
        return False
    apart = ("unsure", "ordered")
    if one.verdict in apart and other.verdict in apart:
        return (one.learned[0].name, one.learned[-1].name) == (other.learned[0].name, other.learned[-1].name)
    return one.verdict == other.verdict


def sentence(claim: Claim, several: bool = True) -> str:
    """One claim in words, without its aspect; where `several` seeds are told apart, with their count behind it.

    The numbers in it are those of the bench's own seed.
    """
    text = _finding(claim)
    if claim.seeds > 1:
        return text + _(" (alike in {agreeing} of {seeds} seeds)", agreeing=claim.agreeing, seeds=claim.seeds)
    return text + _(" (one seed)") if several else text


def _finding(claim: Claim) -> str:
    learned, failed = [net.name for net in claim.learned], [net.name for net in claim.failed]
    if claim.verdict == "early":
        return _("too few steps or images to tell {nets} apart", nets=listed(learned))
    if claim.verdict == "all fail":
        return _("nothing was learned by {nets}", nets=listed(failed))
    if claim.verdict == "some fail":
        return _several_ends(claim, failed)
    best, worst = claim.learned[0], claim.learned[-1]
    places = {"best": best.name, "worst": worst.name, "low": nats(best.loss), "high": nats(worst.loss)}
    if claim.verdict == "level":
        return _("{nets} end level, at {low} to {high} nats", **{**places, "nets": listed(learned)})
    text = _ordered(claim, {**places, "gap": nats(worst.loss - best.loss)})
    sure = claim.verdict == "ordered" or claim.agreeing == claim.seeds > 2
    return text if sure else text + _(", which another seed may reverse")


def _several_ends(claim: Claim, failed: list[str]) -> str:
    """Some nets fail, some learn; for depth, whether it is the deeper ones."""
    ends = listed([f"{net.name} ({nats(net.loss)})" for net in claim.learned])
    places = {"failed": listed(failed), "learned": ends}
    if claim.aspect == "depth" and _depths(claim.failed)[0] > _depths(claim.learned)[1]:
        return _("deeper fails; nothing was learned by {failed}, while {learned} did learn", **places)
    if claim.aspect == "depth" and _depths(claim.failed)[1] < _depths(claim.learned)[0]:
        return _("shallower fails; nothing was learned by {failed}, while {learned} did learn", **places)
    return _("nothing was learned by {failed}, while {learned} did learn", **places)


def _ordered(claim: Claim, places: dict[str, str]) -> str:
    """All learn, and their losses are further apart than seeds alone would put them."""
    if claim.aspect == "depth":
        low, high = _depths(claim.learned)
        best, worst = claim.learned[0].fields["depth"], claim.learned[-1].fields["depth"]
        if (best, worst) == (low, high):
            return _("deeper is worse, {worst} ends {gap} nats above {best} ({low})", **places)
        if (best, worst) == (high, low):
            return _("deeper is better, {best} ({low}) ends {gap} nats below {worst}", **places)
        return _("{best} ends lowest ({low}), {worst} {gap} nats above it", **places)
    return _("{best} ends lowest ({low}), {worst} {gap} nats above it", **places)


def _depths(nets: Sequence[Candidate]) -> tuple[int, int]:
    found = [int(net.fields["depth"]) for net in nets]
    return min(found), max(found)


def _troubles(nets: Sequence[Candidate]) -> Iterator[str]:
    """The nets that ended before their last step."""
    for state, text in (
        ("diverged", N_("Diverged: {nets}.")),
        ("failed", N_("Failed before the end: {nets}.")),
        ("stopped", N_("Stopped before the end: {nets}.")),
    ):
        names = [net.name for net in nets if net.state == state]
        if names:
            yield _(text, nets=listed(names))


def _next_step(nets: Sequence[Candidate]) -> str:
    """What a visitor can do so that there is something to conclude."""
    if not any(groups(nets)):
        return _("Put a net on the bench that differs from another in one thing alone (depth, shortcut …) to compare.")
    if all(net.state == "open" and net.result is None for net in nets):
        return _("Press **Train** in the side bar: the curves grow while the nets learn.")
    return _("The conclusion appears here when two nets that differ in one thing alone are done.")
