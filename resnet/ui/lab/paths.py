"""The page of path lengths: where the gradient of every residual net on the bench comes from."""

from collections.abc import Mapping

from resnet.analyses.results import PathLengths
from resnet.charts.look import Look, looks
from resnet.findings.paths import cancel_sentence, path_sentence
from resnet.findings.text import paragraph
from resnet.runs.tasks import analyses
from resnet.specs.bench import Bench
from resnet.ui.lab import at_step
from resnet.ui.parts import waiting

Series = list[tuple[Look, PathLengths]]
DEEPEST = 400  # blocks: sampling paths of deeper nets takes minutes


def shown(bench: Bench, step: int) -> dict[Look, at_step.Moment]:
    """The residual nets on the bench that are not too deep for it, each at that step of its training."""
    chosen = {
        look: entry.net
        for look, entry in zip(looks(bench), bench.entries, strict=True)
        if entry.net.block == "residual" and sum(entry.net.blocks) <= DEEPEST
    }
    return dict(zip(chosen, at_step.moments(list(chosen.values()), bench.recipe, step), strict=True))


def paths(nets: Mapping[Look, at_step.Moment]) -> Series:
    """The gradient by path length of these nets, all asked for at once."""
    answers = waiting.gather([moment.ask(analyses.path_lengths) for moment in nets.values()])
    return list(zip(nets, answers, strict=True))


def sentences(series: Series) -> list[str]:
    """For each net where its gradient comes from, and how much of the paths cancels."""
    said = []
    for look, found in series:
        peak = int(found.total.argmax())
        low, high = found.effective
        share, error = float(found.total[peak]), float(found.error[peak])
        told = path_sentence(look.label, low, high, int(found.lengths[peak]), share, error)
        said.append(paragraph(told, cancel_sentence(found.kept)))
    return said
