"""What an experiment is: a published figure or table at class scale, its nets, its recipe and what the paper says."""

import math
from dataclasses import dataclass
from typing import Literal

from resnet.specs import NetSpec, Recipe

Order = Literal["above", "below", "level"]  # of a row against another one
FAIL = math.inf  # as a value: the paper prints "fail" instead of a number


@dataclass(frozen=True)
class Number:
    """A number that a paper prints, by default a test error in percent, and of which of its nets.

    `read_off`: from a figure, by eye; `more`: the paper says that it is above this.
    """

    value: float
    of: str
    source: str
    read_off: bool = False
    more: bool = False
    unit: str = "%"


@dataclass(frozen=True)
class Claim:
    """What a text says of a row against another one, without numbers for both."""

    order: Order
    source: str


@dataclass(frozen=True)
class Row:
    """One net of an experiment; `words` are those of its recipe that the other rows do not have, as in a link.

    Of several `numbers` the first one is compared; each belongs to the number in the same place of other rows.
    `against` is the key of the row that it is compared with, empty for the first one. `label` is empty where the name
    of the net says all.
    """

    net: str
    label: str = ""
    numbers: tuple[Number, ...] = ()
    words: str = ""
    against: str = ""
    claim: Claim | None = None

    @property
    def spec(self) -> NetSpec:
        return NetSpec.parse(self.net)

    @property
    def key(self) -> str:
        """What tells it from the other rows of its experiment."""
        return f"{self.net}?{self.words}" if self.words else self.net


@dataclass(frozen=True)
class Experiment:
    """A figure or table of a paper at class scale.

    `words` of the recipe of every row; `measured` and `also` name what is compared and shown besides, as in
    `findings.experiments.MEASURES`. `margin`: published numbers that are no farther apart are level, and `scatter` says
    why. `probes` are recorded besides the usual ones, and of the rows with the keys `weights` the last weights. `why`
    says why ours may differ. `pages` show more of it.
    """

    name: str
    group: str
    title: str
    question: str
    rows: tuple[Row, ...]
    why: str
    words: str = ""
    seeds: int = 3
    measured: str = "loss"
    also: str = ""
    margin: float = 0.0
    scatter: str = ""
    chart: Literal["rows", "depth", "blocks"] = "rows"
    probes: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    def recipe(self, row: Row) -> Recipe:
        """The recipe of a row, with all seeds."""
        return Recipe.parse("&".join(part for part in (self.words, row.words) if part)).but(seeds=self.seeds)

    def runs(self) -> list[tuple[NetSpec, Recipe]]:
        """Every run, each of one seed: seed by seed, so that a comparison is there early."""
        ready = [(row.spec, self.recipe(row).each()) for row in self.rows]
        return [(net, recipes[place]) for place in range(self.seeds) for net, recipes in ready]

    def row(self, key: str) -> Row:
        """Raises StopIteration for a key that no row has."""
        return next(row for row in self.rows if row.key == key)

    def reference(self, row: Row) -> Row | None:
        """The row with which one is compared; None for the first one, which has none."""
        found = self.row(row.against) if row.against else self.rows[0]
        return None if found is row else found

    def published(self, row: Row) -> tuple[Order, str] | None:
        """How the paper orders a row against its reference, and where it says so; None where it does not."""
        if row.claim:
            return row.claim.order, row.claim.source
        other = self.reference(row)
        if self.measured not in ("loss", "error") or other is None:
            return None
        if not row.numbers or not other.numbers:
            return None
        order = _order(row.numbers[0], other.numbers[0], self.margin)
        return (order, row.numbers[0].source) if order else None


def _order(one: Number, other: Number, margin: float) -> Order | None:
    """None where both fail."""
    if math.isinf(one.value) and math.isinf(other.value):
        return None
    if abs(one.value - other.value) <= margin:
        return "level"
    return "above" if one.value > other.value else "below"
