"""The page of shattered gradients: the input gradient of every net between two images."""

from resnet.analyses.results import Shattered
from resnet.charts.look import Look, looks
from resnet.runs.tasks import step0
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, waiting

Series = list[tuple[Look, Shattered]]


def shattered(bench: Bench, images: tuple[int, int]) -> Series:
    """Slope and autocorrelation for every net on the bench, all asked for at once."""
    for net in bench.nets:
        backend.require_room(net, bench.recipe.but(batch=32))
    first = backend.first_batch(bench.recipe)
    asked = [backend.ask(step0.shattered, entry.net, first, *images) for entry in bench.entries]
    return list(zip(looks(bench), waiting.gather(asked), strict=True))


def neighbours(series: Series) -> list[tuple[str, float]]:
    """For each net, by name, the autocorrelation at distance 1."""
    return [(look.label, float(found.correlation[1])) for look, found in series]
