"""What the Train page draws, and its sentences, from the numbers in the store; Markdown."""

from collections.abc import Mapping, Sequence

from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.look import looks
from resnet.findings.comparison import Candidate, State, conclusion
from resnet.findings.learning import loss_floor
from resnet.findings.text import listed, plain
from resnet.findings.training import state_sentence
from resnet.i18n import _
from resnet.runs.store import Run
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, nets_table
from resnet.ui.parts.nets_table import Row
from resnet.ui.parts.plot import described

HEIGHT = 360  # pixels
SEEDS = 10  # seeds 0-9, besides the bench's own: what was trained under them is counted in the conclusion
_STATES: dict[str, State] = {"done": "ended", "diverged": "diverged", "failed": "failed", "stopped": "stopped"}


def drawn(bench: Bench, view: View) -> dict[str, str]:
    """The parts of the page that change while nets train: curves, what they say together, and a row for each net."""
    found = backend.runs(bench)
    shown = [(look, found.get(entry.net)) for look, entry in zip(looks(bench), bench.entries, strict=True)]
    series = [Series(look, backend.curves(run)) for look, run in shown if run]
    floors = sorted({loss_floor(net.outputs(bench.recipe.data)) for net in bench.nets if net.softmax})
    classes = backend.class_count(bench.recipe)
    figure = curves_figure(series, view, bench.recipe.steps, classes, floors, height=HEIGHT)
    rows = [Row(look, nets_table.state_of(run), of_run(run), nets_table.progress_of(run)) for look, run in shown]
    return {"curves": described(figure), "!sentence": of_bench(bench), "rows": nets_table.table(rows)}


def caption(bench: Bench) -> str:
    """What the nets on the bench have in common before the first step; Markdown."""
    twins = [net for net in bench.nets if net.block == "residual" and net.twin() in bench.nets]
    other = [net.title for net in twins if net.zero_gamma or net.fixup]  # these set weights that the plain twin draws
    text = _("Same images in the same order")
    if len(other) < len(twins):
        text += _("; a plain net and its residual twin start from the same weights")
        text += _(", except {nets}: zero-γ or Fixup sets theirs", nets=plain(listed(other))) if other else ""
    return _("{common}. Lower is better.", common=text)


def of_run(run: Run | None) -> str:
    """What one run has done so far; its message when it ended early."""
    if run is None:
        return ""
    return state_sentence(run.sentence, backend.result(run), run.net.outputs(run.recipe.data) if run.net.softmax else 0)


def of_bench(bench: Bench) -> str:
    """What the differences between the nets on the bench did, in how many seeds; else what to do next."""
    return conclusion([_candidates(bench, found) for found in _trials(bench)])


def _trials(bench: Bench) -> Sequence[Mapping[NetSpec, Run]]:
    """The runs of the bench, then those of the same recipe with another seed, where there are any."""
    recipe = bench.recipe
    others = [recipe.but(seed=seed) for seed in range(SEEDS) if seed != recipe.seed]
    found = backend.runs_of_recipes(bench.nets, [recipe, *others])
    return [found[0], *(runs for runs in found[1:] if runs)]


def _candidates(bench: Bench, found: Mapping[NetSpec, Run]) -> list[Candidate]:
    named = zip(bench.names, bench.entries, strict=True)
    return [_candidate(name, entry.net, found.get(entry.net)) for name, entry in named]


def _candidate(name: str, net: NetSpec, run: Run | None) -> Candidate:
    state = _STATES.get(run.status, "open") if run else "open"
    return Candidate(name, net.model_dump(), state, backend.result(run) if run else None)
