"""What a sweep over depths shows: where each kind of net ends lowest, from where on it fails, and which twin is ahead.

Every sentence is counted from the runs that have ended; a run of one seed speaks for itself alone.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from resnet.findings.candidates import LEAST, Candidate
from resnet.findings.seeds import Order, order
from resnet.findings.text import clauses, listed, nats
from resnet.i18n import _, plural

Runs = Mapping[int, Sequence[Candidate]]  # by depth: one run for each seed, in the same order everywhere


def sweep_sentences(plain: Runs, residual: Runs) -> list[tuple[str, str]]:
    """Each subject with what is said of it; none before two depths of a kind, or two twins, have ended."""
    found = [
        (_("Plain nets"), kind_sentence(plain)),
        (_("Residual nets"), kind_sentence(residual)),
        (_("Twins"), twins_sentence(plain, residual)),
    ]
    return [(subject, text) for subject, text in found if text]


def kind_sentence(runs: Runs) -> str:
    """Where nets of one kind fail, and where those that learn end lowest; empty before two depths have ended."""
    known = {depth: ended for depth, own in sorted(runs.items()) if (ended := [run for run in own if _ended(run)])}
    if len(known) < 2:
        return ""
    if any(run.result and run.result.standing == "early" for own in known.values() for run in own):
        return _("too few steps or images to tell")
    learned = [depth for depth, own in known.items() if not any(run.failed for run in own)]
    parts = [*_failures(known), *_learned({depth: runs[depth] for depth in learned})]
    return clauses(parts)


def seeds_ended(*kinds: Runs) -> int:
    """How many seeds of any net have ended."""
    return max((sum(map(_ended, own)) for runs in kinds for own in runs.values()), default=0)


def _ended(run: Candidate) -> bool:
    return run.state in ("ended", "diverged")


def _failures(known: Runs) -> Iterator[str]:
    """From which depth on every run learned nothing, or at which depths some did."""
    fails = {depth: sum(run.failed for run in own) for depth, own in known.items()}
    always = [depth for depth, count in fails.items() if count == len(known[depth])]
    tail = _tail(list(known), always)
    if len(tail) > 1:
        runs = sum(fails[depth] for depth in tail)
        yield plural(
            "nothing is learned from depth {depth} on ({count} run)",
            "nothing is learned from depth {depth} on ({count} of {count} runs)",
            runs,
            depth=tail[0],
        )
    for depth, count in fails.items():
        if count and (depth not in tail or len(tail) == 1):
            places = {"depth": depth, "count": count, "runs": len(known[depth])}
            if len(known[depth]) == 1:
                yield _("nothing is learned at depth {depth}", **places)
            else:
                yield _("nothing is learned at depth {depth} in {count} of {runs} seeds", **places)


def _tail(depths: Sequence[int], failed: Sequence[int]) -> list[int]:
    """The depths at the deep end that have all failed."""
    found: list[int] = []
    for depth in reversed(depths):
        if depth not in failed:
            break
        found.insert(0, depth)
    return found


def _learned(runs: Runs) -> Iterator[str]:
    """At which depth nets that learn end lowest, which are level with it, and how the deepest ends against it."""
    means = _means(runs)
    if not means:
        return
    best, deepest = min(means, key=means.__getitem__), max(means)
    level = [depth for depth in means if depth != best and _level([runs[depth], runs[best]])]
    places = {"depth": best, "loss": nats(means[best]), "others": listed([str(depth) for depth in level])}
    if len(means) > 1 and _level(list(runs.values())):
        yield _("level at every depth that learns, {loss} to {high} nats", high=nats(max(means.values())), **places)
        return
    lowest = _counted_rows(list(runs.values()), lambda row: row[list(runs).index(best)].loss == min(_losses(row)))
    text = _("lowest at depth {depth} ({loss} nats)", **places) + lowest
    yield text + _(", level with {others}", **places) if level else text
    if means[deepest] - means[best] > LEAST:
        above = _counted_rows([runs[deepest], runs[best]], lambda row: order(row[0], row[1]) == "above")
        yield (
            _("depth {depth} ends {gap} nats above that", depth=deepest, gap=nats(means[deepest] - means[best])) + above
        )


def _counted_rows(runs: Sequence[Sequence[Candidate]], holds: Callable[[Sequence[Candidate]], bool]) -> str:
    """In how many of several seeds it holds; only seeds in which all of these runs have ended count."""
    rows = [row for row in zip(*runs, strict=True) if all(map(_ended, row))]
    if len(rows) < 2:
        return ""
    return _(" in {count} of {seeds} seeds", count=sum(map(holds, rows)), seeds=len(rows))


def _level(runs: Sequence[Sequence[Candidate]]) -> bool:
    """Whether these end level, on average and in every seed in which all of them have ended."""
    rows = [row for row in zip(*runs, strict=True) if all(map(_ended, row))]
    means = _means(dict(enumerate(runs))).values()
    return all(max(losses) - min(losses) <= LEAST for losses in (means, *map(_losses, rows)))


def _losses(row: Sequence[Candidate]) -> list[float]:
    return [run.loss for run in row]


def _means(runs: Runs) -> dict[int, float]:
    ended = {depth: [run.loss for run in own if _ended(run)] for depth, own in runs.items()}
    found = {depth: math.fsum(losses) / len(losses) for depth, losses in ended.items() if losses}
    return {depth: mean for depth, mean in found.items() if math.isfinite(mean)}


def twins_sentence(plain: Runs, residual: Runs) -> str:
    """At which depths the plain net ends above its residual twin, in how many seeds; empty before two twins ended."""
    orders = {depth: _orders(plain[depth], residual[depth]) for depth in sorted(plain.keys() & residual.keys())}
    known = {depth: found for depth, found in orders.items() if found}
    if not known:
        return ""
    parts = []
    for which, text in (
        ("above", _("plain ends above residual at depth {depths}")),
        ("level", _("they end level at depth {depths}")),
        ("below", _("plain ends below residual at depth {depths}")),
        ("neither", _("nothing is learned by either, or one diverged, at depth {depths}")),
    ):
        counted = [(depth, found.count(which), len(found)) for depth, found in known.items() if which in found]
        if counted:
            parts.append(text.format(depths=listed([_counted(*one) for one in counted])))
    return clauses(parts)


def _counted(depth: int, count: int, seeds: int) -> str:
    """A depth, and in how many of several seeds."""
    return str(depth) if seeds == 1 else _("{depth} ({count} of {seeds} seeds)", depth=depth, count=count, seeds=seeds)


def _orders(plain: Sequence[Candidate], residual: Sequence[Candidate]) -> list[Order]:
    """Seed by seed, where both have ended."""
    return [order(*pair) for pair in zip(plain, residual, strict=True) if all(map(_ended, pair))]
