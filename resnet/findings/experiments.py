"""What an experiment shows, in words: numbers of the paper, ours with their seeds, and whether their orders agree."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resnet.experiments import Experiment, Number, Row
from resnet.findings.outcomes import MEASURES, Outcomes, Verdict, mean, orders, verdict
from resnet.findings.text import clauses, listed, nats, number, paragraph, series
from resnet.i18n import N_, _, plural

_ORDERS = {
    "above": N_("above"),
    "below": N_("below"),
    "level": N_("level"),
    "neither": N_("neither learned"),
}
_AGAINST = {
    "above": N_("above {other} in {count} of {seeds} seeds"),
    "below": N_("below {other} in {count} of {seeds} seeds"),
    "level": N_("level with {other} in {count} of {seeds} seeds"),
    "neither": N_("neither these nor {other} learned in {count} of {seeds} seeds"),
}


def verdict_words(experiment: Experiment, row: Row, found: Outcomes) -> str:
    """The verdict with its reason: the order in the paper, and the orders here with their seeds."""
    other, published = experiment.reference(row), experiment.published(row)
    if other is None:
        return _("others are compared with it")
    places = {"other": name_of(other), "here": _counted(orders(experiment, row, found))}
    if published is None and not places["here"]:
        return _("not comparable with {other}: the paper does not order them", **places)
    if published is None:
        return _("not comparable: against {other} here {here}; the paper does not order them", **places)
    places["there"] = _(_ORDERS[published[0]])
    told = {
        "agrees": N_("agrees: against {other} {there} in the paper, here {here}"),
        "differs": N_("differs: against {other} {there} in the paper, here {here}"),
        "mixed": N_("seeds disagree: against {other} {there} in the paper, here {here}"),
        "open": N_("not trained yet; against {other} {there} in the paper"),
        "none": N_("not comparable: against {other} {there} in the paper, here {here}"),
    }
    return _(told[verdict(experiment, row, found)], **places)


def _counted(seen: Sequence[str]) -> str:
    """Each order with its count of seeds, the most frequent first."""
    return series(
        _("{order} in {count} of {seeds}", order=_(_ORDERS[one]), count=count, seeds=len(seen))
        for one, count in Counter(seen).most_common()
    )


def name_of(row: Row) -> str:
    """What a row is called."""
    return _(row.label) if row.label else row.spec.title


def sentences(experiment: Experiment, found: Outcomes) -> list[str]:
    """What the numbers bear out: rows with the same order in as many seeds together, then what is missing."""
    groups: dict[tuple[str, tuple[tuple[str, int], ...]], list[Row]] = {}
    for row in experiment.rows:
        if seen := orders(experiment, row, found):
            other = experiment.reference(row)
            assert other is not None
            groups.setdefault((other.key, tuple(Counter(seen).most_common())), []).append(row)
    told = [_told(experiment, other, counts, rows) for (other, counts), rows in groups.items()]
    missing = sum(not outcome.ended for own in found.values() for outcome in own)
    if missing and any(outcome.ended for own in found.values() for outcome in own):
        told.append(plural("{count} run is missing.", "{count} runs are missing.", missing))
    return told


def _told(experiment: Experiment, other: str, counts: Sequence[tuple[str, int]], rows: Sequence[Row]) -> str:
    name, seeds = name_of(experiment.row(other)), sum(count for _order, count in counts)
    parts = [_(_AGAINST[order], other=name, count=count, seeds=seeds) for order, count in counts]
    places = {"orders": clauses(parts), "nets": listed([name_of(row) for row in rows])}
    return _("{nets}: {orders}.", **places)


def summary(experiment: Experiment, found: Outcomes) -> str:
    """How many published orders are found here; empty where there is none, or none has ended."""
    known = [verdict(experiment, row, found) for row in experiment.rows]
    judged = [one for one in known if one in ("agrees", "differs", "mixed")]
    if not judged:
        return ""
    parts = [
        _("Found here in every seed: {count} of {all} published orders", count=judged.count("agrees"), all=len(judged))
    ]
    if count := judged.count("mixed"):
        parts.append(_("in some seeds: {count}", count=count))
    if count := judged.count("differs"):
        parts.append(_("in none: {count}", count=count))
    return _("{sentence}.", sentence=clauses(parts))


def number_words(told: Number) -> str:
    """A published number with its net."""
    digits = f"{told.value:g}" if told.read_off or told.more else f"{told.value:.2f}"
    text = _("fail") if math.isinf(told.value) else f"{digits} {told.unit}"
    text = _("above {number}", number=text) if told.more else text
    text = _("{number}, read off", number=text) if told.read_off else text
    return _("{number} ({net})", number=text, net=told.of)


def spread_words(values: Sequence[float], measure: str) -> str:
    """Mean and range over the seeds, e.g. "0.31 (0.29–0.33)"; what is not finite is named, and not averaged."""
    finite = [value for value in values if math.isfinite(value)]
    lost = len(values) - len(finite)
    parts = []
    if finite:
        middle, low, high = (written(one, measure) for one in (mean(finite, measure), min(finite), max(finite)))
        parts.append(middle if len(finite) == 1 else f"{middle} ({low}–{high})")
    if lost:
        parts.append(plural("{count} not finite", "{count} not finite", lost))
    return series(parts)


def written(value: float, measure: str) -> str:
    """A value as its measure is written."""
    ways = {"loss": nats, "error": "{:.1f}".format, "response": "{:.3f}".format, "change": "{:.2f}".format}
    return ways.get(measure, number)(value)


@dataclass(frozen=True)
class Line:
    """A line of the table: texts, and the verdict for its colour."""

    row: Row
    published: str
    ours: str
    also: str
    seconds: str
    verdict: Verdict
    words: str


def lines(experiment: Experiment, found: Outcomes) -> Iterator[Line]:
    """The table of an experiment."""
    for row in experiment.rows:
        ended = [outcome for outcome in found[row.key] if outcome.ended]
        ours = spread_words([outcome.value for outcome in ended], experiment.measured)
        yield Line(
            row,
            clauses(map(number_words, row.numbers)) or "–",
            _("{values}, n = {count}", values=ours, count=len(ended)) if ended else "–",
            spread_words([outcome.also for outcome in ended], experiment.also) if experiment.also and ended else "",
            f"{math.fsum(outcome.seconds for outcome in ended) / len(ended):.0f}" if ended else "–",
            verdict(experiment, row, found),
            verdict_words(experiment, row, found),
        )


def sources(experiment: Experiment) -> list[str]:
    """Where the numbers and claims stand."""
    told = [one.source for row in experiment.rows for one in row.numbers]
    told += [row.claim.source for row in experiment.rows if row.claim]
    return list(dict.fromkeys(told))


def rule_sentence(experiment: Experiment) -> str:
    """How the verdict is found."""
    measure = MEASURES[experiment.measured]
    level = _("a factor of {least:g}", least=measure.least) if measure.ratio else f"{measure.least:g} {_(measure.unit)}"
    text = _(
        "Orders are compared, not values: each row with the one that the table names, seed by seed. Values up to "
        "{level} apart are level; what is not finite stands above all else.",
        level=level,
    )
    return paragraph(text, _(experiment.scatter)) if experiment.scatter else text
