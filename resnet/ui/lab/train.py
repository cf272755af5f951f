"""The sentences of the Train page, from the numbers in the store; Markdown."""

from collections.abc import Mapping, Sequence

from resnet.findings.comparison import Candidate, State, conclusion
from resnet.findings.text import listed, plain
from resnet.findings.training import state_sentence
from resnet.i18n import _
from resnet.runs.store import Run
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.parts import backend

SEEDS = 10  # seeds 0-9, besides the bench's own: what was trained under them is counted in the conclusion
_STATES: dict[str, State] = {"done": "ended", "diverged": "diverged", "failed": "failed", "stopped": "stopped"}


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
