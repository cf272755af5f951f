"""What several seeds say together: of one net a range, of several nets in how many seeds each order holds.

Each seed is judged by itself, and its judgement counted; means are told beside the counts, never instead of them.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from resnet.findings.candidates import LEAST, Candidate, depths_of, verdict
from resnet.findings.text import clauses, listed, nats
from resnet.i18n import _

Order = Literal["above", "below", "level", "neither"]


@dataclass(frozen=True)
class Counted:
    """One aspect over several seeds: in each of `trials` the same nets, all of which have ended there.

    `at` are the places of these seeds among all that were looked at.
    """

    aspect: str
    trials: tuple[tuple[Candidate, ...], ...]
    at: tuple[int, ...] = ()

    @property
    def seeds(self) -> int:
        """How many there are."""
        return len(self.trials)

    @property
    def names(self) -> list[str]:
        """Of the nets, in the order of every trial."""
        return [net.name for net in self.trials[0]]

    @property
    def fails(self) -> list[int]:
        """For each net in how many seeds it has learned nothing."""
        return [sum(net.failed for net in seeds) for seeds in zip(*self.trials, strict=True)]

    @property
    def means(self) -> list[float]:
        """The mean final loss of each net; NaN where a seed has none."""
        return [math.fsum(net.loss for net in seeds) / self.seeds for seeds in zip(*self.trials, strict=True)]

    def orders(self, one: int, other: int) -> list[Order]:
        """How the net in one place ends against that in another, seed by seed."""
        return [order(trial[one], trial[other]) for trial in self.trials]


def order(one: Candidate, other: Candidate) -> Order:
    """How one net ends against another in the same seed; two that learned nothing are not told apart."""
    gap = one.loss - other.loss
    if not math.isfinite(gap) or (one.failed and other.failed):
        return "neither"
    if abs(gap) <= LEAST:
        return "level"
    return "above" if gap > 0 else "below"


def count_sentence(found: Counted) -> str:
    """What the seeds say, each counted; nets that learned nothing come before any comparison."""
    parts = list(_failures(found))
    if min(found.fails) < found.seeds:
        parts.append(_level(found) or _ordered(found))
    return clauses(parts)


def _failures(found: Counted) -> Iterator[str]:
    """Who learned nothing in how many seeds, the most often first."""
    template = _failing(found)
    for count in sorted({count for count in found.fails if count}, reverse=True):
        names = [name for name, fails in zip(found.names, found.fails, strict=True) if fails == count]
        yield _(template, nets=listed(names), count=count, seeds=found.seeds)


def _failing(found: Counted) -> str:
    """The words for it: of depth, whether it is the deeper ones that fail and never another."""
    nets = list(zip(found.trials[0], found.fails, strict=True))
    always, never = ([net for net, fails in nets if fails == count] for count in (found.seeds, 0))
    if found.aspect == "depth" and always and never and len(always) + len(never) == len(nets):
        if depths_of(always)[0] > depths_of(never)[1]:
            return _("deeper fails: nothing was learned by {nets} in {count} of {seeds} seeds")
        if depths_of(always)[1] < depths_of(never)[0]:
            return _("shallower fails: nothing was learned by {nets} in {count} of {seeds} seeds")
    return _("nothing was learned by {nets} in {count} of {seeds} seeds")


def _level(found: Counted) -> str:
    """Where all nets end level in every seed; else nothing."""
    losses = [[net.loss for net in trial] for trial in found.trials]
    if any(found.fails) or not all(max(trial) - min(trial) <= LEAST for trial in losses):
        return ""
    low, high = min(map(min, losses)), max(map(max, losses))
    places = {"nets": listed(found.names), "low": nats(low), "high": nats(high), "count": found.seeds}
    return _("{nets} end level in {count} of {count} seeds, at {low} to {high} nats", **places)


def _ordered(found: Counted) -> str:
    """In how many seeds the worst net on average ends above the best one."""
    means = found.means
    known = [place for place, mean in enumerate(means) if math.isfinite(mean)]
    if len(known) < 2:
        return ""
    best, worst = min(known, key=means.__getitem__), max(known, key=means.__getitem__)
    orders = found.orders(worst, best)
    above, level, below = (orders.count(one) for one in ("above", "level", "below"))
    places = {
        "worst": found.names[worst],
        "best": found.names[best],
        "high": nats(means[worst]),
        "low": nats(means[best]),
        "count": above,
        "seeds": found.seeds,
    }
    if not above:  # a mean above another one is no order when no seed shows it
        return _("{worst} and {best} end level in {level} of {seeds} seeds", **places, level=level) if level else ""
    text = _(_direction(found, best, worst, above), **places)
    text += _(", level in {count}", count=level) if level else ""
    text += _(", below it in {count}", count=below) if below else ""
    unsure = above == found.seeds == 2 and verdict(means[best], means[worst]) == "unsure"
    return text + _(", which another seed may reverse") if unsure else text


def _direction(found: Counted, best: int, worst: int, above: int) -> str:
    """The words for an order: of depth, its direction where every seed agrees."""
    nets = found.trials[0]
    if found.aspect == "depth" and above == found.seeds and not any(found.fails):
        ends = nets[best].fields["depth"], nets[worst].fields["depth"]
        if ends == depths_of(nets):
            return _(
                "deeper is worse: {worst} ends above {best} in {count} of {seeds} seeds (means {high} and {low} nats)"
            )
        if ends == depths_of(nets)[::-1]:
            return _(
                "deeper is better: {worst} ends above {best} in {count} of {seeds} seeds (means {high} and {low} nats)"
            )
    return _("{worst} ends above {best} in {count} of {seeds} seeds (means {high} and {low} nats)")


def seeds_sentence(runs: Sequence[Candidate]) -> str:
    """One net with several seeds, in order: what went wrong, then the final losses and test accuracies.

    As in "loss 0.52–0.90, mean 0.68; test accuracy 84–91 %, mean 87 %"; empty before the first has ended.
    """
    ended = [run for run in runs if run.state == "ended" and run.result]
    parts = list(_troubles(runs))
    losses = [run.loss for run in ended if math.isfinite(run.loss)]
    if losses:
        parts.append(_spread(losses, nats, _("loss {range}, mean {mean}"), _("loss {mean}")))
    tests = [100 * run.result.test for run in ended if run.result and math.isfinite(run.result.test)]
    if tests:
        several, alone = _("test accuracy {range} %, mean {mean} %"), _("test accuracy {mean} %")
        parts.append(_spread(tests, "{:.0f}".format, several, alone))
    return clauses(parts)


def _spread(values: Sequence[float], write: Callable[[float], str], several: str, alone: str) -> str:
    mean = math.fsum(values) / len(values)
    if write(min(values)) == write(max(values)):
        return alone.format(mean=write(mean))
    return several.format(range=f"{write(min(values))}–{write(max(values))}", mean=write(mean))


def _troubles(runs: Sequence[Candidate]) -> Iterator[str]:
    """Seeds that did not reach their last step, or have learned nothing."""
    for state, text in (
        ("diverged", _("diverged in {count}")),
        ("failed", _("failed before the end in {count}")),
        ("stopped", _("stopped before the end in {count}")),
    ):
        if count := sum(run.state == state for run in runs):
            yield text.format(count=count)
    if count := sum(run.state == "ended" and run.failed for run in runs):
        yield _("nothing learned in {count}", count=count)
