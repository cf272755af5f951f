"""A selection of runs as a chart and sentences, whatever their recipes."""

from collections.abc import Sequence
from dataclasses import dataclass

from resnet import catalog
from resnet.charts.chart import Chart
from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.look import Look, look, shade
from resnet.findings import selection
from resnet.findings.candidates import STATES, Candidate
from resnet.findings.selection import Part
from resnet.runs.store import Curves, Store
from resnet.runs.store.listing import Listed
from resnet.specs import NetSpec

MOST_COMPARED = 8  # curves in one chart


@dataclass(frozen=True)
class Chosen:
    """A run of the selection: its line, how it is drawn, and its curves."""

    line: Listed
    look: Look
    curves: Curves

    @property
    def part(self) -> Part:
        """As findings know it."""
        run = self.line.run
        result = self.curves.result(run.recipe) if len(self.curves.step) else None
        candidate = Candidate(self.look.label, {}, STATES.get(run.status, "open"), result)
        return Part(self.look.label, run.net, run.recipe, run.device, candidate)


def chosen(store: Store, lines: Sequence[Listed]) -> list[Chosen]:
    """The runs with their curves, each under a name and in a look that no other has."""
    labels = selection.labels([line.name for line in lines], [line.run.recipe for line in lines])
    looks = _looks([line.run.net for line in lines], labels)
    return [Chosen(line, own, store.curves(line.run.id)) for line, own in zip(lines, looks, strict=True)]


def _looks(nets: Sequence[NetSpec], labels: Sequence[str]) -> list[Look]:
    """Like those of a bench, but two runs of one net differ too."""
    found = []
    for place, (net, label) in enumerate(zip(nets, labels, strict=True)):
        kind = [other for other in nets[:place] if other.block == net.block]
        double = sum(shade(other) == shade(net) for other in kind)
        found.append(look(net, label, rank=len(kind), double=double))
    return found


def figure(runs: Sequence[Chosen], view: View, height: int = 360) -> Chart:
    """The curves of all runs in one chart; the chance level is that of the first one's data."""
    steps = max((one.line.run.recipe.steps for one in runs), default=1)
    data = runs[0].line.run.recipe.data if runs else "shapes"
    series = [Series(one.look, one.curves) for one in runs]
    return curves_figure(series, view, steps, len(catalog.data_choice(data).classes), height=height)


def sentences(runs: Sequence[Chosen]) -> str:
    """What the runs differ in, and what follows; Markdown."""
    return selection.sentences([one.part for one in runs])
