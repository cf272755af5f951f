"""The page of path lengths: where the gradient of every residual net on the bench comes from."""

from resnet.analyses.results import PathLengths
from resnet.charts.look import Look, looks
from resnet.findings.paths import cancel_sentence, path_sentence
from resnet.runs.tasks import step0
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, waiting

Series = list[tuple[Look, PathLengths]]
DEEPEST = 400  # blocks: sampling paths of deeper nets takes minutes


def paths(bench: Bench) -> Series:
    """The gradient by path length for the residual nets on the bench that are not too deep for it."""
    chosen = [
        (look, entry.net)
        for look, entry in zip(looks(bench), bench.entries, strict=True)
        if entry.net.block == "residual" and sum(entry.net.blocks) <= DEEPEST
    ]
    first = backend.first_batch(bench.recipe)
    for _look, net in chosen:
        backend.require_room(net, first)
    answers = waiting.gather([backend.ask(step0.path_lengths, net, first) for _look, net in chosen])
    return list(zip([look for look, _net in chosen], answers, strict=True))


def sentences(series: Series) -> list[str]:
    """For each net where its gradient comes from, and how much of the paths cancels."""
    said = []
    for look, found in series:
        peak = int(found.total.argmax())
        low, high = found.effective
        share, error = float(found.total[peak]), float(found.error[peak])
        told = path_sentence(look.label, low, high, int(found.lengths[peak]), share, error)
        said.append(f"{told} {cancel_sentence(found.kept)}")
    return said
