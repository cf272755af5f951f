"""What a difference between nets did: every comparison is of nets that differ in one thing, and failures come first.

Words are careful in proportion to the evidence: one seed speaks for "this run" only, and a gap that other seeds alone
can make is called level.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from resnet.findings.candidates import ASPECTS, Candidate, depths_of, groups, verdict
from resnet.findings.seeds import Counted, count_sentence
from resnet.findings.text import clauses, listed, nats, paragraph, plain
from resnet.i18n import N_, _, plural

Verdict = Literal["early", "all fail", "some fail", "level", "unsure", "ordered"]


@dataclass(frozen=True)
class Claim:
    """What one aspect did in one seed to nets that differ in it alone; the best of `learned` first, then `failed`."""

    aspect: str
    verdict: Verdict
    learned: tuple[Candidate, ...]
    failed: tuple[Candidate, ...]


def conclusion(trials: Sequence[Sequence[Candidate]], others: Sequence[int] = ()) -> str:
    """What the bench shows, or what to do next; Markdown. `trials` are the same nets by seed, the bench's own first.

    `others` are the seeds of the last trials, which are not the bench's own and were found. Nets that ended badly are
    named before any comparison; then a line for each aspect.
    """
    own = len(trials) - len(others)
    troubles, found = list(_troubles(trials[:own])), claims(trials, own)
    if not found:
        return paragraph(*(f"**{plain(text)}**" for text in troubles), _next_step(trials[:own]))
    several = any(isinstance(claim, Counted) for claim in found)
    if not several:
        troubles.append(_("In this run (one seed):") if own == 1 else _("In one seed so far:"))
    lines = [f"**{plain(paragraph(*troubles))}**"] if troubles else []
    for aspect in dict.fromkeys(claim.aspect for claim in found):
        told = clauses(plain(sentence(claim, several)) for claim in found if claim.aspect == aspect)
        lines.append(_("**{subject}**: {told}.", subject=_(ASPECTS[aspect][0]), told=told))
    return "  \n".join([*lines, *_found_too(found, own, others)])


def claims(trials: Sequence[Sequence[Candidate]], own: int | None = None) -> list[Claim | Counted]:
    """One for each group of nets on the bench that differ in one aspect alone; depth first.

    The first `own` trials, by default all, decide which nets are compared; the others count where all of these ended.
    """
    found = [
        _claim(aspect, [[trial[place] for place in places] for trial in trials], own or len(trials))
        for aspect, places in groups(trials[0])
    ]
    return [claim for claim in found if claim]


def _claim(aspect: str, trials: Sequence[Sequence[Candidate]], own: int) -> Claim | Counted | None:
    """None while fewer than two of the nets have ended in any seed of the bench."""
    most = max(trials[:own], key=lambda nets: len(_ended(nets)))  # of equal ones the first
    places = _ended(most)
    if len(places) < 2:
        return None
    found = {
        at: tuple(nets[place] for place in places) for at, nets in enumerate(trials) if {*places} <= {*_ended(nets)}
    }
    sure = {at: nets for at, nets in found.items() if not any(map(_early, nets))}
    if len(sure) > 1:
        return Counted(aspect, tuple(sure.values()), tuple(sure))
    return of_one(aspect, next((nets for at, nets in sure.items() if at < own), next(iter(found.values()))))


def _ended(nets: Sequence[Candidate]) -> list[int]:
    return [place for place, net in enumerate(nets) if net.state in ("ended", "diverged")]


def _early(net: Candidate) -> bool:
    return net.state == "ended" and net.result is not None and net.result.standing == "early"


def of_one(aspect: str, nets: Sequence[Candidate]) -> Claim:
    """What a single seed says of nets that have ended in it."""
    if any(map(_early, nets)):
        return Claim(aspect, "early", tuple(nets), ())
    failed = tuple(net for net in nets if net.failed)
    learned = tuple(sorted((net for net in nets if net.learned), key=lambda net: net.loss))
    if not learned:
        return Claim(aspect, "all fail", (), failed)
    if failed:
        return Claim(aspect, "some fail", learned, failed)
    return Claim(aspect, verdict(learned[0].loss, learned[-1].loss), learned, ())


def sentence(claim: Claim | Counted, several: bool = True) -> str:
    """One claim in words, without its aspect; where `several` seeds are told apart, how many it is of."""
    if isinstance(claim, Counted):
        return count_sentence(claim)
    return _finding(claim) + _(" (one seed)") if several else _finding(claim)


def _found_too(found: Sequence[Claim | Counted], own: int, others: Sequence[int]) -> Iterator[str]:
    """Which seeds were counted that are not the bench's."""
    counted = {at for claim in found if isinstance(claim, Counted) for at in claim.at}
    used = [seed for at, seed in enumerate(others, start=own) if at in counted]
    if used:
        yield plural(
            "Seed {seeds}, trained before, is counted too.",
            "Seeds {seeds}, trained before, are counted too.",
            len(used),
            seeds=listed([str(seed) for seed in used]),
        )


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
    return text if claim.verdict == "ordered" else text + _(", which another seed may reverse")


def _several_ends(claim: Claim, failed: list[str]) -> str:
    """Some nets fail, some learn; for depth, whether it is the deeper ones."""
    ends = listed([f"{net.name} ({nats(net.loss)})" for net in claim.learned])
    places = {"failed": listed(failed), "learned": ends}
    if claim.aspect == "depth" and depths_of(claim.failed)[0] > depths_of(claim.learned)[1]:
        return _("deeper fails; nothing was learned by {failed}, while {learned} did learn", **places)
    if claim.aspect == "depth" and depths_of(claim.failed)[1] < depths_of(claim.learned)[0]:
        return _("shallower fails; nothing was learned by {failed}, while {learned} did learn", **places)
    return _("nothing was learned by {failed}, while {learned} did learn", **places)


def _ordered(claim: Claim, places: dict[str, str]) -> str:
    """All learn, and their losses are further apart than seeds alone would put them."""
    if claim.aspect == "depth":
        low, high = depths_of(claim.learned)
        best, worst = claim.learned[0].fields["depth"], claim.learned[-1].fields["depth"]
        if (best, worst) == (low, high):
            return _("deeper is worse, {worst} ends {gap} nats above {best} ({low})", **places)
        if (best, worst) == (high, low):
            return _("deeper is better, {best} ({low}) ends {gap} nats below {worst}", **places)
        return _("{best} ends lowest ({low}), {worst} {gap} nats above it", **places)
    return _("{best} ends lowest ({low}), {worst} {gap} nats above it", **places)


def _troubles(trials: Sequence[Sequence[Candidate]]) -> Iterator[str]:
    """The nets that ended before their last step, of several seeds with those where they did."""
    for state, text in (
        ("diverged", N_("Diverged: {nets}.")),
        ("failed", N_("Failed before the end: {nets}.")),
        ("stopped", N_("Stopped before the end: {nets}.")),
    ):
        counts = [sum(net.state == state for net in seeds) for seeds in zip(*trials, strict=True)]
        names = [_in_seeds(net.name, count, len(trials)) for net, count in zip(trials[0], counts, strict=True) if count]
        if names:
            yield _(text, nets=listed(names))


def _in_seeds(name: str, count: int, seeds: int) -> str:
    return name if seeds == 1 else _("{net} in {count} of {seeds} seeds", net=name, count=count, seeds=seeds)


def _next_step(trials: Sequence[Sequence[Candidate]]) -> str:
    """What a visitor can do so that there is something to conclude."""
    nets = [net for trial in trials for net in trial]
    if not any(groups(trials[0])):
        return _("Put a net on the bench that differs from another in one thing alone (depth, shortcut …) to compare.")
    if all(net.state == "open" and net.result is None for net in nets):
        return _("Press **Train** in the side bar: the curves grow while the nets learn.")
    return _("The conclusion appears here when two nets that differ in one thing alone are done.")
