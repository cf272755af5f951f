"""The page of path lengths: where the gradient of every residual net on the bench comes from."""

from resnet.analyses.results import PathLengths
from resnet.charts.look import Look, looks
from resnet.runs.tasks import step0
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, waiting

DEEPEST = 400  # blocks: sampling paths of deeper nets takes minutes


def paths(bench: Bench) -> list[tuple[Look, PathLengths]]:
    """The gradient by path length for the residual nets on the bench that are not too deep for it."""
    chosen = [
        (look, entry.net)
        for look, entry in zip(looks(bench), bench.entries, strict=True)
        if entry.net.block == "residual" and sum(entry.net.blocks) <= DEEPEST
    ]
    first = backend.first_batch(bench.recipe)
    answers = waiting.gather([backend.ask(step0.path_lengths, net, first) for _look, net in chosen])
    return list(zip([look for look, _net in chosen], answers, strict=True))
