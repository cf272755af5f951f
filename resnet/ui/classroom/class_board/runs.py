"""The runs of a class: sorted by recipe, and as points, sentences and rows of a file."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resnet.charts.classroom import Point
from resnet.charts.sweep import written
from resnet.export.class_table import Row, csv_text
from resnet.findings.candidates import STATES, Candidate
from resnet.findings.classroom import Ended
from resnet.findings.selection import STATUS_WORDS
from resnet.i18n import _
from resnet.runs.store import Run, class_work
from resnet.specs import Recipe
from resnet.ui.parts import backend

ENDED = ("done", "diverged")
_SAME = ("seed", "seeds", "record_every", "evaluate_every")  # of a recipe: what makes it no other one


@dataclass(frozen=True)
class Entry:
    """A run on the board: whether it is the visitor's `own`, and the names that those typed who asked for it."""

    run: Run
    own: bool
    names: tuple[str, ...]

    @property
    def ended(self) -> Ended:
        """The run as it is compared; only of one that has ended."""
        result = backend.result(self.run)
        error = 100 * (1 - result.test) if self.run.status == "done" else math.nan
        candidate = Candidate(self.run.net.title, {}, STATES.get(self.run.status, "open"), result)
        return Ended(self.run.net, self.run.recipe.seed, candidate, error)

    @property
    def who(self) -> str:
        """Whose run it is, as far as that is told."""
        return ", ".join([_("you")] * self.own + list(self.names))


def entries(word: str, own: str) -> list[Entry]:
    """The runs of the class, the oldest first; `own` stands for the visitor among those of the class."""
    found = class_work.runs(backend.engine().store, word)
    runs = backend.engine().store.runs(one.run for one in found)
    return [Entry(runs[one.run], own in one.visitors, one.names) for one in found if one.run in runs]


def by_recipe(found: Sequence[Entry]) -> dict[str, list[Entry]]:
    """The runs of each recipe by a short word for it; the recipe with most runs first."""
    groups: dict[str, list[Entry]] = {}
    for entry in found:
        groups.setdefault(word_of(recipe_of(entry.run)), []).append(entry)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def recipe_of(run: Run) -> Recipe:
    """The recipe without what differs between runs that may stand in one chart."""
    return run.recipe.but(**{name: Recipe.model_fields[name].default for name in _SAME})


def word_of(recipe: Recipe) -> str:
    """The recipe in an address."""
    return hashlib.blake2b(recipe.to_json().encode(), digest_size=4).hexdigest()


def has_ended(entry: Entry) -> bool:
    """Whether the run has come to its end, or diverged."""
    return entry.run.status in ENDED


def works(entry: Entry) -> bool:
    """Whether the run waits or trains."""
    return entry.run.status in backend.AT_WORK


def point(entry: Entry, ended: Ended, quantity: str) -> Point:
    """The run in the chart."""
    value = ended.value(quantity)
    places = {"seed": ended.seed, "value": written(value, quantity)}
    label = _("seed {seed}: {value}", **places)
    return Point(ended.net, value, f"{label} · {entry.who}" if entry.who else label, entry.own)


def csv_bytes(word: str) -> bytes:
    """All runs of the class as a file, whatever their recipe."""
    return csv_text(map(_row, entries(word, ""))).encode()


def _row(entry: Entry) -> Row:
    run, numbers = entry.run, _numbers(entry)
    about = (run.id, str(run.net), run.net.block, run.net.depth, recipe_words_of(run), run.recipe.seed, run.status)
    return Row(*about, *numbers, run.seconds, run.device, ", ".join(entry.names))


def _numbers(entry: Entry) -> tuple[float, float]:
    if entry.run.status != "done":
        return math.nan, math.nan
    return entry.ended.value("loss"), entry.ended.value("error")


def recipe_words_of(run: Run) -> str:
    """The recipe in the words of the command line, without its seed; empty for the default."""
    words: Mapping[str, str] = recipe_of(run).to_query()
    return " ".join(f"{name}={text}" for name, text in words.items())


def state_of(entry: Entry) -> str:
    """How the run stands, in a word: the board is not drawn anew at every step."""
    return _(STATUS_WORDS[entry.run.status])
